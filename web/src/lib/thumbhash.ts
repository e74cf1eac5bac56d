// ThumbHash: some 25 bytes that hold the blur of a photo, as cosines of brightness and of two colour differences.
// Decoded to a tiny bitmap that the browser stretches.

const LONG_SIDE = 14;

interface Channel {
  nx: number;
  ny: number;
  factors: number[];
}

/** A `data:` address of the blur, or null for what is no ThumbHash. */
export function blurOf(base64: string): string | null {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
  if (bytes.length < 5) return null;
  const [width, height, pixels] = decode(bytes);
  return `data:image/bmp;base64,${btoa(bitmap(width, height, pixels))}`;
}

/** Width, height, and the pixels row by row from the top: red, green, blue. */
export function decode(bytes: Uint8Array): [number, number, Uint8Array] {
  const head = bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16);
  const shape = bytes[3]! | (bytes[4]! << 8);
  const alpha = head >> 23 === 1;
  const landscape = shape >> 15 === 1;
  const detail = alpha ? 5 : 7;
  const lx = Math.max(3, landscape ? detail : shape & 7);
  const ly = Math.max(3, landscape ? shape & 7 : detail);
  let nibble = 2 * (alpha ? 6 : 5);

  const channel = (nx: number, ny: number, scale: number): Channel => {
    const factors: number[] = [];
    for (let cy = 0; cy < ny; cy++) {
      for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) {
        const byte = bytes[nibble >> 1] ?? 0;
        factors.push((((byte >> ((nibble & 1) * 4)) & 15) / 7.5 - 1) * scale);
        nibble++;
      }
    }
    return { nx, ny, factors };
  };

  const light = channel(lx, ly, ((head >> 18) & 31) / 31);
  const yellow = channel(3, 3, (((shape >> 3) & 63) / 63) * 1.25);
  const red = channel(3, 3, (((shape >> 9) & 63) / 63) * 1.25);
  const mean = [(head & 63) / 63, ((head >> 6) & 63) / 31.5 - 1, ((head >> 12) & 63) / 31.5 - 1] as const;

  const width = lx >= ly ? LONG_SIDE : Math.max(2, Math.round((LONG_SIDE * lx) / ly));
  const height = lx >= ly ? Math.max(2, Math.round((LONG_SIDE * ly) / lx)) : LONG_SIDE;
  const across = cosines(width, Math.max(lx, 3));
  const down = cosines(height, Math.max(ly, 3));
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const l = mean[0] + wave(light, across[x]!, down[y]!);
      const p = mean[1] + wave(yellow, across[x]!, down[y]!);
      const q = mean[2] + wave(red, across[x]!, down[y]!);
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      for (const value of [r, r - q, b]) pixels[at++] = Math.max(0, Math.min(255, Math.round(value * 255)));
    }
  }
  return [width, height, pixels];
}

function cosines(size: number, count: number): number[][] {
  return Array.from({ length: size }, (_, position) =>
    Array.from({ length: count }, (_, wave) => Math.cos((Math.PI / size) * (position + 0.5) * wave)),
  );
}

function wave({ nx, ny, factors }: Channel, across: number[], down: number[]): number {
  let sum = 0;
  for (let cy = 0, at = 0; cy < ny; cy++) {
    for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++, at++) sum += factors[at]! * across[cx]! * down[cy]! * 2;
  }
  return sum;
}

/** A Windows bitmap: nothing has to be compressed, and every browser reads it. */
function bitmap(width: number, height: number, pixels: Uint8Array): string {
  const stride = (width * 3 + 3) & ~3;
  const bytes = new Uint8Array(54 + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, -height, true); // negative: the top row comes first
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      bytes.set([pixels[from + 2]!, pixels[from + 1]!, pixels[from]!], 54 + y * stride + x * 3);
    }
  }
  return String.fromCharCode(...bytes);
}
