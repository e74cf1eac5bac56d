// What a search asks, as an address: every search can be kept, sent and come back to.

export interface Asked {
  query?: string;
  taken_after?: string;
  taken_before?: string;
  rating_min?: number;
  camera_model?: string;
  lens_model?: string;
  format?: string;
  tags?: string[];
  tag_match?: 'any' | 'all';
  author_id?: number;
  event_id?: number;
  stack_id?: number;
  space_id?: number;
  import_session_id?: number;
  visibility?: 'private' | 'space' | 'authenticated' | 'public';
  has_gps?: boolean;
  has_raw?: boolean;
  bbox?: string;
  owner?: 'me' | 'anyone';
}

const TEXTS = ['query', 'taken_after', 'taken_before', 'camera_model', 'lens_model', 'format', 'bbox'] as const;
const NUMBERS = ['rating_min', 'author_id', 'event_id', 'stack_id', 'space_id', 'import_session_id'] as const;
const SWITCHES = ['has_gps', 'has_raw'] as const;
const LEVELS = ['private', 'space', 'authenticated', 'public'] as const;

/** Read an address; what it does not know or cannot be is left out. */
export function readAsked(words: URLSearchParams): Asked {
  const asked: Asked = {};
  for (const name of TEXTS) {
    const text = words.get(name)?.trim();
    if (text) asked[name] = text;
  }
  for (const name of NUMBERS) {
    const number = Number(words.get(name));
    if (Number.isInteger(number) && number > 0) asked[name] = number;
  }
  for (const name of SWITCHES) if (words.get(name) === 'true') asked[name] = true;
  const tags = words
    .getAll('tags')
    .map((tag) => tag.trim())
    .filter(Boolean);
  if (tags.length) asked.tags = [...new Set(tags)];
  if (tags.length > 1 && words.get('tag_match') === 'all') asked.tag_match = 'all';
  const level = LEVELS.find((one) => one === words.get('visibility'));
  if (level) asked.visibility = level;
  if (words.get('owner') === 'anyone') asked.owner = 'anyone';
  return asked;
}

/** Write it as an address, in an order of its own, so that the same search has the same address. */
export function writeAsked(asked: Asked): URLSearchParams {
  const words = new URLSearchParams();
  for (const name of Object.keys(asked).sort() as (keyof Asked)[]) {
    const value = asked[name];
    if (value === undefined || value === '' || value === false || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) words.append(name, String(one));
  }
  return words;
}

/** Whether anything is asked at all; whose photos is no question by itself. */
export function asksNothing(asked: Asked): boolean {
  return Object.entries(asked).every(([name, value]) => name === 'owner' || value === undefined);
}

/** The same without one word, or without one of its tags. */
export function without(asked: Asked, name: keyof Asked, tag?: string): Asked {
  const rest = { ...asked };
  const tags = tag === undefined ? [] : (asked.tags ?? []).filter((one) => one !== tag);
  delete rest[name];
  if (name === 'tags' && tags.length) rest.tags = tags;
  if (!rest.tags || rest.tags.length < 2) delete rest.tag_match;
  return rest;
}
