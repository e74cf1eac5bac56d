import { describe, expect, it } from 'vitest';
import { asksNothing, readAsked, without, writeAsked } from './criteria';

const read = (text: string) => readAsked(new URLSearchParams(text));

describe('a search as an address', () => {
  it('comes back as it went', () => {
    const asked = { query: 'fjord blå', tags: ['ski', 'a,b'], tag_match: 'all' as const, rating_min: 4, has_gps: true };
    expect(readAsked(writeAsked(asked))).toEqual(asked);
  });

  it('is the same for the same search', () => {
    expect(String(writeAsked({ query: 'a', rating_min: 1 }))).toBe(String(writeAsked({ rating_min: 1, query: 'a' })));
  });

  it('leaves out what it cannot be', () => {
    expect(read('rating_min=-3&author_id=x&visibility=everyone&has_raw=1&unknown=2&query=%20')).toEqual({});
  });

  it('asks nothing where only whose photos is said', () => {
    expect(asksNothing(read('owner=anyone'))).toBe(true);
    expect(asksNothing(read('query=a'))).toBe(false);
  });

  it('loses one tag at a time', () => {
    const asked = read('tags=a&tags=b&tags=a&tag_match=all');
    expect(asked.tags).toEqual(['a', 'b']);
    expect(without(asked, 'tags', 'a')).toEqual({ tags: ['b'] });
    expect(without({ tags: ['a'] }, 'tags', 'a')).toEqual({});
  });
});
