// What must outlive the page: which session is followed, and which chosen files are not all here yet.

/** A file that is not all here; `where` is the address that its pieces went to. */
export interface Unsent {
  name: string;
  size: number;
  modified: number;
  where?: string;
}

export interface Memory {
  session: string | null;
  unsent: Unsent[];
}

/** More are not told of by name. */
const MOST = 500;
const key = (user: number) => `imalink.uploads.${user}`;

export function recall(user: number): Memory {
  try {
    const { session = null, unsent = [] } = JSON.parse(localStorage.getItem(key(user)) ?? '{}') as Partial<Memory>;
    return { session, unsent };
  } catch {
    return { session: null, unsent: [] };
  }
}

export function remember(user: number, { session, unsent }: Memory): void {
  if (!session && !unsent.length) localStorage.removeItem(key(user));
  else localStorage.setItem(key(user), JSON.stringify({ session, unsent: unsent.slice(0, MOST) }));
}

export function unsentOf(file: File, where?: string): Unsent {
  return { name: file.name, size: file.size, modified: file.lastModified, where };
}

export function isSame(file: File, unsent: Unsent): boolean {
  return file.name === unsent.name && file.size === unsent.size && file.lastModified === unsent.modified;
}
