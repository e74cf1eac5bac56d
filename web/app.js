// The page: who is signed in, and what they add. The photos themselves are in photos.js.

import { logIn, logOut, me, Refused, register } from "/api.js";
import { importPhotos } from "/import.js";
import { showPhotos } from "/photos.js";

const $ = (id) => document.getElementById(id);

// The login itself is a cookie that no script can read; this only remembers that there was one.
const SIGNED_IN = "imalink-signed-in";
let user = null;

async function start() {
  try {
    await enter(localStorage.getItem(SIGNED_IN) ? await me() : null);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    await enter(null);
  }
}

async function enter(person) {
  user = person;
  $("notice").hidden = true;
  if (user) localStorage.setItem(SIGNED_IN, "yes");
  else localStorage.removeItem(SIGNED_IN);
  $("who").hidden = $("import").hidden = !user;
  $("welcome").hidden = Boolean(user);
  $("who-name").textContent = user?.display_name || user?.username || "";
  await showPhotos(Boolean(user));
}

/** Say on the page what went wrong where nobody else did. */
function tell(error) {
  $("notice").textContent = error.message;
  $("notice").hidden = false;
}
window.addEventListener("unhandledrejection", ({ reason }) => tell(reason));

// Sign in and out

const form = $("sign-in");
let isNew = false;

function offer(anAccount) {
  isNew = anAccount;
  $("email-field").hidden = form.elements.email.disabled = !isNew;
  form.elements.password.autocomplete = isNew ? "new-password" : "current-password";
  $("sign-in-title").textContent = $("sign-in-submit").textContent = isNew ? "Make an account" : "Sign in";
  $("sign-in-switch").textContent = isNew ? "I have an account: sign in" : "I am new here: make an account";
  $("sign-in-error").textContent = "";
}

$("sign-in-switch").addEventListener("click", () => {
  offer(!isNew);
  form.elements.username.focus();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, email, password } = Object.fromEntries(new FormData(form));
  $("sign-in-submit").disabled = true;
  $("sign-in-error").textContent = "";
  try {
    if (isNew) await register({ username, email, password, display_name: username });
    const { user: person } = await logIn(username, password);
    form.reset();
    offer(false);
    await enter(person);
  } catch (error) {
    $("sign-in-error").textContent = error.message;
  } finally {
    $("sign-in-submit").disabled = false;
  }
});

$("log-out").addEventListener("click", async () => {
  await logOut();
  await enter(null);
});

// Add photos

let stop = null; // aborts the import under way, null when there is none

async function add(files) {
  if (stop || files.length === 0) return;
  stop = new AbortController();
  $("failures").replaceChildren();
  $("progress").hidden = $("stop").hidden = false;
  report({ total: files.length, done: 0, added: 0, known: 0, failed: 0 });
  try {
    const counts = await importPhotos(files, report, stop.signal);
    $("progress-text").textContent = `${counts.done < counts.total ? "Stopped. " : "Done. "}${sentence(counts)}`;
    if (counts.added > 0) await showPhotos(true);
  } finally {
    stop = null;
    $("stop").hidden = true;
    $("files").value = "";
  }
}

function report(counts, failure) {
  $("progress-bar").max = counts.total;
  $("progress-bar").value = counts.done;
  $("progress-text").textContent = sentence(counts);
  if (!failure) return;
  const item = document.createElement("li");
  const [name, why] = [document.createElement("strong"), document.createElement("span")];
  [name.textContent, why.textContent] = [failure.name, failure.sentence];
  item.append(name, " ", why);
  $("failures").append(item);
}

function sentence({ total, done, added, known, failed }) {
  const parts = [`${done} of ${total}`, `${added} added`];
  if (known) parts.push(`${known} already here`);
  if (failed) parts.push(`${failed} not added`);
  return parts.join(" · ");
}

$("files").addEventListener("change", () => add([...$("files").files]));
$("stop").addEventListener("click", () => stop?.abort());

const carriesFiles = (event) => user && event.dataTransfer?.types.includes("Files");
window.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  $("drop-here").hidden = false;
});
window.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) $("drop-here").hidden = true;
});
window.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  $("drop-here").hidden = true;
  add([...event.dataTransfer.files]);
});

start();
