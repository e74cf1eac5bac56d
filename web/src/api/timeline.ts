// Segments of the timeline, and hotpreviews packed many in one answer (docs/library.md).
import { address, send, type Answer, type Query, type QueryValues } from './client';

export type Segments = Answer<'/api/v1/timeline/segments', 'get'>;
export type SegmentPage = Answer<'/api/v1/timeline/segments/undated', 'get'>;
export type Months = Answer<'/api/v1/timeline', 'get'>;
export type Criteria = Omit<
  NonNullable<Query<'/api/v1/timeline/segments', 'get'>>,
  'year' | 'month' | 'day' | 'cursor' | 'limit'
>;

const ROOT = '/api/v1/timeline';

async function read<T>(url: string, signal?: AbortSignal): Promise<T> {
  return (await (await send('get', url, { signal })).json()) as T;
}

/** Where how many photos lie. With a day (of the wall clock), that day alone, cut at minutes. */
export function segments(criteria: Criteria, day?: Date, signal?: AbortSignal): Promise<Segments> {
  const date = day && { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
  return read(address(`${ROOT}/segments`, {}, { ...(criteria as QueryValues), ...date }), signal);
}

/** The photos between two times, at most a thousand. */
export function segment(
  criteria: Criteria,
  first: number,
  end: number,
  cursor?: string,
  signal?: AbortSignal,
): Promise<SegmentPage> {
  return read(address(`${ROOT}/segments/${first}/${end}`, {}, { ...(criteria as QueryValues), cursor }), signal);
}

/** The photos of unknown time, at most a thousand. */
export function undated(criteria: Criteria, cursor?: string, signal?: AbortSignal): Promise<SegmentPage> {
  return read(address(`${ROOT}/segments/undated`, {}, { ...(criteria as QueryValues), cursor }), signal);
}

/** How many photos each month has, the newest first. */
export function periods(
  criteria: Criteria,
  granularity: 'year' | 'month' | 'day',
  within: { year?: number; month?: number } = {},
  signal?: AbortSignal,
): Promise<Months> {
  return read(address(ROOT, {}, { ...(criteria as QueryValues), ...within, granularity, limit: 10_000 }), signal);
}

/** The hotpreviews of up to 200 photos, in the order asked; null for one that is not to be seen. */
export async function hotpreviews(ids: readonly number[], signal?: AbortSignal): Promise<(Blob | null)[]> {
  const response = await send('get', `/api/v1/photos/hotpreviews?ids=${ids.join(',')}`, { signal });
  const bytes = await response.arrayBuffer();
  const lengths = new Uint32Array(bytes, 0, ids.length);
  let at = 4 * ids.length;
  return Array.from(lengths, (length) => {
    const from = at;
    at += length;
    return length ? new Blob([bytes.slice(from, at)], { type: 'image/jpeg' }) : null;
  });
}
