// How fast, how many, how long: the throttle, the batches, the estimate.
import { describe, expect, it } from 'vitest';
import { Batcher } from './batcher';
import { Bell } from './bell';
import { Estimator } from './estimate';
import { Throttle } from './throttle';

describe('the throttle', () => {
  const limits = { least: 1, most: 4, patience: 3 };
  const busy = (throttle: Throttle, successes: number) => {
    for (let count = 0; count < successes; count += 1) throttle.succeeded();
  };

  it('begins with two and earns one more by a row of successes, up to the limit', () => {
    const throttle = new Throttle(limits);
    expect(throttle.allowed).toBe(2);
    busy(throttle, 2);
    expect(throttle.allowed).toBe(2);
    busy(throttle, 1);
    expect(throttle.allowed).toBe(3);
    busy(throttle, 30);
    expect(throttle.allowed).toBe(4);
  });

  it('halves when the service is busy, waits as long as it says, and halves once for many refusals at one time', () => {
    let now = 0;
    const throttle = new Throttle(limits, () => now);
    busy(throttle, 30);
    for (let count = 0; count < 4; count += 1) throttle.refused(5000);
    expect(throttle.allowed).toBe(2);
    expect(throttle.wait()).toBe(5000);
    now = 5001;
    expect(throttle.wait()).toBe(0);
    throttle.refused(5000);
    throttle.refused(5000);
    expect(throttle.allowed).toBe(1);
    now = 20_000;
    throttle.refused(5000);
    expect(throttle.allowed).toBe(1);
  });

  it('waits longer each time when the service does not say how long, and no longer than a minute', () => {
    let now = 0;
    const throttle = new Throttle(limits, () => now);
    const waits = Array.from({ length: 8 }, () => {
      throttle.refused(null);
      const wait = throttle.wait();
      now += wait + 1;
      return wait;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    throttle.succeeded();
    throttle.refused(null);
    expect(throttle.wait()).toBe(1000);
  });

  it('has no place while all are taken', () => {
    const throttle = new Throttle(limits);
    throttle.active = 2;
    expect(throttle.wait()).toBe(Infinity);
    throttle.active = 1;
    expect(throttle.wait()).toBe(0);
  });
});

describe('the batcher', () => {
  const limits = { items: 3, bytes: 100, ms: 50 };

  it('is ready when it is full, heavy, or has waited', () => {
    let now = 0;
    const batcher = new Batcher<string>(limits, () => now);
    expect(batcher.wait()).toBe(Infinity);
    batcher.add('a', 10);
    expect(batcher.wait()).toBe(50);
    now = 30;
    batcher.add('b', 10);
    expect(batcher.wait()).toBe(20);
    batcher.add('c', 10);
    expect(batcher.wait()).toBe(0);
    expect(batcher.take()).toEqual(['a', 'b', 'c']);
    batcher.add('d', 99);
    batcher.add('e', 1);
    expect(batcher.wait()).toBe(0);
  });

  it('never takes more than its limits, but for one item that is heavier by itself', () => {
    const batcher = new Batcher<string>(limits);
    for (const [item, bytes] of [
      ['a', 60],
      ['b', 60],
      ['c', 500],
      ['d', 1],
      ['e', 1],
      ['f', 1],
      ['g', 1],
    ] as const) {
      batcher.add(item, bytes);
    }
    expect(batcher.bytes).toBe(624);
    expect([batcher.take(), batcher.take(), batcher.take(), batcher.take(), batcher.take()]).toEqual([
      ['a'],
      ['b'],
      ['c'],
      ['d', 'e', 'f'],
      ['g'],
    ]);
    expect(batcher.take()).toEqual([]);
  });
});

describe('the estimate', () => {
  const left = { unread: 0, unreadBytes: 0, unasked: 0, ready: 0 };

  it('says nothing before there is something to judge from', () => {
    const estimator = new Estimator();
    expect(estimator.estimate({ ...left, ready: 5 }, 1).seconds).toBeNull();
    estimator.add({ at: 0, readBytes: 0, laid: 0 });
    estimator.add({ at: 1000, readBytes: 10, laid: 5 });
    expect(estimator.estimate({ ...left, ready: 5 }, 1).seconds).toBeNull();
  });

  it('goes by the files that core_service still has to see, counting on as many known ones as before', () => {
    const estimator = new Estimator();
    estimator.add({ at: 0, readBytes: 0, laid: 0 });
    estimator.add({ at: 10_000, readBytes: 1e9, laid: 50 });
    expect(estimator.estimate({ ...left, ready: 100, unasked: 50, unread: 50, unreadBytes: 1e8 }, 0.5)).toEqual({
      rate: 5,
      bytesPerSecond: 1e8,
      seconds: 30,
    });
  });

  it('goes by reading when that takes longer', () => {
    const estimator = new Estimator();
    estimator.add({ at: 0, readBytes: 0, laid: 0 });
    estimator.add({ at: 10_000, readBytes: 1e9, laid: 50 });
    expect(estimator.estimate({ ...left, unread: 1000, unreadBytes: 1e10 }, 0.01).seconds).toBe(100);
    expect(estimator.estimate(left, 1).seconds).toBe(0);
  });

  it('forgets what is older than a minute and a half, and all of it after a pause', () => {
    const estimator = new Estimator();
    for (let at = 0; at <= 100_000; at += 1000) estimator.add({ at, readBytes: 0, laid: at < 50_000 ? 0 : at / 1000 });
    estimator.add({ at: 200_000, readBytes: 0, laid: 200 });
    expect(estimator.estimate({ ...left, ready: 10 }, 1).rate).toBe(1);
    estimator.reset();
    expect(estimator.estimate({ ...left, ready: 10 }, 1).seconds).toBeNull();
  });

  it('says nothing when nothing moves', () => {
    const estimator = new Estimator();
    estimator.add({ at: 0, readBytes: 0, laid: 3 });
    estimator.add({ at: 9000, readBytes: 0, laid: 3 });
    expect(estimator.estimate({ ...left, ready: 10 }, 1).seconds).toBeNull();
  });
});

describe('the bell', () => {
  it('is heard by who waits, and by who looked before it rang and waits afterwards', async () => {
    const bell = new Bell();
    const seen = bell.rings;
    const waiting = bell.after(seen);
    bell.ring();
    await waiting;
    await bell.after(seen);
    const started = Date.now();
    await bell.after(bell.rings, 20);
    expect(Date.now() - started).toBeGreaterThanOrEqual(15);
  });
});
