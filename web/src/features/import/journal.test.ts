// Both journals keep the same promises.
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal-idb';
import { MemoryJournal } from './journal-memory';
import type { Found, Journal } from './journal';

const photo = (name: string, more: Partial<Found> = {}): Found => ({
  path: `Photos/${name}`,
  size: 10,
  mtime: 1,
  kind: 'picture',
  ...more,
});
const start = { name: 'Photos', volume: '', startedAt: 5 };

let user = 0;
const kinds: [string, () => Promise<Journal>][] = [
  ['in memory', async () => new MemoryJournal()],
  ['in IndexedDB', () => openJournal((user += 1))],
];

describe.each(kinds)('a journal %s', (_, open) => {
  let journal: Journal;
  beforeEach(async () => {
    journal = await open();
  });

  it('enters what is found once, in the order of scanning, and counts it', async () => {
    const run = await journal.begin(start);
    await journal.enrol(run.id, [photo('b'), photo('a'), photo('c.mov', { kind: 'video' })]);
    const after = await journal.enrol(run.id, [photo('a'), photo('d', { size: 7 })]);

    expect(after.counts).toMatchObject({ found: 3, ignored: 1, hashed: 0 });
    expect(after.bytes).toMatchObject({ found: 27, ignored: 10 });
    const all = await journal.page(run.id, null, 0, 10);
    expect(all.map((entry) => entry.path)).toEqual(['Photos/b', 'Photos/a', 'Photos/c.mov', 'Photos/d']);
  });

  it('takes a file for another when its size or time has changed', async () => {
    const run = await journal.begin(start);
    await journal.enrol(run.id, [photo('a'), photo('a', { mtime: 2 }), photo('a', { size: 11 })]);
    expect((await journal.latest())?.counts.found).toBe(3);
  });

  it('settles entries and lets counts follow', async () => {
    const run = await journal.begin(start);
    await journal.enrol(run.id, [photo('a'), photo('b'), photo('c')]);
    const [a, b] = await journal.take(run.id, 'found', 2);
    const after = await journal.settle(run.id, [
      { ...a!, state: 'added', sha256: 'aa', photoId: 7 },
      { ...b!, state: 'failed', failure: { slug: 'undecodable-image', detail: 'Torn.' } },
    ]);

    expect(after.counts).toMatchObject({ found: 1, added: 1, failed: 1 });
    expect(await journal.find(run.id, 'Photos/a')).toMatchObject({ state: 'added', photoId: 7 });
    expect((await journal.take(run.id, 'found', 10)).map((entry) => entry.path)).toEqual(['Photos/c']);
    expect(await journal.find(run.id, 'Photos/zzz')).toBeUndefined();
  });

  it('does not share what it holds with who asked', async () => {
    const run = await journal.begin(start);
    await journal.enrol(run.id, [photo('a')]);
    const [a] = await journal.take(run.id, 'found', 1);
    a!.state = 'added';
    expect((await journal.take(run.id, 'found', 1))[0]?.state).toBe('found');
  });

  it('pages through one state, and through all', async () => {
    const run = await journal.begin(start);
    await journal.enrol(
      run.id,
      Array.from({ length: 20 }, (_, index) => photo(`${index}`, index % 2 ? { kind: 'video' } : {})),
    );
    const names = async (...asked: Parameters<Journal['page']>) =>
      (await journal.page(...asked)).map((entry) => entry.path.slice(7)).join(' ');

    expect(await names(run.id, 'found', 0, 3)).toBe('0 2 4');
    expect(await names(run.id, 'found', 3, 3)).toBe('6 8 10');
    expect(await names(run.id, 'ignored', 8, 5)).toBe('17 19');
    expect(await names(run.id, 'found', 10, 5)).toBe('');
    expect(await names(run.id, null, 5, 3)).toBe('5 6 7');
  });

  it('gives failed files another try from where they failed', async () => {
    const run = await journal.begin(start);
    await journal.enrol(run.id, [photo('a'), photo('b')]);
    const [a, b] = await journal.take(run.id, 'found', 2);
    const failure = { slug: 'unreadable', detail: '' };
    await journal.settle(run.id, [
      { ...a!, state: 'failed', failure },
      { ...b!, state: 'failed', failure, sha256: 'bb' },
    ]);
    expect((await journal.retry(run.id)).counts).toMatchObject({ failed: 0, found: 1, hashed: 1 });
    expect(await journal.find(run.id, 'Photos/a')).not.toHaveProperty('failure');
  });

  it('remembers hashes for the next import of the same files, and nothing else of the last one', async () => {
    const first = await journal.begin(start);
    await journal.enrol(first.id, [photo('a'), photo('b')]);
    const [a] = await journal.take(first.id, 'found', 1);
    await journal.settle(first.id, [{ ...a!, state: 'added', sha256: 'aa' }]);

    const second = await journal.begin(start);
    expect(second.id).not.toBe(first.id);
    const after = await journal.enrol(second.id, [photo('a'), photo('b'), photo('a', { mtime: 3 })]);
    expect(after.counts).toMatchObject({ hashed: 1, found: 2, added: 0 });
    expect(await journal.page(first.id, null, 0, 10)).toEqual([]);

    await journal.clear();
    expect(await journal.latest()).toBeUndefined();
  });

  it('changes a run, and refuses one that is not there', async () => {
    const run = await journal.begin(start);
    await journal.change(run.id, { state: 'paused', importSession: 4 });
    expect(await journal.latest()).toMatchObject({ state: 'paused', importSession: 4, name: 'Photos' });
    await expect(journal.settle(99, [])).rejects.toThrow('no import 99');
  });
});

it('the journal in IndexedDB is there when it is opened again, for its own user only', async () => {
  const before = await openJournal('kari');
  const run = await before.begin(start);
  await before.enrol(run.id, [photo('a')]);
  before.close();

  expect((await (await openJournal('kari')).latest())?.counts.found).toBe(1);
  expect(await (await openJournal('ola')).latest()).toBeUndefined();
});
