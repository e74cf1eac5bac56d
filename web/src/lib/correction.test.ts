import { describe, expect, it } from 'vitest';
import {
  brightness,
  cropMoved,
  cropShaped,
  placed,
  readCorrection,
  shownRatio,
  tidy,
  turned,
  turnedCrop,
  unturnedCrop,
  WHOLE_PICTURE,
  type Correction,
  type Crop,
  type Rotation,
} from './correction';

const ROTATIONS: Rotation[] = [0, 90, 180, 270];
const crop: Crop = { x: 0.1, y: 0.2, width: 0.5, height: 0.25 };
const as = (rotation: Rotation, part: Crop = WHOLE_PICTURE): Correction => ({ rotation, crop: part, exposure: 0 });

it('what says nothing corrects nothing', () => {
  expect(readCorrection(null)).toBeNull();
  expect(readCorrection({ rotation: 0, relative_crop: null, exposure_adjust: 0 })).toBeNull();
  expect(readCorrection({ rotation: 90 })).toEqual(as(90));
  expect(readCorrection({ relative_crop: crop, exposure_adjust: -1 })).toEqual({ rotation: 0, crop, exposure: -1 });
});

it('four turns are none, in either direction', () => {
  const around = (by: 90 | -90) => [0, 1, 2, 3].reduce<Rotation>((rotation) => turned(rotation, by), 0);
  expect([around(90), around(-90)]).toEqual([0, 0]);
  expect(turned(0, -90)).toBe(270);
});

it('the upper left corner goes clockwise with the picture', () => {
  const corner: Crop = { x: 0, y: 0, width: 0.2, height: 0.1 };
  expect(turnedCrop(corner, 90)).toEqual({ x: 0.9, y: 0, width: 0.1, height: 0.2 });
  expect(turnedCrop(corner, 180)).toEqual({ x: 0.8, y: 0.9, width: 0.2, height: 0.1 });
  expect(turnedCrop(corner, 270)).toEqual({ x: 0, y: 0.8, width: 0.1, height: 0.2 });
});

it.each(ROTATIONS)('a crop on a picture turned by %i is a crop of the picture', (rotation) => {
  const back = unturnedCrop(turnedCrop(crop, rotation), rotation);
  for (const name of ['x', 'y', 'width', 'height'] as const) expect(back[name]).toBeCloseTo(crop[name]);
});

describe('what is shown', () => {
  it('has the shape of the part, and lies on its side when it is turned', () => {
    expect(shownRatio(1.5, null)).toBe(1.5);
    expect(shownRatio(1.5, as(90))).toBeCloseTo(1 / 1.5);
    expect(shownRatio(1.5, as(0, crop))).toBe(3);
    expect(shownRatio(1.5, as(270, crop))).toBeCloseTo(1 / 3);
  });

  it.each(ROTATIONS)('turned by %i it fills its box', (rotation) => {
    const correction = as(rotation, crop);
    const ratio = shownRatio(1.5, correction);
    const box = { width: 300, height: 300 / ratio };
    const { width, height, left, top, origin } = placed(correction, 1.5, box);
    expect(width / height).toBeCloseTo(1.5);
    expect([left + origin.x, top + origin.y]).toEqual([box.width / 2, box.height / 2]);
    const part = [width * crop.width, height * crop.height];
    const filled = rotation % 180 ? [box.height, box.width] : [box.width, box.height];
    expect(part[0]).toBeCloseTo(filled[0]!);
    expect(part[1]).toBeCloseTo(filled[1]!);
  });

  it('covers a box of another shape', () => {
    const { width, height } = placed(as(0), 3, { width: 100, height: 100 });
    expect([width, height]).toEqual([300, 100]);
  });

  it('is as much lighter as a stop more of light', () => {
    expect(brightness(0)).toBe(1);
    expect(brightness(1) ** 2.2).toBeCloseTo(2);
  });
});

describe('a crop', () => {
  it('is moved within the picture', () => {
    expect(cropMoved(crop, { x: 0, y: 0 }, 9, -9)).toEqual({ ...crop, x: 0.5, y: 0 });
  });

  it('keeps the edges that are not gripped, and does not turn inside out', () => {
    expect(cropMoved(crop, { x: 1, y: 0 }, 9, 9)).toEqual({ ...crop, width: 0.9 });
    const small = cropMoved(crop, { x: -1, y: -1 }, 9, 9);
    expect(small.x + small.width).toBeCloseTo(0.6);
    expect(small.width).toBeCloseTo(0.05);
    expect(small.height).toBeCloseTo(0.05);
  });

  it('of a shape is the largest that fits, around the same middle where that can be', () => {
    const square = cropShaped(WHOLE_PICTURE, 1, 1.5);
    expect(square.width).toBeCloseTo(1 / 1.5);
    expect(square.height).toBe(1);
    expect(square.x).toBeCloseTo((1 - 1 / 1.5) / 2);
    expect(cropShaped({ x: 0.8, y: 0, width: 0.2, height: 0.2 }, 1, 1.5).x).toBeCloseTo(1 - 1 / 1.5);
  });

  it('never reaches beyond the picture, however it is rounded', () => {
    const { x, width } = tidy({ x: 0.333335, y: 0, width: 0.666665, height: 1 });
    expect(x + width).toBeLessThanOrEqual(1);
  });
});
