// How fast bytes leave and how long the rest takes, from the last moments. Pure: the clock is given.

const WINDOW_MS = 20_000;
const LEAST_MS = 2_000;
const SAMPLE_MS = 250;

export class Pace {
  #samples: { at: number; sent: number }[] = [];

  /** So many bytes have left by now; fewer than before, after a line broke, begin anew. */
  add(at: number, sent: number): void {
    const last = this.#samples.at(-1);
    if (last && sent < last.sent) this.#samples = [];
    else if (last && at - last.at < SAMPLE_MS) return;
    this.#samples.push({ at, sent });
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift();
  }

  reset(): void {
    this.#samples = [];
  }

  /** Bytes per second; null while there is too little to judge from. */
  get perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_MS) return null;
    return ((last.sent - first.sent) / (last.at - first.at)) * 1000;
  }

  /** Seconds until so many more bytes have left; null when nobody can tell. */
  secondsFor(bytes: number): number | null {
    const speed = this.perSecond;
    return speed ? bytes / speed : null;
  }
}
