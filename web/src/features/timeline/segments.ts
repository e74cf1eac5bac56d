// The pieces that the timeline comes in (docs/library.md), and how they are fetched.
import type { Change } from '$api/changes';
import * as api from '$api/timeline';
import { readCorrection, shownRatio } from '$lib/correction';
import { DAY_MS, dayOf } from '$lib/dates';
import { FLAG, flagged } from '$lib/flags';
import type { Layout } from '$lib/justify';

export type Columns = api.SegmentPage['data'];

/** One piece of the timeline. Without `first` it holds photos that nobody knows the time of. */
export interface Segment {
  key: string;
  first: number | null;
  end: number | null;
  count: number;
  cursor?: string;
  /** A day that was cut: its minutes are the segments after it. */
  cut?: boolean;
  columns?: Columns;
  days?: (number | null)[];
  layout?: Layout;
  loading?: Promise<void>;
}

/** A segment that is near enough to be drawn, and which of its photos are. */
export interface Seen {
  segment: Segment;
  layout?: Layout;
  columns?: Columns;
  top: number;
  height: number;
  from: number;
  to: number;
}

/** Where a photo lies that is here. */
export interface Place {
  index: number;
  photo: number;
}

type Changed = Omit<Extract<Change, { kind: 'changed' }>, 'kind' | 'ids'>;

/** The segments that the service tells of; those that are known and have not changed their number are kept. */
export function segmentsOf({ data, meta }: api.Segments, known: readonly Segment[] = []): Segment[] {
  const old = new Map(known.map((segment) => [segment.key, segment]));
  const segments = data.first.map((first, i) => {
    const fresh = made(first, data.end[i]!, data.count[i]!);
    const kept = old.get(fresh.key);
    return kept && kept.count === fresh.count && !kept.cut ? kept : fresh;
  });
  return meta.undated_photos ? [...segments, made(null, null, meta.undated_photos)] : segments;
}

/** Get a segment's photos; answer the segments that turn out to come after it. */
export async function fetchInto(segment: Segment, criteria: api.Criteria, signal: AbortSignal): Promise<Segment[]> {
  const { first, end, cursor, count } = segment;
  if (first !== null && count > 1000 && end! - first <= DAY_MS && end! - first > 60_000) {
    const cut = await api.segments(criteria, new Date(first), signal);
    segment.cut = true;
    segment.count = 0;
    return cut.data.first.map((from, i) => made(from, cut.data.end[i]!, cut.data.count[i]!));
  }
  const page = await pageOf(criteria, first, end, cursor, signal);
  const left = count - page.data.id.length;
  segment.columns = page.data;
  segment.days = page.data.time.map((time) => (first === null ? null : dayOf(time)));
  segment.count = page.data.id.length;
  return page.meta.next_cursor ? [made(first, end, Math.max(1, left), page.meta.next_cursor)] : [];
}

/** The viewer's own photos of a day (null: of no known day), whether they are here or not. */
export async function idsOfDay(
  segments: readonly Segment[],
  day: number | null,
  criteria: api.Criteria,
  signal: AbortSignal,
): Promise<number[]> {
  const ids = new Set<number>();
  const take = ({ id, flags }: Columns, days?: (number | null)[]) =>
    id.forEach((one, i) => (days === undefined || days[i] === day) && flags[i]! & FLAG.mine && ids.add(one));
  for (const segment of segments) {
    if (segment.cut || !touches(segment, day)) continue;
    if (segment.columns) {
      take(segment.columns, segment.days);
      continue;
    }
    const first = day === null ? null : Math.max(day, segment.first!);
    const end = day === null ? null : Math.min(day + DAY_MS, segment.end!);
    let cursor = segment.cursor;
    do {
      const page = await pageOf(criteria, first, end, cursor, signal);
      take(page.data);
      cursor = page.meta.next_cursor ?? undefined;
    } while (cursor);
  }
  return [...ids];
}

/** The day that a segment goes on with, if it is a part of one. */
export function dayBefore(before: Segment | undefined, segment: Segment): number | null | undefined {
  if (!before || before.cut) return undefined;
  if (before.columns && before.days?.length) return before.days.at(-1);
  if (segment.first === null) return before.first === null ? null : undefined;
  return before.first !== null && dayOf(before.first) === dayOf(segment.end! - 1) ? dayOf(before.first) : undefined;
}

export function holds(segment: Segment, time: number): boolean {
  return segment.first !== null && !segment.cut && segment.first <= time && time < segment.end!;
}

/** Take photos out of a segment that is here. */
export function drop(segment: Segment, keep: readonly boolean[]): void {
  const of = <T>(column: T[]) => column.filter((_, i) => keep[i]);
  const { id, ratio, time, placeholder, flags, corrected } = segment.columns!;
  segment.columns = {
    id: of(id),
    ratio: of(ratio),
    time: of(time),
    placeholder: of(placeholder),
    flags: of(flags),
    corrected,
  };
  segment.days = of(segment.days!);
  segment.count = segment.columns.id.length;
  segment.key = `${segment.key}~`;
}

/** The photos of a segment with what was changed of some of them. */
export function changed(columns: Columns, ids: ReadonlySet<number>, { view, rating, shared }: Changed): Columns {
  const flags = columns.flags.map((had, i) => (ids.has(columns.id[i]!) ? flagged(had, { rating, shared }) : had));
  const corrected = { ...columns.corrected };
  if (view !== undefined) {
    for (const id of ids) {
      if (view) corrected[id] = view;
      else delete corrected[id];
    }
  }
  return { ...columns, flags, corrected };
}

/** The shapes of what is shown, width over height. */
export function shapesOf({ id, ratio, corrected }: Columns): number[] {
  if (!Object.keys(corrected).length) return ratio;
  return ratio.map((shape, i) => shownRatio(shape, readCorrection(corrected[id[i]!])));
}

function made(first: number | null, end: number | null, count: number, cursor?: string): Segment {
  return { key: `${first}-${end}-${cursor ?? ''}`, first, end, count, cursor };
}

function touches({ first, end }: Segment, day: number | null): boolean {
  return first === null || day === null ? first === day : first < day + DAY_MS && day < end!;
}

function pageOf(
  criteria: api.Criteria,
  first: number | null,
  end: number | null,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<api.SegmentPage> {
  return first === null ? api.undated(criteria, cursor, signal) : api.segment(criteria, first, end!, cursor, signal);
}
