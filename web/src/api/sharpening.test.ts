import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Sharpening, sideFor } from './sharpening.svelte';

let asked: string[];
let open: { url: string; answer: (headers?: Record<string, string>) => void; signal: AbortSignal }[];
let revoked: string[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  open = [];
  revoked = [];
  let made = 0;
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal(
    'URL',
    class extends URL {
      static override createObjectURL = () => `blob:${++made}`;
      static override revokeObjectURL = (url: string) => void revoked.push(url);
    },
  );
  vi.stubGlobal('fetch', (url: string, { signal }: { signal: AbortSignal }) => {
    asked.push(url);
    return new Promise<Response>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      open.push({ url, signal, answer: (headers = {}) => resolve(new Response('jpeg', { headers })) });
    });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const tiles = (from: number, to: number, side = 300) =>
  Array.from({ length: to - from }, (_, i) => ({ id: from + i, side }));

async function answerAll() {
  while (open.length) {
    open.shift()!.answer();
    await settled();
  }
}

it('a tile no larger than its hotpreview is left as it is, and sizes are few', () => {
  expect([100, 150, 187].map(sideFor)).toEqual([null, null, null]);
  expect([200, 400, 500, 700, 3000].map(sideFor)).toEqual([320, 320, 480, 640, 960]);
});

it('nothing is asked for while the reader moves; what is seen at rest is asked for, three at a time', async () => {
  const sharpening = new Sharpening(async () => {});
  for (let step = 0; step < 10; step++) {
    sharpening.moved(() => tiles(step * 10, step * 10 + 5));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual([90, 91, 92].map((id) => `/api/v1/photos/${id}/coldpreview?width=320&height=320`));
  await answerAll();
  expect([...sharpening.url.keys()]).toEqual([90, 91, 92, 93, 94]);
});

it('what is asked for is given up when the reader goes on, and what is here is not asked for again', async () => {
  const sharpening = new Sharpening(async () => {});
  sharpening.moved(() => tiles(0, 5));
  await vi.advanceTimersByTimeAsync(400);
  open.shift()!.answer();
  await settled();
  sharpening.moved(() => tiles(0, 3));
  expect(open.filter(({ signal }) => signal.aborted)).toHaveLength(3);
  open = [];
  asked = [];
  await vi.advanceTimersByTimeAsync(400);
  expect(asked.map((url) => url.split('/')[4])).toEqual(['1', '2']);
});

it('so many are kept, and the addresses of others are given back', async () => {
  const sharpening = new Sharpening(async () => {});
  for (const from of [0, 100]) {
    sharpening.moved(() => tiles(from, from + 100));
    await vi.advanceTimersByTimeAsync(400);
    await answerAll();
  }
  expect(sharpening.url.size).toBe(120);
  expect(revoked).toHaveLength(80);
  expect([...sharpening.url.keys()].at(-1)).toBe(199);
  sharpening.clear();
  expect(revoked).toHaveLength(200);
});

it('when the service cannot make pictures smaller, nothing more is asked for', async () => {
  const sharpening = new Sharpening(async () => {});
  sharpening.moved(() => tiles(0, 9));
  await vi.advanceTimersByTimeAsync(400);
  open[0]!.answer({ 'Content-Length': '900000' });
  await settled();
  sharpening.moved(() => tiles(10, 19));
  await vi.advanceTimersByTimeAsync(400);
  expect(asked).toHaveLength(3);
  expect(sharpening.url.size).toBe(0);
});
