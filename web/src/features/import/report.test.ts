import { expect, it } from 'vitest';
import type { FileEntry } from './journal';
import { reportOf } from './report';
import { en } from './words.en';
import { nb } from './words.nb';

const entry = (more: Partial<FileEntry>): FileEntry => ({
  path: 'Photos/a.jpg',
  size: 10,
  mtime: 0,
  kind: 'picture',
  run: 1,
  seq: 1,
  state: 'added',
  ...more,
});
const words = { head: ['file'], state: (one: FileEntry) => one.state, reason: () => '' };

async function rows(entries: FileEntry[]): Promise<string[]> {
  const report = await reportOf(async (offset, limit) => entries.slice(offset, offset + limit), words);
  const bytes = new Uint8Array(await report.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  return new TextDecoder().decode(bytes).trimEnd().split('\r\n').slice(1);
}

it('has a row for every file, also when there are more than are read at once', async () => {
  const entries = Array.from({ length: 4001 }, (_, index) => entry({ path: `${index}.jpg` }));
  expect(await rows(entries)).toHaveLength(4001);
  expect(await rows(entries.slice(0, 2000))).toHaveLength(2000);
});

it('quotes what must be quoted, and lets no file name become a formula', async () => {
  const failure = { slug: 'x', detail: 'He said "no"', requestId: 'r1' };
  const [first, second] = await rows([
    entry({ path: '=1+1.jpg', failure }),
    entry({ path: 'a,b.jpg', photoId: 3, mtime: 1 }),
  ]);
  expect(first).toBe(`'=1+1.jpg,10,,picture,added,,,"He said ""no""",r1,`);
  expect(second).toBe('"a,b.jpg",10,1970-01-01T00:00:00.001Z,picture,added,3,,,,');
});

it('both languages know every reason, and how long it takes', () => {
  expect(Object.keys(nb.failures).sort()).toEqual(Object.keys(en.failures).sort());
  expect([30, 61, 3600, 3 * 3600 + 1200].map(en.left)).toEqual([
    'less than a minute left',
    'about 1 minute left',
    'about 1 hour 0 min left',
    'about 3 hours 20 min left',
  ]);
});
