// Zooming and moving a picture within a frame.
import { clamp } from './track';

export interface View {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const MOST = 8;

/** Zoom by a factor so that the point (from the middle of the frame) stays where it is. */
export function zoom(view: View, by: number, x: number, y: number): View {
  const scale = clamp(view.scale * by, 1, MOST);
  const real = scale / view.scale;
  return scale === 1 ? WHOLE : { scale, x: x - (x - view.x) * real, y: y - (y - view.y) * real };
}

/** Keep the picture over the frame: no edge comes further in than it must. */
export function within(
  view: View,
  frame: { width: number; height: number },
  picture: { width: number; height: number },
): View {
  const room = (size: number, around: number) => Math.max(0, (size * view.scale - around) / 2);
  const [rx, ry] = [room(picture.width, frame.width), room(picture.height, frame.height)];
  return { scale: view.scale, x: clamp(view.x, -rx, rx), y: clamp(view.y, -ry, ry) };
}

/** How large a picture of this shape is when it is fitted into a frame. */
export function fitted(ratio: number, frame: { width: number; height: number }): { width: number; height: number } {
  const width = Math.min(frame.width, frame.height * ratio);
  return { width, height: width / ratio };
}
