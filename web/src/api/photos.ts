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
    toldChanged([before.id], {});
    return photo(before.id, { fresh: true });
  };
  return [await send(fields), async () => void (await send(back))];
}

function toldChanged(ids: Iterable<number>, fields: Fields): void {
  const shared = fields.visibility ? fields.visibility !== 'private' : undefined;
  tell({ kind: 'changed', ids: new Set(ids), rating: fields.rating ?? undefined, shared });
}

/** Change the same fields of many. The way back gives each what it had; there is none where that is not known. */
export async function changeMany(ids: readonly number[], fields: Fields): Promise<Undo | undefined> {
  const before = ids.length <= 300 ? await each(ids, (id) => photo(id, { fresh: true })) : null;
  await bulk(ids, fields);
  if (!before) return undefined;
  return async () => {
    const groups = new Map<string, number[]>();
    for (const one of before) {
      const had = Object.fromEntries(Object.keys(fields).map((name) => [name, one[name as keyof Photo] ?? null]));
      const key = JSON.stringify(had);
      groups.set(key, [...(groups.get(key) ?? []), one.id]);
    }
    for (const [had, group] of groups) await bulk(group, JSON.parse(had) as Fields);
  };
}

async function bulk(ids: readonly number[], fields: Fields): Promise<void> {
  await ask('patch', '/api/v1/photos/bulk', { body: { ids: [...ids], change: fields } as never });
  for (const id of ids) known.delete(id);
  toldChanged(ids, fields);
}

/** How many of these would be seen by more people than now; all of them where that is not known. */
export async function countWidened(ids: readonly number[], to: Level): Promise<number> {
  if (ids.length > 300) return ids.length;
  const photos = await each(ids, (id) => photo(id));
  return photos.filter((one) => widens(one.visibility, to)).length;
}

export async function trash(ids: readonly number[]): Promise<Undo> {
  await ask('post', '/api/v1/photos/bulk/delete', { body: { ids: [...ids] } as never });
  tell({ kind: 'gone', ids: new Set(ids) });
  return () => restore(ids);
}

export async function restore(ids: readonly number[]): Promise<void> {
  await each(ids, (id) => ask('post', '/api/v1/photos/{ref}/restore', { path: { ref: id } }));
  for (const id of ids) known.delete(id);
  tell({ kind: 'back' });
}

export async function purge(ids: readonly number[]): Promise<void> {
  await ask('post', '/api/v1/photos/bulk/delete', { body: { ids: [...ids], purge: true } as never });
  tell({ kind: 'gone', ids: new Set(ids) });
}

/** Put tags on photos. The way back takes them off those that did not have them. */
export async function addTags(ids: readonly number[], tags: string[]): Promise<Undo | undefined> {
  const before = ids.length <= 300 ? await each(ids, (id) => photo(id, { fresh: true })) : null;
  await bulkTags(ids, tags, []);
  if (!before) return undefined;
  return async () => {
    for (const tag of tags) {
      const bare = before.filter((one) => !one.tags?.some((had) => had.name.toLowerCase() === tag.toLowerCase()));
      if (bare.length)
        await bulkTags(
          bare.map((one) => one.id),
          [],
          [tag],
        );
    }
  };
}

export async function removeTag(ids: readonly number[], tag: string): Promise<Undo> {
  await bulkTags(ids, [], [tag]);
  return () => bulkTags(ids, [tag], []);
}

async function bulkTags(ids: readonly number[], add: string[], remove: string[]): Promise<void> {
  await ask('post', '/api/v1/tags/bulk', { body: { photo_ids: [...ids], add, remove } as never });
  for (const id of ids) known.delete(id);
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
