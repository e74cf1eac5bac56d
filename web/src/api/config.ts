// What the page cannot know by itself.
import { send, type Schemas } from './client';

type Config = Schemas['PageConfig'];

let asked: Promise<Config> | undefined;

function config(): Promise<Config> {
  asked ??= send('get', '/config.json').then((response) => response.json() as Promise<Config>);
  asked.catch(() => (asked = undefined));
  return asked;
}

/** Where the browser reaches core_service. */
export async function coreUrl(): Promise<string> {
  return (await config()).core_url;
}

/** How many bytes an original may have that is uploaded here; null where none are kept. */
export async function largestOriginal(): Promise<number | null> {
  return (await config()).uploads?.max_file_bytes ?? null;
}
