// A photo's flags, as segments of the timeline tell them: bits, and three of them the rating.

export const FLAG = { mine: 1, shared: 2, located: 4, raw: 8, large: 128 } as const;
const RATING = 16;

export function ratingOf(flags: number): number {
  return (flags / RATING) & 7;
}

export interface Flagged {
  rating?: number;
  shared?: boolean;
  raw?: boolean;
  large?: boolean;
}

/** The flags with some of them set anew. */
export function flagged(flags: number, { rating, shared, raw, large }: Flagged): number {
  const bits = (flag: number, on: boolean | undefined) => (on === undefined ? flags & flag : on ? flag : 0);
  return (
    (flags & (FLAG.mine | FLAG.located)) |
    bits(FLAG.shared, shared) |
    bits(FLAG.raw, raw) |
    bits(FLAG.large, large) |
    ((rating ?? ratingOf(flags)) * RATING)
  );
}
