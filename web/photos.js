// Shows photos: the grid of hotpreviews, which fetches more as it is scrolled, and one photo large.

import { changePhoto, listPhotos, photo as fetchPhoto } from "/api.js";

const $ = (id) => document.getElementById(id);
const [grid, more, viewer] = [$("grid"), $("more"), $("viewer")];
const visibility = $("viewer-visibility").querySelector("select");

let signedIn = false;
let photos = [];
let cursor = null;
let shown = null; // the photo in the dialog
let latestList = 0; // answers to older questions than this one are dropped

/** Start the grid anew: one's own photos for somebody who is signed in, the public ones for a stranger. */
export async function showPhotos(isSignedIn) {
  if (signedIn !== isSignedIn) grid.replaceChildren(); // at once: these were for other eyes
  signedIn = isSignedIn;
  cursor = null;
  await fetchMore(true);
}

async function fetchMore(anew = false) {
  const list = ++latestList;
  more.disabled = true;
  const { data, meta } = await listPhotos({ mine: signedIn, cursor });
  if (list !== latestList) return;
  cursor = meta.next_cursor;
  if (anew) grid.replaceChildren();
  grid.append(...data.map(tile));
  photos = anew ? data : [...photos, ...data];
  more.hidden = !cursor;
  more.disabled = false;
  $("photos-title").textContent = signedIn ? "Your photos" : "Public photos";
  $("photos-title").hidden = photos.length === 0;
  $("no-photos").hidden = photos.length > 0 || !signedIn;
  $("no-photos").textContent = "No photos yet. Add the first ones: they will be seen by nobody but you.";
}

function tile(photo) {
  const item = $("tile").content.cloneNode(true).firstElementChild;
  item.style.setProperty("--ratio", Math.min(Math.max(photo.width / photo.height, 0.4), 3).toFixed(3));
  const image = item.querySelector("img");
  image.src = photo.hotpreview_url;
  image.alt = nameOf(photo);
  item.querySelector(".badge").hidden = !signedIn || photo.visibility !== "public";
  item.querySelector("button").addEventListener("click", () => open(photo));
  return item;
}

function nameOf(photo) {
  return photo.title || photo.primary_filename || (photo.taken_at ? `Photo of ${wallClock(photo.taken_at)}` : "Photo");
}

// One photo

async function open(listed) {
  shown = listed;
  const photo = await fetchPhoto(listed.id);
  if (shown !== listed) return;
  $("viewer-image").src = photo.coldpreview_url ?? photo.hotpreview_url;
  $("viewer-image").alt = nameOf(photo);
  $("viewer-title").textContent = nameOf(photo);
  $("viewer-facts").replaceChildren(...factsOf(photo).flatMap(([term, fact]) => [element("dt", term), element("dd", fact)]));
  $("viewer-visibility").hidden = !photo.is_mine;
  visibility.value = photo.visibility;
  $("viewer-status").textContent = "";
  $("viewer-previous").disabled = !neighbour(-1);
  $("viewer-next").disabled = !neighbour(1);
  if (!viewer.open) viewer.showModal();
}

function factsOf(photo) {
  const [make, model] = [photo.camera_make ?? "", photo.camera_model ?? ""];
  const camera = model.startsWith(make) ? model : `${make} ${model}`; // most makers repeat their name in the model
  const exposure = [
    photo.exposure_time && `${photo.exposure_time} s`,
    photo.f_number && `f/${photo.f_number}`,
    photo.iso && `ISO ${photo.iso}`,
    photo.focal_length && `${photo.focal_length} mm`,
  ];
  return [
    ["Taken", photo.taken_at ? wallClock(photo.taken_at) : "unknown"],
    ["Camera", camera.trim()],
    ["Exposure", exposure.filter(Boolean).join(" · ")],
    ["Place", photo.gps_latitude == null ? "" : `${photo.gps_latitude.toFixed(4)}°, ${photo.gps_longitude.toFixed(4)}°`],
    ["Size", `${photo.width} × ${photo.height}`],
  ].filter(([, fact]) => fact);
}

/** The time as the camera showed it, which has no zone: UTC on both sides keeps the browser from shifting it. */
function wallClock(time) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return format.format(new Date(`${time}Z`));
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

const place = () => photos.findIndex((photo) => photo.id === shown.id);
const neighbour = (by) => photos[place() + by];

async function step(by) {
  if (neighbour(by)) await open(neighbour(by));
}

visibility.addEventListener("change", async () => {
  const photo = photos[place()];
  visibility.disabled = true;
  try {
    await changePhoto(photo.id, { visibility: visibility.value });
    photo.visibility = visibility.value;
    grid.children[place()].querySelector(".badge").hidden = photo.visibility !== "public";
    $("viewer-status").textContent = "Saved.";
  } catch (error) {
    visibility.value = photo.visibility;
    $("viewer-status").textContent = error.message;
  } finally {
    visibility.disabled = false;
  }
});

$("viewer-previous").addEventListener("click", () => step(-1));
$("viewer-next").addEventListener("click", () => step(1));
$("viewer-close").addEventListener("click", () => viewer.close());
viewer.addEventListener("click", (event) => event.target === viewer && viewer.close());
viewer.addEventListener("keydown", (event) => {
  if (event.target === visibility) return;
  if (event.key === "ArrowLeft") step(-1);
  if (event.key === "ArrowRight") step(1);
});
more.addEventListener("click", () => fetchMore());
new IntersectionObserver(([entry]) => entry.isIntersecting && !more.disabled && fetchMore(), {
  rootMargin: "600px",
}).observe(more);
