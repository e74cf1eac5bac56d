// Dates as people read them. Times of photos are wall-clock times, kept as milliseconds counted as if in UTC.

export const DAY_MS = 86_400_000;

/** The midnight that `ms` comes after. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** Year and month as one number that sorts: 2024-05 is 24292. */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The first moment of such a month. */
export function monthStart(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options })));
  return found;
}

/** "Fri 17 May 2024", without the year if it is this one. */
export function dayName(ms: number, tag: string, now = Date.now()): string {
  const year = new Date(ms).getUTCFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return format(tag, { weekday: 'short', day: 'numeric', month: 'long', year }).format(ms);
}

/** "May 2024" */
export function monthName(ms: number, tag: string): string {
  return format(tag, { month: 'long', year: 'numeric' }).format(ms);
}

/** "17 May 2024, 14:55"; only "17 May 2024" or "May 2024" where others tell no more of when they took a photo. */
export function momentName(ms: number, tag: string, told: 'month' | 'day' | 'exact' | null = 'exact'): string {
  if (told === 'month') return monthName(ms, tag);
  if (told === 'day') return format(tag, { day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
  return format(tag, { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(ms);
}

/** Read a wall-clock time, "2024-04-27T14:55:20", as milliseconds; null if it is none. */
export function wallClock(text: string | null | undefined): number | null {
  if (!text) return null;
  const ms = Date.parse(`${text.replace(/(Z|[+-]\d\d:?\d\d)$/, '')}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** An instant of the service ("…Z") in the reader's own zone. */
export function instantName(text: string, tag: string): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(text));
}

/** The last moment of what is asked for: a year, a month, a day or a time of the wall clock; undefined for nothing. */
export function moment(text: string | null): number | undefined {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text ?? '') ?? [];
  if (!year) return wallClock(text) ?? undefined;
  if (!month) return Date.UTC(Number(year) + 1, 0) - 1;
  if (!day) return Date.UTC(Number(year), Number(month)) - 1;
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY_MS - 1;
}
