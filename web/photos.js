// Shows photos: the grid of hotpreviews, which fetches more as it is scrolled, and one photo large.

import { changePhoto, listPhotos, photo as fetchPhoto, previewUrl } from "/api.js";

const $ = (id) => document.getElementById(id);
const [grid, more, viewer] = [$("grid"), $("more"), $("viewer")];
const visibility = $("viewer-visibility").querySelector("select");

let viewerId = null; // the user who looks, null for a stranger
let photos = [];
let cursor = null;
let shown = 0; // index in `photos` of the one in the dialog
let latestList = 0; // answers to older questions than this one are dropped

/** Start the grid anew for `user`, or for a stranger when it is null. */
export async function showPhotos(user) {
  viewerId = user?.id ?? null;
  photos = [];
  cursor = null;
  await fetchMore(true);
}

async function fetchMore(anew = false) {
  const list = ++latestList;
  more.disabled = true;
  const { data, meta } = await listPhotos(cursor);
  if (list !== latestList) return;
  cursor = meta.next_cursor;
  photos.push(...data);
  const tiles = data.map((photo) => tile(photo));
  if (anew) grid.replaceChildren();
  grid.append(...tiles);
  more.hidden = !cursor;
  more.disabled = false;
  const title = viewerId === null ? "Public photos" : "Your photos";
  $("photos-title").textContent = title;
  $("photos-title").hidden = photos.length === 0;
  $("no-photos").hidden = photos.length > 0 || viewerId === null;
  $("no-photos").textContent = "No photos yet. Add the first ones: they will be seen by nobody but you.";
}

function tile(photo) {
  const item = $("tile").content.cloneNode(true).firstElementChild;
  item.style.setProperty("--ratio", Math.min(Math.max(photo.width / photo.height, 0.4), 3).toFixed(3));
  const image = item.querySelector("img");
  image.src = previewUrl("hotpreview", photo.hothash);
  image.alt = nameOf(photo);
  item.querySelector(".badge").hidden = viewerId === null || photo.visibility !== "public";
  item.querySelector("button").addEventListener("click", () => open(photos.indexOf(photo)));
  return item;
}

const nameOf = (photo) => photo.title || photo.primary_filename || "Untitled photo";

// One photo

async function open(index) {
  shown = index;
  const photo = await fetchPhoto(photos[index].hothash);
  if (shown !== index) return;
  $("viewer-image").src = previewUrl(photo.coldpreview_width ? "coldpreview" : "hotpreview", photo.hothash);
  $("viewer-image").alt = nameOf(photo);
  $("viewer-title").textContent = nameOf(photo);
  $("viewer-facts").replaceChildren(...factsOf(photo).flatMap(([term, fact]) => [element("dt", term), element("dd", fact)]));
  $("viewer-visibility").hidden = photo.user_id !== viewerId;
  visibility.value = photo.visibility;
  $("viewer-status").textContent = "";
  $("viewer-previous").disabled = index === 0;
  $("viewer-next").disabled = index === photos.length - 1;
  if (!viewer.open) viewer.showModal();
}

function factsOf(photo) {
  const exif = photo.metadata ?? photo;
  const camera = [exif.camera_make, exif.camera_model].filter(Boolean).join(" ");
  const exposure = [
    exif.exposure_time && `${exif.exposure_time} s`,
    exif.f_number && `f/${exif.f_number}`,
    exif.iso && `ISO ${exif.iso}`,
    exif.focal_length && `${exif.focal_length} mm`,
  ];
  return [
    ["Taken", exif.taken_at ? wallClock(exif.taken_at) : "unknown"],
    ["Camera", camera],
    ["Exposure", exposure.filter(Boolean).join(" · ")],
    ["Place", exif.gps_latitude == null ? "" : `${exif.gps_latitude.toFixed(4)}°, ${exif.gps_longitude.toFixed(4)}°`],
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

async function step(by) {
  const next = shown + by;
  if (photos[next]) await open(next);
}

visibility.addEventListener("change", async () => {
  const photo = photos[shown];
  const wanted = visibility.value;
  visibility.disabled = true;
  try {
    await changePhoto(photo.hothash, { visibility: wanted });
    photo.visibility = wanted;
    grid.children[shown].querySelector(".badge").hidden = wanted !== "public";
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
