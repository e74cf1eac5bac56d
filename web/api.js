// Speaks with the two services. Nothing else on the page calls fetch.

/** A service refused, and said why: `message` is its own sentence. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The service answered ${status}.`);
    this.status = status;
  }
}

/** A service did not answer at all. */
export class Unreachable extends Error {}

const core = fetch("/config.json").then((answer) => answer.json());

async function ask(url, options, nobodyThere) {
  const answer = await fetch(url, options).catch((error) => {
    throw error.name === "AbortError" ? error : new Unreachable(nobodyThere);
  });
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
  return answer.status === 204 ? null : answer.json();
}

function metadata(method, path, body, signal) {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  return ask(`/api/v1/${path}`, { method, signal, ...json }, "ImaLink does not answer. Is it still running?");
}

export const register = (person) => metadata("POST", "auth/register", person);
export const logIn = (username, password) => metadata("POST", "auth/login", { username, password });
export const logOut = () => metadata("POST", "auth/logout");
export const me = () => metadata("GET", "auth/me");

export function listPhotos({ mine, cursor }) {
  const query = new URLSearchParams({ limit: 60, owner: mine ? "me" : "anyone" });
  if (cursor) query.set("cursor", cursor);
  return metadata("GET", `photos?${query}`);
}
export const photo = (id) => metadata("GET", `photos/${id}`);
export const changePhoto = (id, change) => metadata("PATCH", `photos/${id}`, change);
export const keepEgg = (egg, signal) => metadata("POST", "photos/photoegg", { photo_egg: egg }, signal);

/** Send one image to core_service, which makes its egg and forgets it. */
export async function layEgg(file, signal) {
  const { core_url: address } = await core;
  const form = new FormData();
  form.append("coldpreview_size", "1920");
  form.append("file", file);
  const nobodyThere = `The image service at ${address} does not answer. Is it running?`;
  return ask(`${address}/v1/process`, { method: "POST", body: form, signal }, nobodyThere);
}
