// What the stages of a running import share: the journal's state, who is at work, what stands in the way.

import { Bell } from './bell';
import type { FileEntry, Journal, Run, RunChange } from './journal';
import { keyOf } from './journal';
import { Away } from '$api/services';
import type { CoreService, Library, Trouble } from '$api/services';
import type { Hasher } from './batch';
import type { Source } from './sources';

export interface Ports {
  journal: Journal;
  source: Source;
  core: CoreService;
  library: Library;
  hasher: Hasher;
}

/** What can stand in the way of a stage; a service's trouble stops only those who need that service. */
export type Need = 'core' | 'library' | 'folder';

const FIRST_PROBE_MS = 2000;
const LAST_PROBE_MS = 60_000;

export class Course {
  readonly bell = new Bell();
  readonly active = new Map<string, 'reading' | 'sending' | 'keeping'>();
  readonly troubles = new Map<Need, Trouble>();
  readonly stop = new AbortController();
  /** Stages that have nothing more to do. */
  readonly done = new Set<'scan' | 'read' | 'check' | 'send'>();
  /** Bytes read, and files that core_service has answered for, since this page began. */
  readBytes = 0;
  laid = 0;
  paused: boolean;
  #probeNow = new Bell();

  constructor(
    readonly ports: Ports,
    public run: Run,
    private readonly onChange: () => void = () => {},
  ) {
    this.paused = run.state === 'paused';
    this.signal.addEventListener('abort', () => {
      this.bell.ring();
      this.#probeNow.ring();
    });
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  changed(): void {
    this.bell.ring();
    this.onChange();
  }

  async change(change: RunChange): Promise<void> {
    this.run = await this.ports.journal.change(this.run.id, change);
    this.changed();
  }

  /** Write down how far files have come. */
  async settle(entries: readonly FileEntry[]): Promise<void> {
    if (entries.length === 0) return;
    this.run = await this.ports.journal.settle(this.run.id, entries);
    this.changed();
  }

  /** Wait while paused, or while something that is needed is missing; false when the import is over. */
  async may(...needs: Need[]): Promise<boolean> {
    while (!this.signal.aborted) {
      const seen = this.bell.rings;
      if (!this.paused && !this.#lacks(needs)) return true;
      await this.bell.after(seen);
    }
    return false;
  }

  /** The same for what is finished also while paused. */
  async mayFinish(...needs: Need[]): Promise<boolean> {
    while (!this.signal.aborted) {
      const seen = this.bell.rings;
      if (!this.#lacks(needs)) return true;
      await this.bell.after(seen);
    }
    return false;
  }

  #lacks(needs: readonly Need[]): boolean {
    return needs.some((need) => this.troubles.has(need));
  }

  /** Wait for something to change after `seen`, at most `ms`. */
  async rest(seen: number, ms = Infinity): Promise<void> {
    if (!this.signal.aborted) await this.bell.after(seen, Math.min(ms, 5000));
  }

  mark(entry: FileEntry, doing: 'reading' | 'sending' | 'keeping' | null): void {
    if (doing) this.active.set(entry.path, doing);
    else this.active.delete(entry.path);
    this.onChange();
  }

  /**
   * Something cannot be asked: hold back those who need it, and look again now and then until it can. Gives false when
   * a second look finds nothing wrong.
   */
  async troubled(need: Need, trouble: Trouble): Promise<boolean> {
    if (this.troubles.has(need)) return true;
    this.troubles.set(need, trouble); // holds the others back while we look
    const found = await this.#look(need, trouble);
    if (found === null) {
      this.troubles.delete(need);
      this.changed();
      return false;
    }
    this.troubles.set(need, found);
    this.changed();
    void this.#watch(need, found);
    return true;
  }

  /** Look at once whether what stood in the way is gone: somebody pressed the button. */
  probe(): void {
    this.#probeNow.ring();
  }

  async #watch(need: Need, first: Trouble): Promise<void> {
    let trouble: Trouble | null = first;
    for (
      let wait = FIRST_PROBE_MS;
      trouble !== null && !this.signal.aborted;
      wait = Math.min(2 * wait, LAST_PROBE_MS)
    ) {
      await this.#probeNow.after(this.#probeNow.rings, wait);
      trouble = await this.#look(need, trouble);
      if (trouble !== null) this.troubles.set(need, trouble);
      this.changed();
    }
    this.troubles.delete(need);
    this.changed();
  }

  async #look(need: Need, before: Trouble): Promise<Trouble | null> {
    if (need === 'core') return this.ports.core.probe();
    if (need === 'folder') return (await this.ports.source.alive()) ? null : before;
    try {
      await this.ports.library.known([]);
      return null;
    } catch (error) {
      return error instanceof Away ? error.trouble : null;
    }
  }
}

/** Open a file as it was found; a failure is either the file's, or the whole folder is gone (`Away`). */
export async function reopen(course: Course, entry: FileEntry): Promise<File> {
  let file: File;
  try {
    file = await course.ports.source.open(entry.path);
  } catch (error) {
    throw await blame(course, error);
  }
  const seen = entry.mtime !== 0;
  if (seen && keyOf(entry) !== keyOf({ path: entry.path, size: file.size, mtime: file.lastModified })) {
    throw new FileTrouble('file-changed');
  }
  if (file.size === 0) throw new FileTrouble('file-empty');
  return file;
}

/** Find out whether a file could not be read because of itself, or because its disk is gone. */
export async function blame(course: Course, error: unknown): Promise<Error> {
  const name = error instanceof DOMException ? error.name : '';
  if (!(await course.ports.source.alive())) return new Away('folder-gone');
  return new FileTrouble(name === 'NotFoundError' ? 'file-gone' : 'file-unreadable');
}

/** One file cannot be read, or is not what it was. */
export class FileTrouble extends Error {
  constructor(readonly slug: 'file-changed' | 'file-empty' | 'file-gone' | 'file-unreadable' | 'not-sent') {
    super(slug);
  }
}
