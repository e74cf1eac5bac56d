// Justified rows: photos keep their shape, rows fill the width. Days that fill no row share one, side by side.
//
// All numbers are CSS pixels. Positions are columns, as the photos are: a thousand photos are laid out in about a
// millisecond, and nothing is made per photo.

/** How rows are to look. */
export interface Grid {
  width: number;
  rowHeight: number;
  gap: number;
  /** Room above the rows of each day, for its date; 0 for none. */
  header: number;
  /** Between days that share a row. */
  dayGap: number;
}

/** Where a day's date stands, and which photos are the day's. */
export interface Head {
  day: number | null;
  x: number;
  y: number;
  width: number;
  from: number;
  to: number;
  /** Goes on from the segment before: no date again. */
  continued: boolean;
}

export interface Layout {
  height: number;
  x: Float32Array;
  y: Float32Array;
  w: Float32Array;
  h: Float32Array;
  heads: Head[];
}

const NARROWEST = 0.4;
const WIDEST = 3.2;
const DATE_WIDTH = 148;

/** A shape that still makes a usable tile: panoramas and strips are cropped. */
export function tame(ratio: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, ratio || 1));
}

/**
 * Lay photos out. `days[i]` is the day that photo i belongs to; equal neighbours are one day.
 * `continues` is a day whose date was shown by the segment before.
 */
export function justify(
  ratios: ArrayLike<number>,
  days: ArrayLike<number | null>,
  grid: Grid,
  continues?: number | null,
): Layout {
  const count = ratios.length;
  const layout: Layout = {
    height: 0,
    x: new Float32Array(count),
    y: new Float32Array(count),
    w: new Float32Array(count),
    h: new Float32Array(count),
    heads: [],
  };
  let lineTop = 0;
  let lineHeight = 0;
  let at = 0;
  for (let from = 0, to = 0; from < count; from = to) {
    for (to = from + 1; to < count && days[to] === days[from];) to++;
    const continued = from === 0 && continues !== undefined && days[0] === continues;
    const head = continued ? 0 : grid.header;
    const natural = naturalWidth(ratios, from, to, grid);
    const width = Math.max(natural, grid.header ? Math.min(DATE_WIDTH, grid.width) : 0);
    const fits = natural <= grid.width * 0.92;
    if (at > 0 && !(fits && !continued && at + grid.dayGap + width <= grid.width)) {
      lineTop += lineHeight;
      at = 0;
      lineHeight = 0;
    }
    const x = at > 0 ? at + grid.dayGap : 0;
    layout.heads.push({
      day: days[from] ?? null,
      x,
      y: lineTop,
      width: fits ? width : grid.width,
      from,
      to,
      continued,
    });
    if (fits) {
      placeRow(layout, ratios, from, to, x, lineTop + head, grid.rowHeight, grid.gap);
      lineHeight = Math.max(lineHeight, head + grid.rowHeight + grid.gap);
      at = x + width;
    } else {
      lineTop += head + placeRows(layout, ratios, from, to, lineTop + head, grid);
    }
  }
  layout.height = lineTop + lineHeight;
  return layout;
}

function naturalWidth(ratios: ArrayLike<number>, from: number, to: number, grid: Grid): number {
  let sum = 0;
  for (let i = from; i < to && sum < 2 * grid.width; i++) sum += tame(ratios[i]!) * grid.rowHeight + grid.gap;
  return sum - grid.gap;
}

/** Fill rows with photos `from` up to `to`; give how high they are together. */
function placeRows(out: Layout, ratios: ArrayLike<number>, from: number, to: number, top: number, grid: Grid): number {
  let y = top;
  for (let first = from; first < to;) {
    let sum = 0;
    let end = first;
    while (end < to) {
      const next = sum + tame(ratios[end]!);
      if (end > first && heightOf(next, end + 1 - first, grid) < grid.rowHeight) {
        // Take the photo that makes the row too low only if that is nearer to what is wanted.
        const without = heightOf(sum, end - first, grid);
        if (grid.rowHeight - heightOf(next, end + 1 - first, grid) < without - grid.rowHeight) {
          sum = next;
          end++;
        }
        break;
      }
      sum = next;
      end++;
    }
    const full = heightOf(sum, end - first, grid);
    // The last row is stretched a little at most.
    const height = end === to && full > grid.rowHeight * 1.25 ? grid.rowHeight : full;
    placeRow(out, ratios, first, end, 0, y, height, grid.gap);
    y += height + grid.gap;
    first = end;
  }
  return y - top;
}

function heightOf(ratioSum: number, count: number, grid: Grid): number {
  return (grid.width - grid.gap * (count - 1)) / ratioSum;
}

function placeRow(
  out: Layout,
  ratios: ArrayLike<number>,
  from: number,
  to: number,
  left: number,
  top: number,
  height: number,
  gap: number,
): void {
  let x = left;
  for (let i = from; i < to; i++) {
    const width = tame(ratios[i]!) * height;
    out.x[i] = x;
    out.y[i] = top;
    out.w[i] = width;
    out.h[i] = height;
    x += width + gap;
  }
}

/** How high so many photos of common shapes will be, before anything is known of them. */
export function guessHeight(count: number, grid: Grid, daysPerPhoto = 0.06): number {
  const perRow = Math.max(1, grid.width / (grid.rowHeight * 1.35 + grid.gap));
  const rows = Math.ceil(count / perRow);
  return Math.round(rows * (grid.rowHeight + grid.gap) + Math.min(count * daysPerPhoto, rows) * grid.header);
}

/** The first photo whose lower edge lies below `y`; photos are in reading order. */
export function firstBelow(layout: Layout, y: number): number {
  let low = 0;
  let high = layout.y.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (layout.y[middle]! + layout.h[middle]! <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The end of the photos, from `from` on, whose upper edge lies above `y`. */
export function endAbove(layout: Layout, y: number, from: number): number {
  let end = from;
  while (end < layout.y.length && layout.y[end]! < y) end++;
  return end;
}

/** The photo of the row above (-1) or below (1) that lies over or under photo `i`; -1 where there is no such row. */
export function neighbourRow(layout: Layout, i: number, step: 1 | -1): number {
  const count = layout.y.length;
  let j = i;
  while (j >= 0 && j < count && sameRow(layout, i, j)) j += step;
  return j < 0 || j >= count ? -1 : nearestInRow(layout, j, layout.x[i]! + layout.w[i]! / 2);
}

/** The photo nearest to `x` in the row of photo `j`. */
export function nearestInRow(layout: Layout, j: number, x: number): number {
  let best = j;
  for (const step of [1, -1]) {
    for (let k = j; k >= 0 && k < layout.y.length && sameRow(layout, j, k); k += step) {
      if (distance(layout, k, x) < distance(layout, best, x)) best = k;
    }
  }
  return best;
}

function sameRow(layout: Layout, i: number, j: number): boolean {
  return Math.abs(layout.y[i]! - layout.y[j]!) < 1;
}

function distance(layout: Layout, i: number, x: number): number {
  return Math.abs(layout.x[i]! + layout.w[i]! / 2 - x);
}
