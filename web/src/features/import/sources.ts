// Where files come from: a folder that the browser hands out, a dropped folder, files of an <input>. Each is scanned
// folder by folder in the background, and gives a file again when its turn has come; no File is held meanwhile.

import type { Found } from './journal';
import { isLitterFolder, kindOf } from './kinds';
import { byStem, matesOf } from './pairing';

export interface Source {
  /** The folder's name; paths begin with it. */
  readonly name: string;
  /** A handle to keep for after a reload, where there is one. */
  readonly handle?: FileSystemDirectoryHandle;
  /** Yield what there is, a part of a folder at a time; raw files and their pictures are neighbours. */
  scan(signal: AbortSignal): AsyncGenerator<Found[]>;
  /** The file at a path; rejects with `NotFoundError` when it is gone, `NotReadableError` when it cannot be read. */
  open(path: string): Promise<File>;
  /** Whether the folder as a whole can still be read: tells an unplugged disk from a single bad file. */
  alive(): Promise<boolean>;
}

const CHUNK = 250;
const STAT_AT_ONCE = 16;

/** A folder from `showDirectoryPicker`, or dropped where the browser gives handles. */
export class HandleSource implements Source {
  #folders = new Map<string, FileSystemDirectoryHandle>();

  constructor(readonly handle: FileSystemDirectoryHandle) {}

  get name(): string {
    return this.handle.name;
  }

  async *scan(signal: AbortSignal): AsyncGenerator<Found[]> {
    const waiting: [string, FileSystemDirectoryHandle][] = [[this.name, this.handle]];
    for (let next = waiting.pop(); next && !signal.aborted; next = waiting.pop()) {
      const [path, folder] = next;
      const files = new Map<string, FileSystemFileHandle>();
      const folders: FileSystemDirectoryHandle[] = [];
      for await (const child of folder.values()) {
        if (child.kind === 'file') files.set(child.name, child as FileSystemFileHandle);
        else if (!isLitterFolder(child.name)) folders.push(child as FileSystemDirectoryHandle);
      }
      folders.sort((one, other) => byStem(other.name, one.name));
      waiting.push(...folders.map((child): [string, FileSystemDirectoryHandle] => [`${path}/${child.name}`, child]));
      yield* inChunks(path, [...files.keys()], (name) => files.get(name)!.getFile(), signal);
    }
  }

  async open(path: string): Promise<File> {
    const parts = path.split('/').slice(1);
    const name = parts.pop()!;
    const folder = await this.#folder(parts);
    return (await folder.getFileHandle(name)).getFile();
  }

  async alive(): Promise<boolean> {
    try {
      await this.handle.values().next();
      return true;
    } catch {
      return false;
    }
  }

  /** Files come folder by folder, so a few handles are enough to remember. */
  async #folder(parts: string[]): Promise<FileSystemDirectoryHandle> {
    const key = parts.join('/');
    const known = this.#folders.get(key);
    if (known) return known;
    let folder = this.handle;
    for (const part of parts) folder = await folder.getDirectoryHandle(part);
    if (this.#folders.size > 50) this.#folders.clear();
    this.#folders.set(key, folder);
    return folder;
  }
}

/** A folder dropped in a browser that gives entries, not handles. */
export class EntrySource implements Source {
  constructor(private readonly root: FileSystemDirectoryEntry) {}

  get name(): string {
    return this.root.name;
  }

  async *scan(signal: AbortSignal): AsyncGenerator<Found[]> {
    const waiting: [string, FileSystemDirectoryEntry][] = [[this.name, this.root]];
    for (let next = waiting.pop(); next && !signal.aborted; next = waiting.pop()) {
      const [path, folder] = next;
      const children = await allOf(folder);
      const folders = children.filter((child) => child.isDirectory && !isLitterFolder(child.name));
      folders.sort((one, other) => byStem(other.name, one.name));
      for (const child of folders) waiting.push([`${path}/${child.name}`, child as FileSystemDirectoryEntry]);
      const files = new Map(
        children.filter((child) => child.isFile).map((child) => [child.name, child as FileSystemFileEntry]),
      );
      yield* inChunks(path, [...files.keys()], (name) => fileOf(files.get(name)!), signal);
    }
  }

  open(path: string): Promise<File> {
    const below = path.split('/').slice(1).join('/');
    return new Promise((resolve, reject) => {
      this.root.getFile(below, {}, (entry) => fileOf(entry as FileSystemFileEntry).then(resolve, reject), reject);
    });
  }

  async alive(): Promise<boolean> {
    return allOf(this.root).then(
      () => true,
      () => false,
    );
  }
}

/** Files of an `<input>`, with a folder (`webkitdirectory`) or without. The browser holds them; we hold their list. */
export class ListSource implements Source {
  readonly name: string;
  #files = new Map<string, File>();

