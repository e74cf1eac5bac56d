// A whole import, with services and a folder that exist in memory only: what is asked for is counted.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Engine } from './engine';
import type { View } from './engine';
import { MemoryJournal } from './journal-memory';
import type { FileState, Found, Journal, Run } from './journal';
import { kindOf } from './kinds';
import { matesOf } from './pairing';
import { Away, Busy, Refusal } from '$api/services';
import type { CoreService, Egg, KeptItem, Known, Library, Trouble } from '$api/services';
import type { Source } from './sources';

/** A folder; the content of a file is its text. */
class Folder implements Source {
  readonly name = 'Photos';
  plugged = true;
  opened = 0;
  constructor(readonly files: Record<string, string>) {}

  async *scan(signal: AbortSignal): AsyncGenerator<Found[]> {
    const mates = matesOf(Object.keys(this.files));
    for (const [name, text] of Object.entries(this.files)) {
      if (signal.aborted) return;
      const found: Found = { path: `Photos/${name}`, size: text.length, mtime: 1, kind: kindOf(name) };
      if (mates.has(name)) found.mate = `Photos/${mates.get(name)}`;
      yield [found];
    }
  }
  async open(path: string): Promise<File> {
    this.opened += 1;
    const name = path.slice(7);
    const text = this.files[name];
    if (!this.plugged || text === undefined) throw new DOMException('gone', 'NotFoundError');
    return new File([text], name, { lastModified: 1 });
  }
  async alive(): Promise<boolean> {
    return this.plugged;
  }
}

/** core_service: what begins with "torn" is refused. */
class Core implements CoreService {
  asked: string[] = [];
  trouble: Trouble | null = null;
  busy = 0;
  broken = new Set<string>();
  atOnce = 0;
  most = 0;
  slow = 0;
  async lay(file: File, name: string, signal: AbortSignal): Promise<Egg> {
    if (this.trouble) throw new Away(this.trouble);
    if (this.broken.has(name)) throw new Away('core-away');
    if (this.busy > 0) {
      this.busy -= 1;
      throw new Busy(1);
    }
    this.asked.push(name);
    this.most = Math.max(this.most, ++this.atOnce);
    await new Promise((resolve) => setTimeout(resolve, this.slow));
    this.atOnce -= 1;
    signal.throwIfAborted();
    const text = await file.text();
    if (text.startsWith('torn')) throw new Refusal(422, { slug: 'undecodable-image', detail: 'Torn.' });
    return {
      json: JSON.stringify({ hothash: text, photo: text.split('+')[0] }),
      hothash: text,
      filename: name,
      format: 'JPEG',
    };
  }
  async probe(): Promise<Trouble | null> {
    return this.trouble;
  }
}

/** The library: a photo is what stands before the "+" of a file's text, so that "a+raw" and "a+jpg" are one. */
class Shelf implements Library {
  photos = new Map<string, number>();
  hashes = new Map<string, number>();
  trash = new Set<number>();
  batches: { key: string; eggs: number }[] = [];
  kept = 0;
  trouble: Trouble | null = null;
  sessions: { name: string; ended?: string; found?: number; processed?: number }[] = [];
  /** Keep the batch and lose the answer, once. */
  loseAnswer = false;
  refuseWhole: (photos: string[]) => boolean = () => false;
  #answers = new Map<string, KeptItem[]>();

  async known(sha256s: readonly string[]): Promise<Map<string, Known>> {
    if (this.trouble) throw new Away(this.trouble);
    expect(sha256s.length).toBeLessThanOrEqual(1000);
    const known = sha256s
      .filter((hash) => this.hashes.has(hash))
      .map((hash) => [hash, this.hashes.get(hash)!] as const);
    return new Map(known.map(([hash, photoId]) => [hash, { photoId, inTrash: this.trash.has(photoId) }]));
  }
  async keep(body: Blob, key: string): Promise<KeptItem[]> {
    if (this.trouble) throw new Away(this.trouble);
    const { eggs } = JSON.parse(await body.text());
    if (this.refuseWhole(eggs.map((egg: { photo_egg: { photo: string } }) => egg.photo_egg.photo))) {
      throw new Refusal(413, { slug: 'request-too-large', detail: 'Too large.' });
    }
    this.batches.push({ key, eggs: eggs.length });
    const answer = this.#answers.get(key) ?? eggs.map((egg: never) => this.#keepOne(egg));
    this.#answers.set(key, answer);
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new Away('library-away');
    }
    return answer;
  }
  #keepOne(egg: { photo_egg: { photo: string }; image_files: { sha256: string }[] }): KeptItem {
    this.kept += 1;
    const known = this.photos.get(egg.photo_egg.photo);
    const photoId = known ?? this.photos.size + 1;
    this.photos.set(egg.photo_egg.photo, photoId);
    this.hashes.set(egg.image_files[0]!.sha256, photoId);
    return { status: known === undefined ? 'created' : 'duplicate', photoId };
  }
  async begin(name: string): Promise<number> {
    return this.sessions.push({ name });
  }
  async report(session: number, progress: { found: number; processed: number }): Promise<void> {
    Object.assign(this.sessions[session - 1]!, progress);
  }
  async end(session: number, how: string): Promise<void> {
    this.sessions[session - 1]!.ended = how;
  }
}

