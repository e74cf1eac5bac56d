// Wakes whoever waits for something to have changed, without losing a change that came between looking and waiting:
//
//   const seen = bell.rings;
//   if (nothingToDo()) await bell.after(seen);

const LONGEST_MS = 60_000; // timers do not know Infinity

export class Bell {
  #waiting: (() => void)[] = [];
  rings = 0;

  ring(): void {
    this.rings += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Wait until it has rung more often than `seen`, at most `ms`. */
  after(seen: number, ms = LONGEST_MS): Promise<void> {
    if (this.rings !== seen) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, LONGEST_MS));
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Wait so many milliseconds, or until the signal says stop. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
