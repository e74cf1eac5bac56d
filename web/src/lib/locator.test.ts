import { expect, it } from 'vitest';
import { landPath, type Around } from './locator';
import type { Area } from './topology';

const square = (west: number, south: number, size: number): Area => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
    ],
  ],
});
const around = (latitude: number, longitude: number): Around => ({
  latitude,
  longitude,
  width: 200,
  height: 100,
  degrees: 10,
});

it('a position is in the middle, north is up, and a degree is a tenth of the height', () => {
  expect(landPath([square(0, 0, 2)], around(0, 0))).toBe('M100.0 50.0L120.0 50.0L120.0 30.0L100.0 30.0Z');
});

it('degrees of longitude are narrower towards the poles', () => {
  expect(landPath([square(10, 60, 2)], around(60, 10))).toBe('M100.0 50.0L110.0 50.0L110.0 30.0L100.0 30.0Z');
});

it('land beyond the antimeridian is drawn where it is seen', () => {
  expect(landPath([square(-180, 0, 2)], around(0, 179))).toBe('M110.0 50.0L130.0 50.0L130.0 30.0L110.0 30.0Z');
});

it('what lies outside of the frame is left out, and what is too fine to be seen is one point', () => {
  expect(landPath([square(30, 0, 2)], around(0, 0))).toBe('');
  expect(landPath([square(0, 0, 0.01)], around(0, 0))).toBe('M100.0 50.0Z');
});

it('land that reaches far is cut outside of what is seen', () => {
  expect(landPath([square(-90, -45, 90)], around(0, 0))).toBe('M-200.0 200.0L100.0 200.0L100.0 -100.0L-200.0 -100.0Z');
});

it('near a pole there is still something to draw', () => {
  expect(landPath([square(-90, 80, 9)], around(89.9, 0))).not.toContain('NaN');
});