  constructor(files: Iterable<File>, looseName: string) {
    for (const file of files) this.#files.set(this.#place(file, looseName), file);
    this.name = [...this.#files.keys()][0]?.split('/')[0] ?? looseName;
  }

  get size(): number {
    return this.#files.size;
  }

  async *scan(signal: AbortSignal): AsyncGenerator<Found[]> {
    const folders = new Map<string, string[]>();
    for (const path of this.#files.keys()) {
      const parts = path.split('/');
      const name = parts.pop()!;
      if (parts.some(isLitterFolder)) continue;
      const folder = parts.join('/');
      if (!folders.has(folder)) folders.set(folder, []);
      folders.get(folder)!.push(name);
    }
    for (const [folder, names] of folders) {
      yield* inChunks(folder, names, async (name) => this.#files.get(`${folder}/${name}`)!, signal);
    }
  }

  async open(path: string): Promise<File> {
    const file = this.#files.get(path);
    if (!file) throw new DOMException('The file is not among those that were chosen.', 'NotFoundError');
    return file;
  }

  async alive(): Promise<boolean> {
    return this.#files.size > 0;
  }

  /** Two loose files may have one name; both are meant. */
  #place(file: File, looseName: string): string {
    const path = file.webkitRelativePath || `${looseName}/${file.name}`;
    if (!this.#files.has(path)) return path;
    let number = 2;
    while (this.#files.has(path.replace(/([^/]+)$/, `${number}/$1`))) number += 1;
    return path.replace(/([^/]+)$/, `${number}/$1`);
  }
}

/** Several things dropped at once: scanned one after the other, opened by the first part of the path. */
export class ManySource implements Source {
  #byName: Map<string, Source>;

  constructor(
    readonly name: string,
    sources: readonly Source[],
  ) {
    this.#byName = new Map(sources.map((source) => [source.name, source]));
  }

  async *scan(signal: AbortSignal): AsyncGenerator<Found[]> {
    for (const source of this.#byName.values()) yield* source.scan(signal);
  }

  async open(path: string): Promise<File> {
    const source = this.#byName.get(path.split('/')[0]!);
    if (!source) throw new DOMException('The folder is not among those that were chosen.', 'NotFoundError');
    return source.open(path);
  }

  async alive(): Promise<boolean> {
    return (await Promise.all([...this.#byName.values()].map((source) => source.alive()))).some(Boolean);
  }
}

/** What was dropped: folders by handles where the browser has them, by entries elsewhere, loose files besides. */
export async function dropped(items: DataTransferItemList, looseName: string): Promise<Source | null> {
  // Every item must be asked before the first wait: afterwards the list is empty.
  const asked = [...items].filter((item) => item.kind === 'file').map(ask);
  const sources: Source[] = [];
  const loose: File[] = [];
  for (const { handle, entry, file } of asked) {
    const kept = await handle?.catch(() => null);
    if (kept?.kind === 'directory') sources.push(new HandleSource(kept as FileSystemDirectoryHandle));
    else if (entry?.isDirectory) sources.push(new EntrySource(entry as FileSystemDirectoryEntry));
    else if (file) loose.push(file);
  }
  if (loose.length > 0) sources.push(new ListSource(loose, looseName));
  if (sources.length <= 1) return sources[0] ?? null;
  return new ManySource(sources.map((source) => source.name).join(', '), sources);
}

interface Asked {
  handle: Promise<FileSystemHandle | null> | undefined;
  entry: FileSystemEntry | null;
  file: File | null;
}

function ask(item: DataTransferItem): Asked {
  const modern = item as DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };
  return {
    handle: modern.getAsFileSystemHandle?.(),
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
  };
}

/** Look at the files of one folder, some at a time. A file that cannot be looked at is entered without size and time. */
async function* inChunks(
  folder: string,
  names: string[],
  stat: (name: string) => Promise<File>,
  signal: AbortSignal,
): AsyncGenerator<Found[]> {
  const mates = matesOf(names);
  const wanted = names.filter((name) => kindOf(name) !== 'litter').sort(byStem);
  for (let at = 0; at < wanted.length && !signal.aborted; at += CHUNK) {
    const found: Found[] = [];
    const chunk = wanted.slice(at, at + CHUNK);
    for (let from = 0; from < chunk.length; from += STAT_AT_ONCE) {
      const some = chunk.slice(from, from + STAT_AT_ONCE);
      found.push(...(await Promise.all(some.map((name) => look(folder, name, mates.get(name), stat)))));
    }
    yield found;
  }
}

async function look(
  folder: string,
  name: string,
  mate: string | undefined,
  stat: (name: string) => Promise<File>,
): Promise<Found> {
  const found: Found = { path: `${folder}/${name}`, size: 0, mtime: 0, kind: kindOf(name) };
  if (mate !== undefined) found.mate = `${folder}/${mate}`;
  try {
    const file = await stat(name);
    return { ...found, size: file.size, mtime: file.lastModified };
  } catch {
    return found; // it says so itself when its turn to be read has come
  }
}

/** Every child of a dropped folder: browsers hand out a hundred at a time, until there are none. */
async function allOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
