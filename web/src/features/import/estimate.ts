// How fast it goes and how long it will take, from the last minute or so. Pure: the clock is given.

export interface Sample {
  at: number;
  /** Bytes that have been read and hashed. */
  readBytes: number;
  /** Files that went through core_service, refused ones too. */
  laid: number;
}

export interface Left {
  /** Files, and their bytes, whose content nobody has read yet. */
  unread: number;
  unreadBytes: number;
  /** Files that are read, and may or may not be known. */
  unasked: number;
  /** Files that core_service has yet to see. */
  ready: number;
}

export interface Estimate {
  /** Files through core_service per second. */
  rate: number;
  /** Bytes read per second. */
  bytesPerSecond: number;
  /** Seconds until the end; null while there is too little to judge from. */
  seconds: number | null;
}

const WINDOW_MS = 90_000;
const LEAST_MS = 3_000;

export class Estimator {
  #samples: Sample[] = [];

  /** Add a measurement; those older than the window go. */
  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    if (last && sample.at - last.at < 500) return;
    this.#samples.push(sample);
    while (this.#samples.length > 2 && sample.at - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift();
  }

  /** Begin anew, after a pause: time in which nothing was tried says nothing of speed. */
  reset(): void {
    this.#samples = [];
  }

  /** Judge what is left. `newShare`, 0 to 1, says how many of the files that were asked for were new. */
  estimate(left: Left, newShare: number): Estimate {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < LEAST_MS) return { rate: 0, bytesPerSecond: 0, seconds: null };
    const seconds = (last.at - first.at) / 1000;
    const rate = (last.laid - first.laid) / seconds;
    const bytesPerSecond = (last.readBytes - first.readBytes) / seconds;
    return { rate, bytesPerSecond, seconds: slowest(left, newShare, rate, bytesPerSecond) };
  }
}

/** Reading and laying go on side by side: what takes longer decides. */
function slowest(left: Left, newShare: number, rate: number, bytesPerSecond: number): number | null {
  const toLay = Math.round(left.ready + (left.unread + left.unasked) * newShare);
  const laying = timeFor(toLay, rate);
  const reading = timeFor(left.unreadBytes, bytesPerSecond);
  // Reading that stands still only waits for laying; laying that stands still is a reason to say nothing.
  if (laying === null || (reading === null && toLay === 0)) return null;
  return Math.max(laying, reading ?? 0);
}

function timeFor(amount: number, perSecond: number): number | null {
  if (amount === 0) return 0;
  return perSecond > 0 ? amount / perSecond : null;
}
