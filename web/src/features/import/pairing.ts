// Which files of one folder may be one exposure: a raw file and a picture under the same name. A name proves nothing;
// the judge is metadata_service, which sees the places and what the eggs say of time and camera (ingest/pairing.py).
// What is found here lets both be sent close to each other, and lets the page say "joined to its JPEG".

import { kindOf, stemOf } from './kinds';

/** For each name of a folder that has one, the name that may belong to it. Never across folders. */
export function matesOf(names: readonly string[]): Map<string, string> {
  const byStem = new Map<string, { raw?: string; picture?: string; others: string[] }>();
  for (const name of names) {
    const kind = kindOf(name);
    if (kind !== 'raw' && kind !== 'picture') continue;
    const stem = stemOf(name).toLowerCase();
    const group = byStem.get(stem) ?? { others: [] };
    if (group[kind] === undefined) group[kind] = name;
    else group.others.push(name);
    byStem.set(stem, group);
  }
  const mates = new Map<string, string>();
  for (const { raw, picture, others } of byStem.values()) {
    if (raw === undefined || picture === undefined) continue;
    mates.set(raw, picture);
    mates.set(picture, raw);
    for (const other of others) mates.set(other, kindOf(other) === 'raw' ? picture : raw);
  }
  return mates;
}

/** Compare names so that a raw file and its picture are neighbours, and IMG_2 comes before IMG_10. */
export function byStem(one: string, other: string): number {
  return collator.compare(stemOf(one), stemOf(other)) || (one < other ? -1 : one > other ? 1 : 0);
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What is needed to tell how two files ended up. */
export interface Settled {
  photoId?: number;
  mate?: string;
}

/** Whether a file that the library answered "I have that photo" for was joined to its mate, not a copy of something. */
export function wasJoined(file: Settled, mate: Settled | undefined): boolean {
  return file.photoId !== undefined && mate !== undefined && mate.photoId === file.photoId;
}
