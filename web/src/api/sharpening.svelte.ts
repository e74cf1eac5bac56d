// Sharper pictures for tiles that are drawn larger than their hotpreview: asked for when the reader rests, a few at a
// time, given up when the reader goes on, and kept within a bound.
import { SvelteMap } from 'svelte/reactivity';
import { send } from './client';
import { isAbort } from './problem';

/** A tile that is seen, and how large it is drawn. */
export interface Drawn {
  id: number;
  /** Its longer side in pixels of the screen. */
  side: number;
}

export const HOTPREVIEW_SIDE = 150;
const SOFT = 1.25; // times its hotpreview: from here on it is seen
const SIDES = [320, 480, 640, 960]; // few, so that a picture is made again seldom
const REST_MS = 400;
const AT_ONCE = 3;
const KEPT = 120;
const TOO_HEAVY = 256_000; // bytes: the service could not make it smaller, and sends all of it

/** The size to ask for, or null where the hotpreview will do. */
export function sideFor(side: number): number | null {
  if (side <= HOTPREVIEW_SIDE * SOFT) return null;
  return SIDES.find((one) => one >= side / SOFT) ?? SIDES.at(-1)!;
}

/** Wait until a picture can be shown without a flash. */
async function decoded(url: string): Promise<void> {
  const image = new Image();
  image.src = url;
  await image.decode();
}

export class Sharpening {
  /** The address of each photo's sharper picture that is here. */
  readonly url = new SvelteMap<number, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = new Map<number, AbortController>();
  #queue: [number, number][] = [];
  #off: boolean;

  constructor(
    readonly ready: (url: string) => Promise<void> = decoded,
    off = sparing(),
  ) {
    this.#off = off;
  }

  /** The reader moved: give up what is asked for; look again when they rest. */
  moved(seen: () => Drawn[]): void {
    this.#giveUp();
    if (!this.#off) this.#timer = setTimeout(() => this.#want(seen()), REST_MS);
  }

  clear(): void {
    this.#giveUp();
    for (const url of this.url.values()) URL.revokeObjectURL(url);
    this.url.clear();
  }

  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#queue = [];
    for (const controller of this.#asked.values()) controller.abort();
    this.#asked.clear();
  }

  #want(seen: Drawn[]): void {
    for (const { id, side } of seen) {
      const wanted = sideFor(side);
      const here = this.url.get(id);
      if (here) {
        this.url.delete(id);
        this.url.set(id, here); // the latest seen last
      } else if (wanted) this.#queue.push([id, wanted]);
    }
    this.#next();
  }

  #next(): void {
    while (this.#asked.size < AT_ONCE && this.#queue.length) void this.#load(...this.#queue.shift()!);
  }

  async #load(id: number, side: number): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(id, controller);
    try {
      const address = `/api/v1/photos/${id}/coldpreview?width=${side}&height=${side}`;
      const response = await send('get', address, { signal: controller.signal });
      if (Number(response.headers.get('Content-Length')) > TOO_HEAVY) {
        this.#off = true;
        this.#giveUp();
        return;
      }
      const url = URL.createObjectURL(await response.blob());
      await this.ready(url);
      if (controller.signal.aborted) URL.revokeObjectURL(url);
      else this.#keep(id, url);
    } catch (problem) {
      if (!isAbort(problem)) this.#queue = []; // the hotpreview will do
    } finally {
      if (this.#asked.get(id) === controller) this.#asked.delete(id);
      this.#next();
    }
  }

  #keep(id: number, url: string): void {
    this.url.set(id, url);
    for (const [oldest, old] of this.url) {
      if (this.url.size <= KEPT) return;
      URL.revokeObjectURL(old);
      this.url.delete(oldest);
    }
  }
}

/** Whether the reader wants data spared. */
function sparing(): boolean {
  return !!(globalThis.navigator as { connection?: { saveData?: boolean } } | undefined)?.connection?.saveData;
}
