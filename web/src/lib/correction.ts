// How a photo's owner wants it shown: a part of it, turned, lighter or darker. Previews stay as they are.
//
// A crop is a part of the picture as its preview has it, in fractions of width and height; what is left is turned.

export interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Rotation = 0 | 90 | 180 | 270; // degrees clockwise

export interface Correction {
  rotation: Rotation;
  crop: Crop;
  exposure: number; // stops
}

export const WHOLE_PICTURE: Crop = { x: 0, y: 0, width: 1, height: 1 };
const SMALLEST = 0.05;

/** Read what the service tells; null where there is nothing to correct. */
export function readCorrection(told: Record<string, unknown> | null | undefined): Correction | null {
  const rotation = (told?.rotation ?? 0) as Rotation;
  const crop = (told?.relative_crop ?? WHOLE_PICTURE) as Crop;
  const exposure = (told?.exposure_adjust ?? 0) as number;
  return rotation || exposure || isPart(crop) ? { rotation, crop, exposure } : null;
}

export function isPart(crop: Crop): boolean {
  return crop.width < 1 || crop.height < 1;
}

/** The shape (width over height) of what is shown of a picture of a shape. */
export function shownRatio(ratio: number, correction: Correction | null): number {
  if (!correction) return ratio;
  const cropped = (ratio * correction.crop.width) / correction.crop.height;
  return correction.rotation % 180 ? 1 / cropped : cropped;
}

export function turned(rotation: Rotation, by: 90 | -90): Rotation {
  return ((rotation + by + 360) % 360) as Rotation;
}

/** A part of the picture, as a part of the turned picture. */
export function turnedCrop({ x, y, width, height }: Crop, rotation: Rotation): Crop {
  switch (rotation) {
    case 90:
      return { x: 1 - y - height, y: x, width: height, height: width };
    case 180:
      return { x: 1 - x - width, y: 1 - y - height, width, height };
    case 270:
      return { x: y, y: 1 - x - width, width: height, height: width };
    default:
      return { x, y, width, height };
  }
}

/** A part of the turned picture, as a part of the picture. */
export function unturnedCrop(crop: Crop, rotation: Rotation): Crop {
  return turnedCrop(crop, ((360 - rotation) % 360) as Rotation);
}

/** Where in a box the whole picture stands, in pixels, so that what is to be shown fills the box. */
export interface Placed {
  width: number;
  height: number;
  left: number;
  top: number;
  /** Around this point of the picture it is turned. */
  origin: { x: number; y: number };
}

export function placed({ crop, rotation }: Correction, ratio: number, box: { width: number; height: number }): Placed {
  const shape = (ratio * crop.width) / crop.height; // of the part, before it is turned
  const room = rotation % 180 ? { width: box.height, height: box.width } : box;
  const part = Math.max(room.width, room.height * shape);
  const [width, height] = [part / crop.width, part / shape / crop.height];
  const origin = { x: (crop.x + crop.width / 2) * width, y: (crop.y + crop.height / 2) * height };
  return { width, height, left: box.width / 2 - origin.x, top: box.height / 2 - origin.y, origin };
}

/** Twice the light is not twice the number: pictures are encoded with a gamma of about 2.2. */
export function brightness(stops: number): number {
  return 2 ** (stops / 2.2);
}

/** Which edges of a crop are moved. */
export interface Grip {
  x: -1 | 0 | 1;
  y: -1 | 0 | 1;
}

/** Move a crop (no edge gripped) or some of its edges, by fractions of the picture; it stays within the picture. */
export function cropMoved(crop: Crop, grip: Grip, dx: number, dy: number): Crop {
  if (!grip.x && !grip.y) {
    const x = Math.min(Math.max(crop.x + dx, 0), 1 - crop.width);
    const y = Math.min(Math.max(crop.y + dy, 0), 1 - crop.height);
    return { ...crop, x, y };
  }
  const [x, width] = edgeMoved(crop.x, crop.width, grip.x, dx);
  const [y, height] = edgeMoved(crop.y, crop.height, grip.y, dy);
  return { x, y, width, height };
}

function edgeMoved(start: number, size: number, edge: -1 | 0 | 1, by: number): [number, number] {
  if (edge === 0) return [start, size];
  const end = start + size;
  if (edge > 0) return [start, Math.min(Math.max(end + by, start + SMALLEST), 1) - start];
  const moved = Math.max(Math.min(start + by, end - SMALLEST), 0);
  return [moved, end - moved];
}

/** The largest part of a shape around the middle of a crop; `shape` and `picture` are width over height. */
export function cropShaped(crop: Crop, shape: number, picture: number): Crop {
  const relative = shape / picture;
  const [width, height] = relative > 1 ? [1, 1 / relative] : [relative, 1];
  const centre = { x: crop.x + crop.width / 2 - width / 2, y: crop.y + crop.height / 2 - height / 2 };
  return cropMoved({ ...centre, width, height }, { x: 0, y: 0 }, 0, 0);
}

/** As the service takes it: fractions that are no finer than a pixel of any picture, and never reach beyond it. */
export function tidy({ x, y, width, height }: Crop): Crop {
  const round = (value: number) => Math.round(value * 1e5) / 1e5;
  const [left, top] = [round(x), round(y)];
  return { x: left, y: top, width: Math.min(round(width), 1 - left), height: Math.min(round(height), 1 - top) };
}

/** The style of an image that stands in a box with what is to be shown of it; none where nothing is corrected. */
export function styleOf(
  correction: Correction | null,
  ratio: number,
  box: { width: number; height: number },
): string | undefined {
  if (!correction) return undefined;
  const { width, height, left, top, origin } = placed(correction, ratio, box);
  const light = correction.exposure ? `filter:brightness(${brightness(correction.exposure).toFixed(3)});` : '';
  return (
    `position:absolute;inset:auto;left:${left}px;top:${top}px;width:${width}px;height:${height}px;max-width:none;` +
    `object-fit:fill;transform-origin:${origin.x}px ${origin.y}px;transform:rotate(${correction.rotation}deg);${light}`
  );
}
