// What the screens of originals compute: speeds, circles, addresses, lines.
import { describe, expect, it } from 'vitest';
import type { Job } from '$api/following';
import { question, read, written } from './asked';
import { circle, zoomFor } from './circle';
import { Pace } from './pace';
import { rowsOf } from './rows';
import type { Item } from './sender';

describe('pace', () => {
  it('says nothing at first, then what the last moments say', () => {
    const pace = new Pace();
    pace.add(0, 0);
    pace.add(1_000, 500);
    expect(pace.secondsFor(1)).toBeNull();
    pace.add(4_000, 4_000);
    expect(pace.perSecond).toBe(1_000);
    expect(pace.secondsFor(3_000)).toBe(3);
  });

  it('forgets what is long ago, and begins anew when bytes have to be sent again', () => {
    const pace = new Pace();
    pace.add(0, 0);
    for (let second = 1; second <= 60; second++) pace.add(second * 1_000, second * 100);
    for (let second = 61; second <= 90; second++) pace.add(second * 1_000, 6_000 + (second - 60) * 10);
    expect(pace.perSecond).toBeCloseTo(10);
    pace.add(91_000, 50);
    expect(pace.perSecond).toBeNull();
  });
});

describe('circle', () => {
  it('is as wide as its radius says, at the equator and in the north', () => {
    for (const latitude of [0, 67.93]) {
      const ring = circle(latitude, 13, 1_000);
      expect(ring[0]).toEqual(ring.at(-1)!.map((degrees) => expect.closeTo(degrees, 9)));
      const north = Math.max(...ring.map(([, y]) => y)) - latitude;
      const east = Math.max(...ring.map(([x]) => x)) - 13;
      expect(north * 111_195).toBeCloseTo(1_000, 0);
      expect(east * 111_195 * Math.cos((latitude * Math.PI) / 180)).toBeCloseTo(1_000, 0);
    }
  });

  it('is seen whole: nearer when it is small, never nearer than the map goes', () => {
    expect(zoomFor(60, 100, 224)).toBeGreaterThan(zoomFor(60, 10_000, 224));
    expect(zoomFor(60, 1, 224)).toBe(15);
    expect(zoomFor(0, 100_000, 1)).toBe(1);
  });
});

describe('the address of a gallery', () => {
  it('says what is asked for, and nothing else', () => {
    const asked = { status: 'errors', from: '2026-11-01', place: '3' };
    expect(written(asked)).toBe('/uploads?status=errors&from=2026-11-01&place=3');
    expect(read(new URLSearchParams('status=errors&from=2026-11-01&place=3&x=1'))).toEqual(asked);
    expect(question(asked)).toEqual({ status: 'errors', date_from: '2026-11-01', place_id: 3 });
    expect(written({})).toBe('/uploads');
  });

  it('leaves out what is no status, no day and no place', () => {
    expect(question({ status: 'nonsense', from: 'yesterday', to: '2026-1-1', place: '-1' })).toEqual({});
  });
});

describe('the lines of an upload', () => {
  it('tell of each file once, and of what needs somebody', () => {
    const item = (key: number, state: Item['state']) => ({ key, state, file: { name: `${key}.jpg` } }) as Item;
    const job = (id: string, status: Job['status'], result: Job['result'] = null) =>
      ({ job_id: id, filename: id, status, result }) as Job;
    const asks = { warnings: [{ code: 'needs_location' }] };
    const rows = rowsOf(
      [item(1, 'accepted'), item(2, 'sending'), item(3, 'refused')],
      [job('a', 'pending'), job('b', 'completed'), job('c', 'completed', asks), job('d', 'failed')],
    );
    expect(rows.map(({ name, mood }) => `${name} ${mood}`)).toEqual([
      '2.jpg working',
      '3.jpg attention',
      'a working',
      'b done',
      'c attention',
      'd attention',
    ]);
  });
});
