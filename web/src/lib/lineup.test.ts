import { expect, it } from 'vitest';
import { moved, runs, stepped } from './lineup';

it.each([
  [0, 2, 'bcad'],
  [3, 0, 'dabc'],
  [1, 1, 'abcd'],
  [2, 3, 'abdc'],
])('what was at %i is at %i', (from, to, then) => {
  expect(moved([...'abcd'], from, to).join('')).toBe(then);
});

it('photos are runs between texts, which stand alone', () => {
  expect(runs([...'ppTpTTp'], (one) => one === 'T').map((run) => run.join(''))).toEqual([
    'pp',
    'T',
    'p',
    'T',
    'T',
    'p',
  ]);
  expect(runs([], () => true)).toEqual([]);
});

it.each([
  ['ArrowRight', 5],
  ['ArrowLeft', 3],
  ['ArrowUp', 1],
  ['ArrowDown', 7],
  ['Home', 0],
  ['End', 8],
  ['x', null],
])('on three columns %s leads from 4 to %s', (key, to) => {
  expect(stepped(4, key, 3, 9)).toBe(to);
});

it('no arrow leads out of the grid', () => {
  expect(stepped(0, 'ArrowLeft', 3, 9)).toBeNull();
  expect(stepped(1, 'ArrowUp', 3, 9)).toBeNull();
  expect(stepped(8, 'ArrowDown', 3, 9)).toBeNull();
});
