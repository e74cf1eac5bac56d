// Photos: what is known of one, and what its owner changes, of one or of many. Every change says how to take it back.
import { tell } from './changes';
import { ask, type Schemas } from './client';

export type Photo = Schemas['PhotoDetail'];
export type PhotoInList = Schemas['PhotoOut'];
export type Level = Photo['visibility'];
export type Fields = Schemas['PhotoChange'];
export type Undo = () => Promise<void>;

export const LEVELS: Level[] = ['private', 'space', 'authenticated', 'public'];

/** Whether `to` lets more people see a photo than `from`. */
export function widens(from: Level | undefined, to: Level): boolean {
  return LEVELS.indexOf(to) > LEVELS.indexOf(from ?? 'private');
}

const known = new Map<number, Promise<Photo>>();

/** A photo with all that the viewer may know. Asked once; changes made here are known here. */
export function photo(id: number, { fresh = false } = {}): Promise<Photo> {
  let asked = fresh ? undefined : known.get(id);
  if (!asked) {
    asked = ask('get', '/api/v1/photos/{ref}', { path: { ref: id } }) as Promise<Photo>;
    asked.catch(() => known.delete(id));
    known.set(id, asked);
    if (known.size > 300) known.delete(known.keys().next().value!);
  }
  return asked;
}

export function forgetPhotos(): void {
  known.clear();
}

/** Change a photo; give it as it is now, and the way back. */
export async function change(before: Photo, fields: Fields): Promise<[Photo, Undo]> {
  const back: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) back[name] = before[name as keyof Photo] ?? null;
  const after = await patch(before.id, fields);
  return [after, async () => void (await patch(before.id, back as Fields))];
}

async function patch(id: number, fields: Fields): Promise<Photo> {
  await ask('patch', '/api/v1/photos/{ref}', { path: { ref: id }, body: fields as never });
  toldChanged([id], fields);
  return photo(id, { fresh: true });
}

/** Say how a photo is to be shown; fields that are left out stay, null takes one back. */
export async function correctView(before: Photo, fields: Schemas['ViewCorrection']): Promise<[Photo, Undo]> {
  const had = before.view_correction ?? {};
  const back = Object.fromEntries(Object.keys(fields).map((name) => [name, had[name] ?? null]));
  const send = async (body: Schemas['ViewCorrection']) => {
    await ask('patch', '/api/v1/photos/{ref}/view-correction', { path: { ref: before.id }, body });
    const after = await photo(before.id, { fresh: true });
    tell({ kind: 'changed', ids: new Set([before.id]), view: after.view_correction });
    return after;
  };
  return [await send(fields), async () => void (await send(back))];
}

function toldChanged(ids: Iterable<number>, fields: Fields): void {
  const shared = fields.visibility ? fields.visibility !== 'private' : undefined;
  tell({ kind: 'changed', ids: new Set(ids), rating: fields.rating ?? undefined, shared });
}

const AT_ONCE = 10_000; // photos that the service changes in one go
const TAGGED_AT_ONCE = 5_000;

/** Change the same fields of many. The way back gives each what it had. */
export async function changeMany(ids: readonly number[], change: Fields): Promise<Undo> {
  const before: Schemas['Had'][] = [];
  for (const some of pieces(ids, AT_ONCE)) {
    const told = await ask('patch', '/api/v1/photos/bulk', { body: body({ ids: some, change, tell_before: true }) });
    before.push(...(told.before ?? []));
    forget(some);
    toldChanged(some, change);
  }
  return async () => {
    for (const had of before) {
      await ask('patch', '/api/v1/photos/bulk', { body: body(had) });
      forget(had.ids);
      toldChanged(had.ids, had.change as Fields);
    }
  };
}

/** How many of these would be newly seen by others, at another level or in a space. */
export async function countWidened(ids: readonly number[], to: Level | { space_id: number }): Promise<number> {
  const how = typeof to === 'string' ? { visibility: to } : to;
  let widened = 0;
  for (const some of pieces(ids, AT_ONCE)) {
    const told = await ask('post', '/api/v1/photos/bulk/sharing-preview', { body: body({ ids: some, ...how }) });
    const newly = told.newly_seen_by.map((audience) => audience.photos);
    // Several spaces may hold the same photo; else the audiences lie within each other.
    const sum = newly.reduce((all, one) => all + one, 0);
    widened += to === 'space' ? Math.min(told.photos, sum) : Math.max(0, ...newly);
  }
  return widened;
}

export async function trash(ids: readonly number[]): Promise<Undo> {
  for (const some of pieces(ids, AT_ONCE)) {
    await ask('post', '/api/v1/photos/bulk/delete', { body: body({ ids: some }) });
    tell({ kind: 'gone', ids: new Set(some) });
  }
  return () => restore(ids);
}

export async function restore(ids: readonly number[]): Promise<void> {
  for (const some of pieces(ids, AT_ONCE)) {
    await ask('post', '/api/v1/photos/bulk/restore', { body: body({ ids: some }) });
    forget(some);
  }
  tell({ kind: 'back' });
}

export async function purge(ids: readonly number[]): Promise<void> {
  for (const some of pieces(ids, AT_ONCE)) {
    await ask('post', '/api/v1/photos/bulk/delete', { body: body({ ids: some, purge: true }) });
    tell({ kind: 'gone', ids: new Set(some) });
  }
}

/** Put tags on photos. The way back takes them off those that did not have them. */
export async function addTags(ids: readonly number[], tags: string[]): Promise<Undo> {
  const fresh = new Map<string, number[]>(tags.map((tag) => [tag, []]));
  for (const some of pieces(ids, TAGGED_AT_ONCE)) {
    const { had } = await bulkTags(some, { add: tags, tell_before: true });
    for (const [tag, bare] of fresh) {
      const tagged = new Set(had?.[tag]);
      bare.push(...some.filter((id) => !tagged.has(id)));
    }
  }
  return async () => {
    for (const [tag, bare] of fresh)
      for (const some of pieces(bare, TAGGED_AT_ONCE)) await bulkTags(some, { remove: [tag] });
  };
}

export async function removeTag(id: number, tag: string): Promise<Undo> {
  await bulkTags([id], { remove: [tag] });
  return async () => void (await bulkTags([id], { add: [tag] }));
}

async function bulkTags(ids: readonly number[], what: { add?: string[]; remove?: string[]; tell_before?: boolean }) {
  const told = await ask('post', '/api/v1/tags/bulk', { body: body({ photo_ids: ids, ...what }) });
  forget(ids);
  return told;
}

function forget(ids: readonly number[]): void {
  for (const id of ids) known.delete(id);
}

/** What the service fills in itself may be left out, which its document does not say. */
const body = (value: object) => value as never;

function pieces<T>(list: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, i) => list.slice(i * most, (i + 1) * most));
}

/** Do something for each, a few at a time; answers in the order asked. */
export async function each<T, R>(list: readonly T[], work: (one: T) => Promise<R>, atOnce = 6): Promise<R[]> {
  const results: R[] = new Array<R>(list.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, list.length) }, async () => {
      for (let i = next++; i < list.length; i = next++) results[i] = await work(list[i]!);
    }),
  );
  return results;
}
