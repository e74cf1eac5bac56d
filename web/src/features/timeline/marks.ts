// Where each month begins on the scrubber.
import { monthOf } from '$lib/dates';
import type { Track } from '$lib/track';
import type { Months } from '$api/timeline';
import type { Segment } from './segments';

export interface Mark {
  month: number;
  year: number;
  count: number;
  /** Where it begins: a part of the way that can be scrolled, 0…1. */
  place: number;
}

/** Months, the newest first. A month's photos are counted through the segments, which lie in the same order. */
export function monthMarks(months: Months['data'], segments: readonly Segment[], track: Track, view: number): Mark[] {
  const marks: Mark[] = [];
  const way = Math.max(1, track.total - view);
  let index = 0;
  let before = 0; // photos before segment `index`
  let photos = 0; // photos before this month
  for (const { year, month, count } of months) {
    while (index < segments.length - 1 && before + segments[index]!.count <= photos) before += segments[index++]!.count;
    const segment = segments[index];
    if (!segment) break;
    const part = segment.count ? Math.min(1, (photos - before) / segment.count) : 0;
    const offset = exactly(segment, photos - before) ?? part * track.heights[index]!;
    const place = Math.min(1, (track.offsets[index]! + offset) / way);
    marks.push({ month: monthOf(Date.UTC(year, (month ?? 1) - 1)), year, count, place });
    photos += count;
  }
  return marks;
}

function exactly(segment: Segment, photo: number): number | null {
  return segment.layout?.heads.find((head) => head.to > photo)?.y ?? null;
}

/** The years that have room for their number, `apart` of the scrubber from each other. */
export function yearLabels(marks: readonly Mark[], apart: number): Mark[] {
  const labels: Mark[] = [];
  let year = 0;
  for (const mark of marks) {
    if (mark.year === year) continue;
    year = mark.year;
    const last = labels.at(-1);
    if (!last || mark.place - last.place >= apart) labels.push(mark);
  }
  return labels;
}

/** The month at a place. */
export function monthAt(marks: readonly Mark[], place: number): Mark | undefined {
  return marks.findLast((mark) => mark.place <= place + 1e-9) ?? marks[0];
}
