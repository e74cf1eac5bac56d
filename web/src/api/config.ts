// What the page cannot know by itself.
import { send } from './client';

let asked: Promise<{ core_url: string }> | undefined;

/** Where the browser reaches core_service. */
export async function coreUrl(): Promise<string> {
  asked ??= send('get', '/config.json').then((response) => response.json());
  return (await asked).core_url;
}