const hasher = { sha256: async (file: File) => `sha-of-${await file.text()}`, close: () => {} };

interface World {
  journal: Journal;
  source: Folder;
  core: Core;
  library: Shelf;
  hasher: typeof hasher;
}

function world(files: Record<string, string>): World {
  return { journal: new MemoryJournal(), source: new Folder(files), core: new Core(), library: new Shelf(), hasher };
}

async function begin(ports: World): Promise<Run> {
  return ports.journal.begin({ name: 'Photos', volume: '', startedAt: 0 });
}

async function importAll(ports: World, run?: Run): Promise<View> {
  const engine = new Engine(ports, run ?? (await begin(ports)));
  await engine.start();
  return engine.view();
}

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.jpg`, `picture ${index}`]));

function only(view: View): Partial<Record<FileState, number>> {
  return Object.fromEntries(Object.entries(view.run.counts).filter(([, count]) => count > 0));
}

afterEach(() => vi.useRealTimers());

describe('an import', () => {
  it('brings what is new, names what is no photo, and says which file failed and why', async () => {
    const ports = world({ 'a.jpg': 'one', 'b.png': 'two', 'film.mov': 'x', 'torn.jpg': 'torn' });
    const view = await importAll(ports);

    expect(view.phase).toBe('completed');
    expect(only(view)).toEqual({ added: 2, ignored: 1, failed: 1 });
    expect([view.through, view.total]).toEqual([3, 3]);
    expect(await ports.journal.find(view.run.id, 'Photos/torn.jpg')).toMatchObject({
      failure: { slug: 'undecodable-image', detail: 'Torn.' },
    });
    expect(ports.library.sessions).toEqual([{ name: 'Photos', ended: 'complete', found: 3, processed: 3 }]);
  });

  it('joins a raw file to its picture, and tells that from a copy', async () => {
    const ports = world({ 'a.cr2': 'a+raw', 'a.jpg': 'a+jpg', 'copy.jpg': 'a+copied' });
    const view = await importAll(ports);
    expect(only(view)).toEqual({ added: 1, joined: 1, known: 1 });
    expect((await ports.journal.find(view.run.id, 'Photos/copy.jpg'))?.state).toBe('known');
  });

  it('sends one of several files with the same content, and links the others to it', async () => {
    const ports = world({ 'a.jpg': 'same', 'b.jpg': 'same', 'c.jpg': 'same', 'd.jpg': 'other' });
    const view = await importAll(ports);
    expect(only(view)).toEqual({ added: 2, known: 2 });
    expect(ports.core.asked).toHaveLength(2);
    const [a, c] = await Promise.all(['a', 'c'].map((name) => ports.journal.find(view.run.id, `Photos/${name}.jpg`)));
    expect(c!.photoId).toBe(a!.photoId);
  });

  it('asks core_service for nothing and reads nothing when the folder is imported again', async () => {
    const ports = world(many(120));
    await importAll(ports);
    const opened = ports.source.opened;
    const again = await importAll(ports);
    expect(only(again)).toEqual({ known: 120 });
    expect(ports.core.asked).toHaveLength(120);
    expect(ports.source.opened).toBe(opened);
  });

  it('says of a known photo that it lies in the trash, and leaves it there', async () => {
    const ports = world({ 'a.jpg': 'one' });
    await importAll(ports);
    ports.library.trash.add(1);
    const view = await importAll(ports);
    expect(await ports.journal.find(view.run.id, 'Photos/a.jpg')).toMatchObject({ state: 'known', inTrash: true });
    expect(ports.core.asked).toHaveLength(1);
  });

  it('sends batches, and never more files at once than the limit', async () => {
    const ports = world(many(200));
    ports.core.slow = 1;
    await importAll(ports);
    expect(ports.library.kept).toBe(200);
    expect(ports.library.batches.length).toBeLessThan(20);
    expect(Math.max(...ports.library.batches.map((batch) => batch.eggs))).toBeLessThanOrEqual(25);
    expect(ports.core.most).toBeGreaterThan(2);
    expect(ports.core.most).toBeLessThanOrEqual(8);
  });

  it('goes slower when core_service is busy, and loses nothing', async () => {
    const ports = world(many(30));
    ports.core.busy = 12;
    const view = await importAll(ports);
    expect(only(view)).toEqual({ added: 30 });
    expect(ports.core.asked).toHaveLength(30);
  });
});

describe('resuming', () => {
  it('goes on where the page ended: nothing is lost, nothing is kept twice, little is laid twice', async () => {
    const ports = world({ ...many(150), 'torn.jpg': 'torn' });
    ports.core.slow = 2;
    const engine = new Engine(ports, await begin(ports));
    void engine.start();
    await vi.waitFor(() => expect(ports.library.kept).toBeGreaterThan(40));
    await engine.leave(); // as a crash does: what is not in the journal is gone

    const before = (await ports.journal.latest())!;
    expect(before.counts.added).toBeLessThan(150);
    const view = await importAll(ports, before);

    expect(only(view)).toMatchObject({ failed: 1 });
    expect(view.run.counts.added + view.run.counts.known).toBe(150);
    expect(ports.library.photos.size).toBe(150);
    expect(ports.library.sessions).toHaveLength(1);
    // At most what was at core_service, waiting to be kept or on its way at the moment of the end.
    expect(ports.core.asked.length).toBeLessThanOrEqual(151 + 8 + 2 * 25);
    const settled = before.counts.added + before.counts.failed;
    expect(ports.core.asked.length).toBeLessThanOrEqual(151 + (151 - settled));
  });

  it('scans again when the first scan was cut off, and finds what was added meanwhile', async () => {
    const ports = world(many(3));
    const run = await begin(ports);
    await ports.journal.enrol(run.id, [{ path: 'Photos/0.jpg', size: 9, mtime: 1, kind: 'picture' }]);
    const view = await importAll(ports, (await ports.journal.latest())!);
    expect(only(view)).toEqual({ added: 3 });
  });

  it('remembers what was about to be sent, so that a copy of it still waits', async () => {
    const ports = world({ 'a.jpg': 'same', 'b.jpg': 'same' });
    ports.core.slow = 20;
    const run = await begin(ports);
    for await (const found of ports.source.scan(new AbortController().signal)) await ports.journal.enrol(run.id, found);
    const [a, b] = await ports.journal.take(run.id, 'found', 2);
    await ports.journal.settle(run.id, [
      { ...a!, state: 'ready', sha256: 'sha-of-same' },
      { ...b!, state: 'hashed', sha256: 'sha-of-same' },
    ]);
    const view = await importAll(ports, (await ports.journal.latest())!);
    expect(ports.core.asked).toHaveLength(1);
    expect(only(view)).toEqual({ added: 1, known: 1 });
  });

  it('stays paused after a reload, until somebody says otherwise', async () => {
    const ports = world(many(3));
    const run = await begin(ports);
    await ports.journal.change(run.id, { state: 'paused' });
    const engine = new Engine(ports, (await ports.journal.latest())!);
    const done = engine.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(engine.view().phase).toBe('paused');
    expect(ports.core.asked).toEqual([]);
    await engine.resume();
    await done;
    expect(engine.view().phase).toBe('completed');
  });
});

describe('trouble', () => {
  it('holds files back while core_service is away, says so, and goes on when it is there again', async () => {
    const ports = world(many(10));
    ports.core.trouble = 'core-origin';
    const engine = new Engine(ports, await begin(ports));
    const done = engine.start();
    await vi.waitFor(() => expect(engine.view().trouble).toEqual({ need: 'core', what: 'core-origin' }));
    expect(engine.view().phase).toBe('troubled');
    expect(engine.view().run.counts.failed).toBe(0);

    ports.core.trouble = null;
    engine.probe();
    await done;
    expect(only(engine.view())).toEqual({ added: 10 });
  });

  it('blames a file that breaks the connection while the service is well', async () => {
    const ports = world(many(3));
    ports.core.broken.add('1.jpg');
    const view = await importAll(ports);
    expect(only(view)).toEqual({ added: 2, failed: 1 });
    expect((await ports.journal.find(view.run.id, 'Photos/1.jpg'))?.failure?.slug).toBe('not-sent');
  });

  it('waits for an unplugged disk instead of calling every file unreadable', async () => {
    const ports = world(many(20));
    ports.source.plugged = false;
    const engine = new Engine(ports, await begin(ports));
    const done = engine.start();
    await vi.waitFor(() => expect(engine.view().trouble).toEqual({ need: 'folder', what: 'folder-gone' }));
    ports.source.plugged = true;
    engine.probe();
    await done;
    expect(only(engine.view())).toEqual({ added: 20 });
  });

  it('keeps nothing twice when the answer to a batch is lost', async () => {
    const ports = world(many(5));
    ports.library.loseAnswer = true;
    const view = await importAll(ports);
    expect(only(view)).toEqual({ added: 5 });
    expect(ports.library.kept).toBe(5);
    expect(new Set(ports.library.batches.map((batch) => batch.key)).size).toBe(1);
  });

  it('waits for a new sign-in', async () => {
    const ports = world(many(5));
    ports.library.trouble = 'signed-out';
    const engine = new Engine(ports, await begin(ports));
    const done = engine.start();
    await vi.waitFor(() => expect(engine.view().trouble?.what).toBe('signed-out'));
    ports.library.trouble = null;
    engine.probe();
    await done;
    expect(only(engine.view())).toEqual({ added: 5 });
  });

  it('halves a batch that is refused as a whole until the culprit stands alone', async () => {
    const ports = world(many(9));
    ports.library.refuseWhole = (photos) => photos.includes('picture 3');
    const view = await importAll(ports);
    expect(only(view)).toEqual({ added: 8, failed: 1 });
  });

  it('says when a file changed or vanished under its hands', async () => {
    const ports = world({ 'a.jpg': 'one', 'b.jpg': 'two', 'c.jpg': '' });
    const run = await begin(ports);
    for await (const found of ports.source.scan(new AbortController().signal)) await ports.journal.enrol(run.id, found);
    ports.source.files['a.jpg'] = 'longer than before';
    delete ports.source.files['b.jpg'];
    await ports.journal.change(run.id, { scanned: true });
    const view = await importAll(ports, (await ports.journal.latest())!);
    const slugs = (await ports.journal.page(view.run.id, 'failed', 0, 9)).map((entry) => entry.failure?.slug);
    expect(slugs.sort()).toEqual(['file-changed', 'file-empty', 'file-gone']);
  });

  it('does not go on over a fault that nobody foresaw', async () => {
    const ports = world(many(3));
    ports.library.keep = () => Promise.reject(new TypeError('a mistake of ours'));
    const view = await importAll(ports);
    expect(view).toMatchObject({ phase: 'broken', fault: 'TypeError: a mistake of ours' });
  });
});

describe('the buttons', () => {
  it('pause lets what is in hand be finished and takes nothing new', async () => {
    const ports = world(many(60));
    ports.core.slow = 2;
    const engine = new Engine(ports, await begin(ports));
    const done = engine.start();
    await vi.waitFor(() => expect(ports.core.asked.length).toBeGreaterThan(8));
    await engine.pause();
    await vi.waitFor(() => expect(engine.view().active).toEqual([]));
    const asked = ports.core.asked.length;
    expect(ports.library.kept).toBe(asked);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ports.core.asked.length).toBe(asked);
    await engine.resume();
    await done;
    expect(ports.library.kept).toBe(60);
  });

  it('cancel ends it at once, and what came stays', async () => {
    const ports = world(many(100));
    ports.core.slow = 15;
    const engine = new Engine(ports, await begin(ports));
    void engine.start();
    await vi.waitFor(() => expect(ports.library.kept).toBeGreaterThan(10));
    await engine.cancel();
    expect(engine.view().phase).toBe('cancelled');
    expect(ports.library.sessions[0]?.ended).toBe('cancel');
    expect(ports.library.photos.size).toBeLessThan(100);
    expect(await ports.journal.latest()).toMatchObject({ state: 'cancelled' });
  });

  it('retry tries failed files again, and only those', async () => {
    const ports = world({ ...many(3), 'torn.jpg': 'torn' });
    const view = await importAll(ports);
    const asked = ports.core.asked.length;
    ports.source.files['torn.jpg'] = 'tore';
    ports.hasher = hasher;
    await ports.journal.retry(view.run.id);
    const run = await ports.journal.change(view.run.id, { state: 'running' });
    ports.core.lay = Core.prototype.lay.bind(ports.core);
    const after = await importAll(ports, run);
    expect(only(after)).toEqual({ added: 4 });
    expect(ports.core.asked.length).toBe(asked + 1);
  });
});
