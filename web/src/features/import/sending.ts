// The second half of an import: core_service lays an egg of each file, and the library keeps the eggs in batches.

import { pause } from './bell';
import { BATCH, Batcher } from './batcher';
import type { Course } from './course';
import { FileTrouble, reopen } from './course';
import type { FileEntry } from './journal';
import { wasJoined } from './pairing';
import type { Claims } from './reading';
import { Away, Busy, Refusal } from '$api/services';
import type { Egg, KeptItem } from '$api/services';
import { batchBody, freshKey } from './batch';
import { Throttle } from './throttle';

/**
 * Eggs that may wait while a batch is on its way: while the library is slow, core_service is not asked for more. It is
 * what a crash takes back, too: a batch on its way, one that waits, and what is at core_service.
 */
const WAITING_BYTES = 32 * 1024 ** 2;
/** How often one file may break the connection, while the service is fine, until it is the file's fault. */
const TRIES = 3;

export interface Laid {
  entry: FileEntry;
  egg: Egg;
}

export class Sending {
  readonly eggs = new Batcher<Laid>();
  readonly throttle = new Throttle();
  #flying = new Set<number>(); // taken from the journal and not settled yet
  #queue: FileEntry[] = [];
  #tries = new Map<number, number>();
  #atCore = 0;

  constructor(
    private readonly course: Course,
    private readonly claims: Claims,
  ) {}

  /** Send files to core_service, as many at once as it can take. */
  async send(): Promise<void> {
    const { course, throttle } = this;
    while (await course.may('core', 'folder')) {
      const seen = course.bell.rings;
      const wait = this.#hasRoom() ? throttle.wait() : Infinity;
      const entry = wait === 0 ? await this.#next() : undefined;
      if (entry) void this.#lay(entry).catch((error) => course.stop.abort(error));
      else if (course.done.has('check') && course.run.counts.ready === 0) break;
      else await course.rest(seen, wait === 0 ? undefined : wait);
    }
    course.done.add('send');
    course.changed();
  }

