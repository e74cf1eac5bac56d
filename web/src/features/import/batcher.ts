// Gathers what is laid until a batch is full, heavy or old enough to be sent.

export interface BatchLimits {
  items: number;
  bytes: number;
  /** How long the first may wait for company. */
  ms: number;
}

// metadata_service takes 100 items and 32 MiB; small batches lose little when the browser ends, and are kept quickly.
export const BATCH: BatchLimits = { items: 25, bytes: 8 * 1024 * 1024, ms: 1200 };

export class Batcher<Item> {
  #items: { item: Item; bytes: number }[] = [];
  #since = 0;

  constructor(
    private readonly limits: BatchLimits = BATCH,
    private readonly now: () => number = Date.now,
  ) {}

  /** Bytes that wait, to hold back whoever brings more. */
  get bytes(): number {
    return this.#items.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get length(): number {
    return this.#items.length;
  }

  add(item: Item, bytes: number): void {
    if (this.#items.length === 0) this.#since = this.now();
    this.#items.push({ item, bytes });
  }

  /** Milliseconds until there is a batch to take; Infinity while there is nothing. */
  wait(): number {
    if (this.#items.length === 0) return Infinity;
    if (this.#items.length >= this.limits.items || this.bytes >= this.limits.bytes) return 0;
    return Math.max(0, this.#since + this.limits.ms - this.now());
  }

  /** The next batch: never more than the limits but for a single item that is heavier by itself. */
  take(): Item[] {
    let bytes = 0;
    let count = 0;
    for (const next of this.#items) {
      if (count > 0 && (count >= this.limits.items || bytes + next.bytes > this.limits.bytes)) break;
      bytes += next.bytes;
      count += 1;
    }
    const taken = this.#items.splice(0, count);
    this.#since = this.now();
    return taken.map(({ item }) => item);
  }

  clear(): void {
    this.#items = [];
  }
}
