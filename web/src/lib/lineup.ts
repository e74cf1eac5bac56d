// Things in an order of one's own, and what moving one of them makes of it.

/** The same things with the one at `from` taken out and put where it is at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, list[from]!);
}

/** Runs of things of one kind: `alone` says which stand by themselves. */
export function runs<T>(list: readonly T[], alone: (thing: T) => boolean): T[][] {
  const parts: T[][] = [];
  for (const thing of list) {
    const last = parts.at(-1);
    if (last && !alone(thing) && !alone(last[0]!)) last.push(thing);
    else parts.push([thing]);
  }
  return parts;
}

/** Where an arrow key leads on a grid of so many columns, or null where it leads out. */
export function stepped(at: number, key: string, columns: number, count: number): number | null {
  const by: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
  };
  const to = at + (by[key] ?? NaN);
  return to >= 0 && to < count ? to : null;
}
