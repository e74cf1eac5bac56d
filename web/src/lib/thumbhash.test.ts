import { describe, expect, it } from 'vitest';
import { blurOf, decode } from './thumbhash';

// A grey of brightness 32/63 with no structure: scales of nothing, lx 7, ly 5, landscape.
const GREY = Uint8Array.of(0b00100000, 0b00001000, 0b00000010, 5, 0x80, ...new Array(20).fill(0x88));

describe('a ThumbHash', () => {
  it('without structure is one colour', () => {
    const bytes = Uint8Array.from(GREY);
    // p and q: 32 of 63 is about zero.
    bytes[0] = 32 | ((32 & 3) << 6);
    bytes[1] = (32 >> 2) | ((32 & 15) << 4);
    bytes[2] = 32 >> 4;
    const [width, height, pixels] = decode(bytes);
    expect(width).toBeGreaterThan(height);
    expect(Math.max(...pixels) - Math.min(...pixels)).toBeLessThan(12);
    expect(Math.abs(pixels[0]! - 130)).toBeLessThan(8);
  });

  it('becomes an address of a bitmap', () => {
    const base64 = btoa(String.fromCharCode(...GREY));
    expect(blurOf(base64)).toMatch(/^data:image\/bmp;base64,Qk/);
  });

  it('that is none becomes nothing', () => {
    expect(blurOf('')).toBeNull();
    expect(blurOf('%%%')).toBeNull();
  });
});
