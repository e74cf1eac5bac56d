// A journal for browsers that keep nothing (private windows): the import works, and is gone with the page.

import { count, entryOf, keyOf, noCounts, retried } from './journal';
import type { FileEntry, FileState, Found, Journal, NewRun, Run, RunChange } from './journal';

export class MemoryJournal implements Journal {
  #runs = new Map<number, Run>();
  #entries = new Map<string, FileEntry>();
  #hashes = new Map<string, string>();

  async begin(wanted: NewRun): Promise<Run> {
    const id = Math.max(0, ...this.#runs.keys()) + 1;
    const run: Run = {
      ...wanted,
      id,
      state: 'running',
      scanned: false,
      next: 1,
      counts: noCounts(),
      bytes: noCounts(),
    };
    this.#runs = new Map([[id, run]]);
    this.#entries.clear();
    return copy(run);
  }

  async latest(): Promise<Run | undefined> {
    const id = Math.max(0, ...this.#runs.keys());
    const run = this.#runs.get(id);
    return run && copy(run);
  }

  async change(id: number, change: RunChange): Promise<Run> {
    return copy(Object.assign(this.#run(id), change));
  }

  async enrol(id: number, found: readonly Found[]): Promise<Run> {
    const run = this.#run(id);
    for (const file of found) {
      const key = keyOf(file);
      if (this.#entries.has(key)) continue;
      const entry = entryOf(run, file, this.#hashes.get(key));
      this.#entries.set(key, entry);
      count(run, entry, undefined);
    }
    return copy(run);
  }

  async take(id: number, state: FileState, limit: number): Promise<FileEntry[]> {
    return this.page(id, state, 0, limit);
  }

  async settle(id: number, entries: readonly FileEntry[]): Promise<Run> {
    const run = this.#run(id);
    for (const entry of entries) {
      const key = keyOf(entry);
      count(run, entry, this.#entries.get(key)?.state);
      this.#entries.set(key, { ...entry });
      if (entry.sha256 !== undefined) this.#hashes.set(key, entry.sha256);
    }
    return copy(run);
  }

  async page(id: number, state: FileState | null, offset: number, limit: number): Promise<FileEntry[]> {
    const all = [...this.#entries.values()].filter(
      (entry) => entry.run === id && (state === null || entry.state === state),
    );
    return all
      .sort((one, other) => one.seq - other.seq)
      .slice(offset, offset + limit)
      .map((entry) => ({ ...entry }));
  }

  async find(id: number, path: string): Promise<FileEntry | undefined> {
    const found = [...this.#entries.values()].find((entry) => entry.run === id && entry.path === path);
    return found && { ...found };
  }

  async retry(id: number): Promise<Run> {
    const failed = await this.page(id, 'failed', 0, Infinity);
    return this.settle(id, failed.map(retried));
  }

  async clear(): Promise<void> {
    this.#runs.clear();
    this.#entries.clear();
    this.#hashes.clear();
  }

  close(): void {}

  #run(id: number): Run {
    const run = this.#runs.get(id);
    if (!run) throw new Error(`There is no import ${id}.`);
    return run;
  }
}

function copy(run: Run): Run {
  return { ...run, counts: { ...run.counts }, bytes: { ...run.bytes } };
}
