// The journal in IndexedDB. Every method is one transaction; a state and the counts that follow from it never part.

import { count, entryOf, keyOf, noCounts, retried } from './journal';
import type { FileEntry, FileState, Found, Journal, NewRun, Run, RunChange } from './journal';

const VERSION = 1;
const STORES = ['runs', 'files', 'hashes'] as const;
type StoreName = (typeof STORES)[number];

/** Open the journal of one user; journals of several users of one browser know nothing of each other. */
export async function openJournal(user: string | number): Promise<Journal> {
  const opening = indexedDB.open(`imalink-import-${user}`, VERSION);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore('runs', { keyPath: 'id', autoIncrement: true });
    const files = database.createObjectStore('files', { keyPath: ['run', 'path', 'size', 'mtime'] });
    files.createIndex('in-order', ['run', 'seq']);
    files.createIndex('by-state', ['run', 'state', 'seq']);
    database.createObjectStore('hashes');
  };
  return new IdbJournal(await answer(opening));
}

class IdbJournal implements Journal {
  constructor(private readonly database: IDBDatabase) {
    // Another tab wants to delete or upgrade it: do not stand in the way.
    database.onversionchange = () => database.close();
  }

  begin(wanted: NewRun): Promise<Run> {
    return this.#write(['runs', 'files'], async (store) => {
      await answer(store('runs').clear());
      await answer(store('files').clear());
      const run = { ...wanted, state: 'running', scanned: false, next: 1, counts: noCounts(), bytes: noCounts() };
      const id = await answer(store('runs').add(run));
      return { ...run, id } as Run;
    });
  }

  latest(): Promise<Run | undefined> {
    return this.#read('runs', async (store) => {
      const cursor = await answer(store('runs').openCursor(null, 'prev'));
      return cursor?.value as Run | undefined;
    });
  }

  change(id: number, change: RunChange): Promise<Run> {
    return this.#write(['runs'], async (store) => {
      const run = Object.assign(await this.#run(store, id), change);
      await answer(store('runs').put(run));
      return run;
    });
  }

  enrol(id: number, found: readonly Found[]): Promise<Run> {
    return this.#write(STORES, async (store) => {
      const run = await this.#run(store, id);
      const [there, hashes] = await Promise.all([
        all(found, (file) => store('files').getKey([id, file.path, file.size, file.mtime])),
        all(found, (file) => store('hashes').get(keyOf(file))),
      ]);
      found.forEach((file, index) => {
        if (there[index] !== undefined) return;
        const entry = entryOf(run, file, hashes[index] as string | undefined);
        store('files').put(entry);
        count(run, entry, undefined);
      });
      await answer(store('runs').put(run));
      return run;
    });
  }

  take(id: number, state: FileState, limit: number): Promise<FileEntry[]> {
    return this.#read('files', (store) => answer(store('files').index('by-state').getAll(within(id, state), limit)));
  }

  settle(id: number, entries: readonly FileEntry[]): Promise<Run> {
    return this.#write(STORES, (store) => this.#settle(store, id, entries));
  }

  page(id: number, state: FileState | null, offset: number, limit: number): Promise<FileEntry[]> {
    return this.#read('files', async (store) => {
      if (state === null) {
        // Every number from 1 on was given once, so the place in the list is the number.
        const range = IDBKeyRange.bound([id, offset + 1], [id, Infinity]);
        return answer(store('files').index('in-order').getAll(range, limit));
      }
      const index = store('files').index('by-state');
      if (offset === 0) return answer(index.getAll(within(id, state), limit));
      const first = await nth(index, within(id, state), offset);
      if (first === undefined) return [];
      return answer(index.getAll(IDBKeyRange.bound(first, [id, state, Infinity]), limit));
    });
  }

  find(id: number, path: string): Promise<FileEntry | undefined> {
    const range = IDBKeyRange.bound([id, path], [id, path, []]);
    return this.#read('files', async (store) => (await answer(store('files').getAll(range, 1)))[0]);
  }

  retry(id: number): Promise<Run> {
    return this.#write(STORES, async (store) => {
      const failed: FileEntry[] = await answer(store('files').index('by-state').getAll(within(id, 'failed')));
      return this.#settle(store, id, failed.map(retried));
    });
  }

  clear(): Promise<void> {
    return this.#write(STORES, async (store) => {
      await Promise.all(STORES.map((name) => answer(store(name).clear())));
    });
  }

  close(): void {
    this.database.close();
  }

  async #settle(store: Stores, id: number, entries: readonly FileEntry[]): Promise<Run> {
    const run = await this.#run(store, id);
    const before: FileEntry[] = await all(entries, ({ path, size, mtime }) =>
      store('files').get([id, path, size, mtime]),
    );
    entries.forEach((entry, index) => {
      count(run, entry, before[index]?.state);
      store('files').put(entry);
      const isNews = entry.sha256 !== undefined && entry.sha256 !== before[index]?.sha256;
      if (isNews) store('hashes').put(entry.sha256, keyOf(entry));
    });
    await answer(store('runs').put(run));
    return run;
  }

  async #run(store: Stores, id: number): Promise<Run> {
    const run: Run | undefined = await answer(store('runs').get(id));
    if (!run) throw new Error(`There is no import ${id}.`);
    return run;
  }

  #read<Result>(name: StoreName, work: (store: Stores) => Promise<Result>): Promise<Result> {
    const transaction = this.database.transaction(name);
    return work((wanted) => transaction.objectStore(wanted));
  }

  async #write<Result>(names: readonly StoreName[], work: (store: Stores) => Promise<Result>): Promise<Result> {
    // Relaxed: a power cut may take the last moments back, and what is done twice then is refused as known.
    const transaction = this.database.transaction([...names], 'readwrite', { durability: 'relaxed' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The journal could not be written.'));
    });
    done.catch(() => {}); // whoever waits for the result is told
    try {
      const result = await work((name) => transaction.objectStore(name));
      await done;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // it has ended already
      }
      throw error;
    }
  }
}

type Stores = (name: StoreName) => IDBObjectStore;

/** All entries of a run in a state, in order. */
function within(run: number, state: FileState): IDBKeyRange {
  return IDBKeyRange.bound([run, state, 0], [run, state, Infinity]);
}

function answer<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The journal does not answer.'));
  });
}

function all<Item, Value>(items: readonly Item[], ask: (item: Item) => IDBRequest<Value>): Promise<Value[]> {
  return Promise.all(items.map((item) => answer(ask(item))));
}

/** The key of the entry that has `offset` others before it. */
function nth(index: IDBIndex, range: IDBKeyRange, offset: number): Promise<IDBValidKey | undefined> {
  return new Promise((resolve, reject) => {
    const request = index.openKeyCursor(range);
    let moved = false;
    request.onerror = () => reject(request.error ?? new Error('The journal does not answer.'));
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor || moved) return resolve(cursor?.key);
      moved = true;
      cursor.advance(offset);
    };
  });
}
