import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const kept = new Map<string, string>();
let asked: string[];
let answers: (url: string) => Response;

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: 1_000_000_000 });
  kept.clear();
  asked = [];
  answers = (url) => (url.includes('refresh') ? Response.json({ expires_in: 3600 }) : Response.json({}));
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return answers(url);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a sign-in is renewed before it runs out, without being asked', async () => {
  const { signedInFor } = await import('./refresh');
  signedInFor(3600);
  await vi.advanceTimersByTimeAsync(3_500_000);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual(['/api/v1/auth/refresh']);
  await vi.advanceTimersByTimeAsync(3_560_000);
  expect(asked).toHaveLength(2);
});

test('after a long sleep the sign-in is renewed before the first question, once for all who ask', async () => {
  const { fetchSignedIn, signedInFor } = await import('./refresh');
  signedInFor(3600);
  vi.setSystemTime(1_000_000_000 + 4_000_000);
  await Promise.all([fetchSignedIn('/a', {}), fetchSignedIn('/b', {})]);
  expect(asked).toEqual(['/api/v1/auth/refresh', '/a', '/b']);
});

test('a sign-in that was ended elsewhere is over: no endless asking', async () => {
  answers = () => new Response('{}', { status: 401 });
  const { fetchSignedIn, signedInFor } = await import('./refresh');
  signedInFor(3600);
  expect((await fetchSignedIn('/a', {})).status).toBe(401);
  expect(asked).toEqual(['/a', '/api/v1/auth/refresh']);
  await vi.advanceTimersByTimeAsync(10_000_000);
  expect(asked).toHaveLength(2);
});

test('who never signed in asks as anybody', async () => {
  const { fetchSignedIn } = await import('./refresh');
  await fetchSignedIn('/a', {});
  expect(asked).toEqual(['/a']);
});
