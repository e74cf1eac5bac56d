import { expect, it } from 'vitest';
import { FLAG, flagged, ratingOf } from './flags';

it('the rating is read beside the other flags, and changed without them', () => {
  const flags = FLAG.mine | FLAG.located | FLAG.large | (4 * 16);
  expect(ratingOf(flags)).toBe(4);
  expect(ratingOf(FLAG.large)).toBe(0);
  expect(flagged(flags, { rating: 5 })).toBe(FLAG.mine | FLAG.located | FLAG.large | (5 * 16));
  expect(flagged(flags, { rating: 0, large: false })).toBe(FLAG.mine | FLAG.located);
});

it('what is not said stays', () => {
  for (let flags = 0; flags < 256; flags++) expect(flagged(flags, {})).toBe(flags);
  expect(flagged(FLAG.shared, { shared: false })).toBe(0);
  expect(flagged(0, { shared: true, raw: true })).toBe(FLAG.shared | FLAG.raw);
});
