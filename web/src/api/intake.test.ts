import { expect, it } from 'vitest';
import { retryAfter } from './intake';

it('Retry-After is understood as seconds and as a date, within two minutes', () => {
  expect(retryAfter('3')).toBe(3000);
  expect(retryAfter('9999')).toBe(120_000);
  expect(retryAfter('Fri, 20 Nov 2026 09:00:10 GMT', Date.parse('2026-11-20T09:00:00Z'))).toBe(10_000);
  expect(retryAfter('Fri, 20 Nov 2026 08:00:00 GMT', Date.parse('2026-11-20T09:00:00Z'))).toBe(0);
  expect(retryAfter('soon')).toBeNull();
  expect(retryAfter(null)).toBeNull();
});
