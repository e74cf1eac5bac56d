// Files that came with the page.
import { send } from './client';

const read = new Map<string, Promise<unknown>>();

export function bundled<T>(url: string): Promise<T> {
  if (!read.has(url)) {
    const asked = send('get', url).then((response) => response.json());
    asked.catch(() => read.delete(url));
    read.set(url, asked);
  }
  return read.get(url) as Promise<T>;
}
