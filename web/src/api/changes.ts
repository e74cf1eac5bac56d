// What this page did to photos, told to every screen that shows them.

export type Change =
  | { kind: 'gone'; ids: ReadonlySet<number> } // to the trash, or for good
  | { kind: 'back' } // photos came: restored, or imported
  | {
      kind: 'changed';
      ids: ReadonlySet<number>;
      rating?: number;
      shared?: boolean;
      /** How they are to be shown now: `view_correction`. */
      view?: Record<string, unknown> | null;
    };

type Listener = (change: Change) => void;
const listeners = new Set<Listener>();

export function tell(change: Change): void {
  for (const listener of listeners) listener(change);
}

/** Listen until the answer is called. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const EVERY_MS = 8_000;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Photos keep coming, as in an import: tell of it now and then. */
export function tellOfArrivals(): void {
  waiting ??= setTimeout(() => {
    waiting = undefined;
    tell({ kind: 'back' });
  }, EVERY_MS);
}
