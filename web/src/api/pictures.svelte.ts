// Hotpreviews for grids: asked for by the packet, kept as addresses of blobs as long as they are near.
import { SvelteMap } from 'svelte/reactivity';
import { isAbort } from './problem';
import { hotpreviews } from './timeline';

const PACKET = 60;
const KEPT_PACKETS = 80;
const AT_ONCE = 3;

/** One grid's pictures. Packets are cut at fixed places of its lists, so that the browser's cache knows them again. */
export class Pictures {
  /** The address of each photo's picture that is here. */
  readonly url = new SvelteMap<number, string>();
  #packets = new Map<string, readonly number[]>();
  #asked = new Map<string, AbortController>();
  #queue: [string, readonly number[]][] = [];

  /** Ask for what is seen now: parts of lists. What was asked before and has not begun is forgotten. */
  want(parts: { key: string; ids: readonly number[]; from: number; to: number }[]): void {
    const wanted: [string, readonly number[]][] = [];
    for (const { key, ids, from, to } of parts) {
      for (let packet = Math.floor(from / PACKET); packet * PACKET < to; packet++) {
        const name = `${key}/${packet}`;
        const known = this.#packets.get(name);
        if (known) {
          this.#packets.delete(name);
          this.#packets.set(name, known); // the latest used last
        } else {
          wanted.push([name, ids.slice(packet * PACKET, (packet + 1) * PACKET)]);
        }
      }
    }
    const names = new Set(wanted.map(([name]) => name));
    for (const [name, controller] of this.#asked) if (!names.has(name)) controller.abort();
    this.#queue = wanted.filter(([name]) => !this.#asked.has(name));
    this.#next();
  }

  /** Let go of everything. */
  clear(): void {
    this.#queue = [];
    for (const controller of this.#asked.values()) controller.abort();
    for (const url of this.url.values()) URL.revokeObjectURL(url);
    this.url.clear();
    this.#packets.clear();
  }

  #next(): void {
    while (this.#asked.size < AT_ONCE && this.#queue.length) {
      const [name, ids] = this.#queue.shift()!;
      void this.#load(name, ids);
    }
  }

  async #load(name: string, ids: readonly number[]): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(name, controller);
    try {
      const missing = ids.filter((id) => !this.url.has(id));
      if (missing.length) {
        const blobs = await hotpreviews(missing, controller.signal);
        blobs.forEach((blob, index) => blob && this.url.set(missing[index]!, URL.createObjectURL(blob)));
      }
      this.#packets.set(name, ids);
      this.#forgetFarthest();
    } catch (problem) {
      // A picture that does not come leaves its blur; the next movement asks again.
      if (!isAbort(problem)) this.#queue = [];
    } finally {
      this.#asked.delete(name);
      this.#next();
    }
  }

  #forgetFarthest(): void {
    for (const [name, ids] of this.#packets) {
      if (this.#packets.size <= KEPT_PACKETS) return;
      this.#packets.delete(name);
      for (const id of ids) {
        const url = this.url.get(id);
        if (url) URL.revokeObjectURL(url);
        this.url.delete(id);
      }
    }
  }
}