  #hasRoom(): boolean {
    return this.eggs.bytes < WAITING_BYTES && this.eggs.length + this.#atCore < BATCH.items + this.throttle.allowed;
  }

  async #next(): Promise<FileEntry | undefined> {
    if (this.#queue.length === 0) {
      const { journal } = this.course.ports;
      const taken = await journal.take(this.course.run.id, 'ready', 64 + this.#flying.size);
      this.#queue = taken.filter((entry) => !this.#flying.has(entry.seq));
    }
    const entry = this.#queue.shift();
    if (entry) this.#flying.add(entry.seq);
    return entry;
  }

  async #lay(entry: FileEntry): Promise<void> {
    const { course, throttle } = this;
    throttle.active += 1;
    this.#atCore += 1;
    course.mark(entry, 'sending');
    try {
      const file = await reopen(course, entry);
      const egg = await course.ports.core.lay(file, file.name, course.signal);
      throttle.succeeded();
      course.laid += 1;
      this.eggs.add({ entry, egg }, egg.json.length);
      course.mark(entry, 'keeping');
    } catch (error) {
      await this.#notLaid(entry, error);
    } finally {
      throttle.active -= 1;
      this.#atCore -= 1;
      course.changed();
    }
  }

  async #notLaid(entry: FileEntry, error: unknown): Promise<void> {
    const { course, throttle } = this;
    course.mark(entry, null);
    if (course.signal.aborted) return;
    if (error instanceof Refusal) {
      course.laid += 1;
      throttle.succeeded(); // it works: it has looked at the file
      return this.#finish([{ ...entry, state: 'failed', failure: error.failure }]);
    }
    if (error instanceof FileTrouble) {
      return this.#finish([{ ...entry, state: 'failed', failure: { slug: error.slug, detail: '' } }]);
    }
    if (error instanceof Busy) throttle.refused(error.retryAfterMs);
    else if (!(error instanceof Away)) return course.stop.abort(error);
    else if (!(await course.troubled(error.trouble === 'folder-gone' ? 'folder' : 'core', error.trouble))) {
      const tries = (this.#tries.get(entry.seq) ?? 0) + 1;
      this.#tries.set(entry.seq, tries);
      const failure = { slug: 'not-sent', detail: '' };
      throttle.refused(null); // a service that refuses before it has read all may be too busy to say so
      if (tries >= TRIES) return this.#finish([{ ...entry, state: 'failed', failure }]);
    }
    this.#flying.delete(entry.seq); // it is still `ready`, and comes again
  }

  /** Hand eggs to the library, one batch after the other, until no more can come. */
  async keep(): Promise<void> {
    const { course, eggs } = this;
    while (await course.mayFinish('library')) {
      const seen = course.bell.rings;
      const isLast = this.#noneComes();
      const wait = isLast && eggs.length > 0 ? 0 : eggs.wait();
      if (wait === 0) await this.#keepBatch(eggs.take());
      else if (course.done.has('send') && isLast && eggs.length === 0) return;
      else await course.rest(seen, wait);
    }
  }

  /** Whether waiting for company is in vain: all that may come is paused, or here. */
  #noneComes(): boolean {
    const { done, paused, run } = this.course;
    const { found, hashed, ready } = run.counts;
    const all = done.has('scan') && found === 0 && hashed === this.claims.waiting.size && ready === this.eggs.length;
    return this.#atCore === 0 && (paused || all);
  }

  async #keepBatch(laid: Laid[]): Promise<void> {
    const results = await this.#kept(laid);
    if (results === null) return;
    const settled = laid.map(({ entry, egg }, index) => outcome(entry, egg, results[index]));
    const mates = new Map(settled.map((entry) => [entry.path, entry]));
    for (const [index, entry] of settled.entries()) {
      if (results[index]?.status !== 'duplicate' || entry.mate === undefined) continue;
      const mate = mates.get(entry.mate) ?? (await this.course.ports.journal.find(entry.run, entry.mate));
      if (wasJoined(entry, mate)) entry.state = 'joined';
    }
    await this.#finish(settled);
  }

  /** Send a batch until there is an answer: always the same bytes under the same key, so that nothing happens twice. */
  async #kept(laid: Laid[]): Promise<KeptItem[] | null> {
    const { course } = this;
    const { library } = course.ports;
    let body: Blob | null = null;
    let key = freshKey();
    while (await course.mayFinish('library')) {
      try {
        const session = await this.#session();
        body ??= batchBody(laid.map(told(course.run.volume)), session);
        return await library.keep(body, key);
      } catch (error) {
        if (error instanceof Away) await course.troubled('library', error.trouble);
        else if (error instanceof Busy) await pause(error.retryAfterMs ?? 2000, course.signal);
        else if (error instanceof Refusal && error.failure.slug === 'import-not-found') {
          await course.change({ importSession: undefined });
          [body, key] = [null, freshKey()];
        } else if (error instanceof Refusal) {
          return this.#halves(laid, error);
        } else throw error;
      }
    }
    return null;
  }

  /** The whole batch is refused: find out which part of it is to blame. */
  async #halves(laid: Laid[], error: Refusal): Promise<KeptItem[] | null> {
    if (laid.length === 1) return [{ status: 'error', failure: error.failure }];
    const middle = Math.ceil(laid.length / 2);
    const first = await this.#kept(laid.slice(0, middle));
    const second = await this.#kept(laid.slice(middle));
    return first && second && [...first, ...second];
  }

  async #session(): Promise<number> {
    const { run, ports } = this.course;
    if (run.importSession !== undefined) return run.importSession;
    const importSession = await ports.library.begin(run.name, run.volume);
    await this.course.change({ importSession });
    return importSession;
  }

  async #finish(entries: FileEntry[]): Promise<void> {
    await this.course.settle(entries);
    for (const entry of entries) {
      this.#flying.delete(entry.seq);
      this.#tries.delete(entry.seq);
      this.claims.release(entry.sha256!);
      this.course.mark(entry, null);
    }
    this.course.changed();
  }
}

const told =
  (volume: string) =>
  ({ entry, egg }: Laid) => ({
    egg,
    file: { path: entry.path, size: entry.size, sha256: entry.sha256!, volume },
  });

function outcome(entry: FileEntry, egg: Egg, result: KeptItem | undefined): FileEntry {
  const { status, photoId, failure } = result ?? { status: 'error' as const, failure: undefined, photoId: undefined };
  if (status === 'error') {
    return { ...entry, state: 'failed', failure: failure ?? { slug: 'unanswered', detail: '' } };
  }
  return {
    ...entry,
    state: status === 'created' ? 'added' : 'known',
    hothash: result?.hothash ?? egg.hothash,
    photoId,
  };
}
