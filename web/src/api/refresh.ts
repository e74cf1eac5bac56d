// Stays signed in: the token that every request shows is good for an hour, the one that renews it for weeks.
//
// With a token that has run out one is anybody, whom the service shows what is public, without complaint: so the token is
// renewed before that, also for pictures, which the browser asks for by itself. All tabs share one sign-in.

const UNTIL = 'imalink.signed-in-until';
const EARLIER = 60_000;
const WITHOUT = /\/auth\/(login|refresh|register|logout)/;

let renewing: Promise<boolean> | null = null;
let alarm: ReturnType<typeof setTimeout> | undefined;

/** Remember how long the sign-in is good, in seconds from now; null when it is over. */
export function signedInFor(seconds: number | null): void {
  if (seconds === null) localStorage.removeItem(UNTIL);
  else localStorage.setItem(UNTIL, String(Date.now() + seconds * 1000 - EARLIER));
  keepWatch();
}

/** Renew the sign-in when its time has come, as long as the page is open. */
export function keepWatch(): void {
  clearTimeout(alarm);
  const until = goodUntil();
  if (until === null) return;
  const wait = Math.max(until - Date.now(), EARLIER / 2);
  alarm = setTimeout(() => void (isOver() ? stayIn().then(keepWatch) : keepWatch()), Math.min(wait, 2 ** 31 - 1));
}

/** Renew the sign-in; false when that is over. However many ask at once, one request is made. */
export function stayIn(): Promise<boolean> {
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<boolean> {
  try {
    const response = await fetch('/api/v1/auth/refresh', { method: 'POST', credentials: 'same-origin' });
    if (response.ok) signedInFor(((await response.json()) as { expires_in: number }).expires_in);
    if (response.status === 401) signedInFor(null);
    return response.status !== 401;
  } catch {
    return true; // nobody answers: what is asked next will say so in its own words
  }
}

/** Fetch, with a sign-in that is good; when it has ended all the same, renew it and fetch once more. */
export async function fetchSignedIn(url: string, options: RequestInit): Promise<Response> {
  if (WITHOUT.test(url)) return fetch(url, options);
  if (isOver()) await stayIn();
  const response = await fetch(url, options);
  if (response.status !== 401 || !(await stayIn())) return response;
  return fetch(url, options);
}

/** Whether it is known until when the sign-in is good. */
export function isWatched(): boolean {
  return goodUntil() !== null;
}

function goodUntil(): number | null {
  const said = Number(localStorage.getItem(UNTIL));
  return said > 0 ? said : null;
}

function isOver(): boolean {
  const until = goodUntil();
  return until !== null && Date.now() >= until;
}
