import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha256 } from './hashing';

const bytes = new Uint8Array(9_000_001).map((_, index) => (index * 31) % 251);
const expected = createHash('sha256').update(bytes).digest('hex');

it('a file in one piece and a file read piece by piece have the same hash', async () => {
  expect(await sha256(new Blob([bytes]))).toBe(expected);
  expect(await sha256(new Blob([bytes]), null)).toBe(expected);
});

it('without WebCrypto, and for nothing at all, there is a hash', async () => {
  const streaming = { digest: () => Promise.reject(new Error('not for large files')) } as unknown as SubtleCrypto;
  const large = { size: 65 * 1024 * 1024, slice: () => new Blob([]) } as unknown as Blob;
  expect(await sha256(large, streaming)).toBe(createHash('sha256').digest('hex'));
});
