// The first half of an import: find files, hash them, ask the library which of them it has.

import { pause } from './bell';
import type { Course } from './course';
import { blame, FileTrouble, reopen } from './course';
import type { FileEntry } from './journal';
import { Away, Busy } from '$api/services';
import type { Known } from '$api/services';

/** Reading runs only so far ahead of sending that the system still has the file in memory when it is sent. */
const AHEAD_FILES = 96;
const AHEAD_BYTES = 1024 ** 3;
/** Written down together: what a crash takes back is this much hashing. */
const CHUNK_FILES = 32;
const CHUNK_BYTES = 128 * 1024 ** 2;
/** metadata_service answers for at most so many at once. */
const ASK_AT_ONCE = 1000;

/** Enter all that the source has. Ends at once when an earlier page has done it. */
export async function scan(course: Course): Promise<void> {
  while (!course.run.scanned && (await course.may('folder'))) {
    try {
      for await (const found of course.ports.source.scan(course.signal)) {
        if (!(await course.may())) return;
        course.run = await course.ports.journal.enrol(course.run.id, found);
        course.changed();
      }
      if (course.signal.aborted) return;
      await course.change({ scanned: true });
    } catch (error) {
      if (!(error instanceof DOMException) || error.name === 'QuotaExceededError') throw error;
      // A folder that vanishes while it is read is entered again from its beginning: what is there stays as it is.
      const cause = await blame(course, error);
      if (cause instanceof Away) await course.troubled('folder', cause.trouble);
      else await pause(500, course.signal);
    }
  }
  course.done.add('scan');
  course.changed();
}

/** Hash what is found. */
export async function read(course: Course): Promise<void> {
  while (await course.may('folder')) {
    const seen = course.bell.rings;
    const { counts, bytes } = course.run;
    const isAhead = counts.ready >= AHEAD_FILES || bytes.ready >= AHEAD_BYTES || counts.hashed >= ASK_AT_ONCE;
    const entries = isAhead ? [] : await course.ports.journal.take(course.run.id, 'found', CHUNK_FILES);
    if (entries.length > 0) await hashAll(course, entries);
    else if (!isAhead && course.done.has('scan') && course.run.counts.found === 0) break;
    else await course.rest(seen);
  }
  course.done.add('read');
  course.changed();
}

async function hashAll(course: Course, entries: FileEntry[]): Promise<void> {
  const settled: FileEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (course.signal.aborted || course.paused || bytes >= CHUNK_BYTES) break;
    course.mark(entry, 'reading');
    try {
      settled.push(await hash(course, entry));
    } catch (error) {
      if (course.signal.aborted) break;
      if (!(error instanceof Away)) throw error;
      await course.troubled('folder', error.trouble);
      break;
    } finally {
      course.mark(entry, null);
    }
    bytes += entry.size;
    course.readBytes += entry.size;
  }
  await course.settle(settled);
}

async function hash(course: Course, entry: FileEntry): Promise<FileEntry> {
  try {
    const file = await reopen(course, entry);
    const sha256 = await course.ports.hasher.sha256(file).catch(async (error) => {
      throw error instanceof DOMException && !course.signal.aborted ? await blame(course, error) : error;
    });
    return { ...entry, state: 'hashed', sha256 };
  } catch (error) {
    if (error instanceof FileTrouble) return { ...entry, state: 'failed', failure: { slug: error.slug, detail: '' } };
    throw error;
  }
}

/** Keeps apart what is on its way already: of files with the same content, one goes and the others wait for it. */
export class Claims {
  #claimed = new Set<string>();
  /** Files that wait, by their numbers, for the same content to have arrived. */
  readonly waiting = new Map<number, string>();

  has(sha256: string): boolean {
    return this.#claimed.has(sha256);
  }

  add(sha256: string): void {
    this.#claimed.add(sha256);
  }

  /** What was on its way has arrived, or failed: whoever waited is asked for again. */
  release(sha256: string): void {
    this.#claimed.delete(sha256);
    for (const [seq, wanted] of this.waiting) if (wanted === sha256) this.waiting.delete(seq);
  }
}

/** Ask the library which files it has. What it has is done; what it lacks is ready to be sent. */
export async function check(course: Course, claims: Claims): Promise<void> {
  while (await course.may('library')) {
    const seen = course.bell.rings;
    const isAhead = course.run.counts.ready >= ASK_AT_ONCE;
    const taken = isAhead
      ? []
      : await course.ports.journal.take(course.run.id, 'hashed', ASK_AT_ONCE + claims.waiting.size);
    const entries = taken.filter((entry) => !claims.waiting.has(entry.seq)).slice(0, ASK_AT_ONCE);
    if (entries.length > 0) await ask(course, claims, entries);
    else if (!isAhead && course.done.has('read') && course.run.counts.hashed === 0) break;
    else await course.rest(seen);
  }
  course.done.add('check');
  course.changed();
}

async function ask(course: Course, claims: Claims, entries: FileEntry[]): Promise<void> {
  let known: Map<string, Known>;
  try {
    known = await course.ports.library.known([...new Set(entries.map((entry) => entry.sha256!))]);
  } catch (error) {
    if (error instanceof Away) await course.troubled('library', error.trouble);
    else if (error instanceof Busy) await pause(error.retryAfterMs ?? 2000, course.signal);
    else throw error;
    return;
  }
  const settled: FileEntry[] = [];
  for (const entry of entries) {
    const photo = known.get(entry.sha256!);
    if (photo)
      settled.push({ ...entry, state: 'known', photoId: photo.photoId, ...(photo.inTrash ? { inTrash: true } : {}) });
    else if (claims.has(entry.sha256!)) claims.waiting.set(entry.seq, entry.sha256!);
    else {
      claims.add(entry.sha256!);
      settled.push({ ...entry, state: 'ready' });
    }
  }
  await course.settle(settled);
}
