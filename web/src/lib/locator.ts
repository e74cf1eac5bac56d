// Where on earth something lies, as a small drawing: the land around it as one path of SVG.
import type { Area } from './topology';

/** What the drawing shows: a frame in pixels around a position in degrees, and how many degrees it is high. */
export interface Around {
  latitude: number;
  longitude: number;
  width: number;
  height: number;
  degrees: number;
}

const FARTHEST = 80; // degrees north or south: nearer to a pole, a degree of longitude has no width to draw
const FINEST = 0.4; // pixels; points nearer to each other than this are one

/** The land around, cut a frame's size outside of the frame. Degrees of longitude are as wide as they are there. */
export function landPath(areas: readonly Area[], around: Around): string {
  const scale = around.height / around.degrees;
  const narrow = Math.cos((Math.min(FARTHEST, Math.abs(around.latitude)) * Math.PI) / 180);
  const { width, height } = around;
  let path = '';
  for (const { coordinates } of areas) {
    for (const ring of coordinates) {
      for (const turn of [-360, 0, 360]) {
        const points = ring.map(([longitude, latitude]): [number, number] => [
          width / 2 + (longitude + turn - around.longitude) * narrow * scale,
          height / 2 - (latitude - around.latitude) * scale,
        ]);
        if (meets(points, width, height)) path += closed(points, width, height);
      }
    }
  }
  return path;
}

function meets(points: [number, number][], width: number, height: number): boolean {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right > 0 && left < width && bottom > 0 && top < height;
}

function closed(points: [number, number][], width: number, height: number): string {
  let path = '';
  let [lastX, lastY] = [NaN, NaN];
  for (const point of points) {
    const x = Math.min(Math.max(point[0], -width), 2 * width);
    const y = Math.min(Math.max(point[1], -height), 2 * height);
    if (Math.abs(x - lastX) < FINEST && Math.abs(y - lastY) < FINEST) continue;
    path += `${path ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    [lastX, lastY] = [x, y];
  }
  return `${path}Z`;
}
