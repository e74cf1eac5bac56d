import { describe, expect, it } from 'vitest';
import { bytes, camera, exposure, position } from './exposure';
import { fitted, WHOLE, within, zoom } from './viewing';

describe('a picture in a frame', () => {
  const frame = { width: 1000, height: 600 };

  it('is as large as the frame lets it be', () => {
    expect(fitted(1.5, frame)).toEqual({ width: 900, height: 600 });
    expect(fitted(3, frame)).toEqual({ width: 1000, height: 1000 / 3 });
  });

  it('zooms around the point under the pointer', () => {
    const view = zoom(WHOLE, 2, 100, -50);
    expect((100 - view.x) / view.scale).toBeCloseTo(100);
    expect((-50 - view.y) / view.scale).toBeCloseTo(-50);
    expect(zoom(view, 0.1, 0, 0)).toEqual(WHOLE);
    expect(zoom(WHOLE, 100, 0, 0).scale).toBe(8);
  });

  it('cannot be moved out of the frame', () => {
    const picture = fitted(1.5, frame);
    expect(within({ scale: 2, x: 9999, y: -9999 }, frame, picture)).toEqual({ scale: 2, x: 400, y: -300 });
    expect(within({ scale: 1, x: 50, y: 50 }, frame, picture)).toEqual({ scale: 1, x: 0, y: 0 });
  });
});

describe('what a camera wrote', () => {
  it('is said as photographers say it', () => {
    expect(exposure({ focal_length: 50, f_number: 1.8, exposure_time: '1/250', iso: 200 })).toBe(
      '50 mm · f/1.8 · 1/250 s · ISO 200',
    );
    expect(exposure({})).toBe('');
  });

  it('names the camera once', () => {
    expect(camera('Canon', 'Canon EOS R5')).toBe('Canon EOS R5');
    expect(camera('NIKON CORPORATION', 'NIKON Z 6')).toBe('NIKON Z 6');
    expect(camera('Apple', 'iPhone 15')).toBe('Apple iPhone 15');
    expect(camera(null, null)).toBe('');
  });

  it('counts bytes and degrees', () => {
    expect([0, 999, 2_485_760, 31_000_000_000].map((size) => bytes(size))).toEqual(['0 B', '999 B', '2.5 MB', '31 GB']);
    expect(position(-33.86, 151.21)).toBe('33.8600° S, 151.2100° E');
  });
});
