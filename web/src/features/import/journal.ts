// The journal of imports: what was found, and how far each file has come. It outlives the page, so that an import
// goes on after a reload or a crash; a conformance suite (journal.test.ts) holds every implementation to the same.

import type { Failure } from '$api/services';
import type { Kind } from './kinds';

/**
 * How far a file has come:
 * found → hashed → ready (the library lacks it) → added | known | joined, or failed at any step.
 * `joined` is a raw file that became part of its JPEG's photo, or the other way round; `ignored` is no photo.
 */
export const STATES = ['found', 'hashed', 'ready', 'added', 'known', 'joined', 'failed', 'ignored'] as const;
export type FileState = (typeof STATES)[number];

/** States in which there is something to do. */
export const OPEN_STATES: readonly FileState[] = ['found', 'hashed', 'ready'];

/** A file as the scan sees it. `path` begins with the name of the folder that was chosen, with slashes. */
export interface Found {
  path: string;
  size: number;
  /** Last modification, milliseconds since 1970. */
  mtime: number;
  kind: Kind;
  mate?: string;
}

export interface FileEntry extends Found {
  run: number;
  /** In the order of scanning. */
  seq: number;
  state: FileState;
  sha256?: string;
  hothash?: string;
  photoId?: number;
  /** The photo that is known lies in the trash. */
  inTrash?: boolean;
  failure?: Failure;
}

export type RunState = 'running' | 'paused' | 'completed' | 'cancelled';

/** One import of one folder. */
export interface Run {
  id: number;
  /** The folder's name, or how the page calls some loose files. */
  name: string;
  state: RunState;
  /** Whether the scan has been to the end. */
  scanned: boolean;
  /** The next file's `seq`. */
  next: number;
  counts: Record<FileState, number>;
  bytes: Record<FileState, number>;
  startedAt: number;
  endedAt?: number;
  importSession?: number;
  /** How the owner calls the disk or card. */
  volume: string;
  /** The folder itself, where the browser can keep it. */
  handle?: FileSystemDirectoryHandle;
}

export type NewRun = Pick<Run, 'name' | 'volume' | 'startedAt' | 'handle'>;
export type RunChange = Partial<Pick<Run, 'state' | 'scanned' | 'importSession' | 'endedAt' | 'volume' | 'handle'>>;

export interface Journal {
  /** Begin an import. Earlier ones are forgotten but for the hashes of their files. */
  begin(run: NewRun): Promise<Run>;
  /** The import that was begun last. */
  latest(): Promise<Run | undefined>;
  change(run: number, change: RunChange): Promise<Run>;

  /**
   * Enter what a scan found; what is entered already (same path, size and time) stays as it is. Whose hash is known
   * from an earlier import begins as `hashed`.
   */
  enrol(run: number, found: readonly Found[]): Promise<Run>;
  /** The first files in a state, in the order of scanning. */
  take(run: number, state: FileState, limit: number): Promise<FileEntry[]>;
  /** Write entries as they are now, all or none; counts follow. */
  settle(run: number, entries: readonly FileEntry[]): Promise<Run>;
  /** A page of the list: of one state, or of all. */
  page(run: number, state: FileState | null, offset: number, limit: number): Promise<FileEntry[]>;
  find(run: number, path: string): Promise<FileEntry | undefined>;
  /** Give failed files another try, from where they failed. */
  retry(run: number): Promise<Run>;
  /** Forget everything. */
  clear(): Promise<void>;
  close(): void;
}

/** What makes a file the same file when it is met again. */
export function keyOf(file: Pick<Found, 'path' | 'size' | 'mtime'>): string {
  return `${file.path}\n${file.size}\n${file.mtime}`;
}

export function noCounts(): Record<FileState, number> {
  return Object.fromEntries(STATES.map((state) => [state, 0])) as Record<FileState, number>;
}

/** The run as it is after an entry changed its state, or came into being. */
export function count(run: Run, entry: FileEntry, before: FileState | undefined): void {
  if (before !== undefined) {
    run.counts[before] -= 1;
    run.bytes[before] -= entry.size;
  }
  run.counts[entry.state] += 1;
  run.bytes[entry.state] += entry.size;
}

/** A new entry for what was found. */
export function entryOf(run: Run, found: Found, sha256: string | undefined): FileEntry {
  const photo = found.kind === 'picture' || found.kind === 'raw';
  const state = !photo ? 'ignored' : sha256 === undefined ? 'found' : 'hashed';
  const entry: FileEntry = { ...found, run: run.id, seq: run.next, state };
  if (photo && sha256 !== undefined) entry.sha256 = sha256;
  run.next += 1;
  return entry;
}

/** A failed entry as it stands before its next try. */
export function retried(entry: FileEntry): FileEntry {
  const again: FileEntry = { ...entry, state: entry.sha256 === undefined ? 'found' : 'hashed' };
  delete again.failure;
  return again;
}
