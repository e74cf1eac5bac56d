// How many files may be at core_service at once: more while all goes well, half when it says that it is busy.

export interface ThrottleLimits {
  least: number;
  most: number;
  /** Answers in a row that earn one place more. */
  patience: number;
}

export const THROTTLE: ThrottleLimits = { least: 1, most: 8, patience: 8 };

/** Additive increase, multiplicative decrease, as TCP does it. Pure but for the clock. */
export class Throttle {
  #allowed: number;
  #successes = 0;
  #refusals = 0;
  #closedUntil = 0;
  active = 0;

  constructor(
    private readonly limits: ThrottleLimits = THROTTLE,
    private readonly now: () => number = Date.now,
  ) {
    this.#allowed = Math.min(2, limits.most);
  }

  get allowed(): number {
    return this.#allowed;
  }

  /** Milliseconds until a file may be sent; 0 for now; Infinity when a place must become free first. */
  wait(): number {
    const closed = this.#closedUntil - this.now();
    if (closed > 0) return closed;
    return this.active < this.#allowed ? 0 : Infinity;
  }

  succeeded(): void {
    this.#refusals = 0;
    this.#successes += 1;
    if (this.#successes < this.limits.patience) return;
    this.#successes = 0;
    this.#allowed = Math.min(this.#allowed + 1, this.limits.most);
  }

  /** The service is busy: wait as long as it says, twice as long each time when it does not say. */
  refused(retryAfterMs: number | null): void {
    const alreadyClosed = this.#closedUntil > this.now();
    const pause = retryAfterMs ?? Math.min(60_000, 1000 * 2 ** this.#refusals);
    this.#closedUntil = Math.max(this.#closedUntil, this.now() + pause);
    this.#successes = 0;
    // Of several files that were refused together, the first tells all there is to learn.
    if (alreadyClosed) return;
    this.#refusals += 1;
    this.#allowed = Math.max(this.limits.least, Math.floor(this.#allowed / 2));
  }

  /** Forget that it was busy: somebody knows better. */
  reopen(): void {
    this.#closedUntil = 0;
  }
}
