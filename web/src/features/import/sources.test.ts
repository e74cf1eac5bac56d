// Scanning: folders of folders, litter left out, a hundred entries at a time, files that vanish.
import { describe, expect, it } from 'vitest';
import type { Found } from './journal';
import { EntrySource, HandleSource, ListSource, ManySource } from './sources';
import type { Source } from './sources';

type Tree = { [name: string]: Tree | string };

const TREE: Tree = {
  'b.jpg': 'bb',
  'a.jpg': 'a',
  'a.CR2': 'raw',
  '.DS_Store': 'x',
  '._a.jpg': 'x',
  'note.txt': 'text',
  '@eaDir': { 'a.jpg': 'thumb' },
  '2024': { 'a.jpg': 'other a', deep: { 'z.heic': 'z' } },
};

const isFolder = (child: Tree | string): child is Tree => typeof child !== 'string';

function handle(name: string, tree: Tree): FileSystemDirectoryHandle {
  const file = (child: string) => ({
    kind: 'file',
    name: child,
    getFile: async () => new File([tree[child] as string], child, { lastModified: 7 }),
  });
  const missing = () => new DOMException('gone', 'NotFoundError');
  return {
    kind: 'directory',
    name,
    async *values() {
      for (const [child, what] of Object.entries(tree)) yield isFolder(what) ? handle(child, what) : file(child);
    },
    async getDirectoryHandle(child: string) {
      const what = tree[child];
      if (what === undefined || !isFolder(what)) throw missing();
      return handle(child, what);
    },
    async getFileHandle(child: string) {
      if (typeof tree[child] !== 'string') throw missing();
      return file(child);
    },
  } as unknown as FileSystemDirectoryHandle;
}

function entry(name: string, tree: Tree): FileSystemDirectoryEntry {
  const all = Object.entries(tree).map(([child, what]) =>
    isFolder(what) ? entry(child, what) : fileEntry(child, what),
  );
  return {
    isDirectory: true,
    isFile: false,
    name,
    createReader() {
      let at = 0;
      return { readEntries: (done: (some: unknown[]) => void) => done(all.slice(at, (at += 100))) };
    },
    getFile(path: string, _: unknown, done: (entry: unknown) => void, failed: (error: unknown) => void) {
      let node: Tree | string | undefined = tree;
      for (const part of path.split('/')) node = node !== undefined && isFolder(node) ? node[part] : undefined;
      if (typeof node === 'string') done(fileEntry(path.split('/').pop()!, node));
      else failed(new DOMException('gone', 'NotFoundError'));
    },
  } as unknown as FileSystemDirectoryEntry;
}

const fileEntry = (name: string, text: string) => ({
  isDirectory: false,
  isFile: true,
  name,
  file: (done: (file: File) => void) => done(new File([text], name, { lastModified: 7 })),
});

function listed(name: string, tree: Tree): File[] {
  return Object.entries(tree).flatMap(([child, what]) => {
    if (isFolder(what)) return listed(`${name}/${child}`, what);
    const file = new File([what], child, { lastModified: 7 });
    Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/${child}` });
    return [file];
  });
}

async function all(source: Source): Promise<Found[]> {
  const found: Found[] = [];
  for await (const some of source.scan(new AbortController().signal)) {
    expect(some.length).toBeLessThanOrEqual(250);
    found.push(...some);
  }
  return found;
}

describe.each<[string, (tree: Tree) => Source]>([
  ['from a handle', (tree) => new HandleSource(handle('Photos', tree))],
  ['dropped', (tree) => new EntrySource(entry('Photos', tree))],
  ['from an input', (tree) => new ListSource(listed('Photos', tree), 'Files')],
])('a folder %s', (_, make) => {
  it('gives every file once with its path, and leaves litter out', async () => {
    const source = make(TREE);
    expect(source.name).toBe('Photos');
    const found = await all(source);
    expect(found.map((file) => file.path).sort()).toEqual([
      'Photos/2024/a.jpg',
      'Photos/2024/deep/z.heic',
      'Photos/a.CR2',
      'Photos/a.jpg',
      'Photos/b.jpg',
      'Photos/note.txt',
    ]);
    const raw = found.find((file) => file.path === 'Photos/a.CR2');
    expect(raw).toEqual({ path: 'Photos/a.CR2', size: 3, mtime: 7, kind: 'raw', mate: 'Photos/a.jpg' });
    expect(found.find((file) => file.path === 'Photos/2024/a.jpg')).not.toHaveProperty('mate');
  });

  it('opens a file again by its path, and says when it is gone', async () => {
    const source = make(TREE);
    expect(await (await source.open('Photos/2024/deep/z.heic')).text()).toBe('z');
    expect(await (await source.open('Photos/2024/a.jpg')).text()).toBe('other a');
    await expect(source.open('Photos/2024/none.jpg')).rejects.toMatchObject({ name: 'NotFoundError' });
    expect(await source.alive()).toBe(true);
  });

  it('gives all of a folder with more entries than are handed out at once', async () => {
    const tree = Object.fromEntries(Array.from({ length: 1234 }, (_, index) => [`${index}.jpg`, 'x']));
    expect(await all(make(tree))).toHaveLength(1234);
  });
});

it('loose files have a name of the page, and two of the same name are two', async () => {
  const source = new ListSource([new File(['1'], 'a.jpg'), new File(['2'], 'a.jpg')], 'Chosen files');
  expect((await all(source)).map((file) => file.path)).toEqual(['Chosen files/a.jpg', 'Chosen files/2/a.jpg']);
  expect(await (await source.open('Chosen files/2/a.jpg')).text()).toBe('2');
});

it('several dropped folders are one import', async () => {
  const source = new ManySource('A, B', [
    new HandleSource(handle('A', { 'a.jpg': '1' })),
    new EntrySource(entry('B', { 'a.jpg': '2' })),
  ]);
  expect((await all(source)).map((file) => file.path)).toEqual(['A/a.jpg', 'B/a.jpg']);
  expect(await (await source.open('B/a.jpg')).text()).toBe('2');
});

it('a file that cannot be looked at is found all the same, to fail in its turn', async () => {
  const folder = handle('Photos', { 'a.jpg': 'x' });
  const values = folder.values.bind(folder);
  folder.values = async function* () {
    for await (const child of values()) {
      yield Object.assign(child, { getFile: () => Promise.reject(new DOMException('no', 'NotReadableError')) });
    }
  } as never;
  expect(await all(new HandleSource(folder))).toEqual([{ path: 'Photos/a.jpg', size: 0, mtime: 0, kind: 'picture' }]);
});
