import { describe, expect, it } from 'vitest';
import { Eye, MOST_PIXELS, Track } from './track';

describe('a track', () => {
  it('knows what lies where', () => {
    const track = new Track(Float64Array.of(10, 20, 30));
    expect([-5, 0, 9, 10, 29, 30, 59, 900].map((offset) => track.at(offset))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
    expect(track.total).toBe(60);
  });

  it('moves what is below when a piece is measured', () => {
    const track = new Track(Float64Array.of(10, 20, 30));
    expect(track.measure(1, 25)).toBe(5);
    expect(track.offsets[2]).toBe(35);
    expect(track.total).toBe(65);
  });
});

describe('an eye on a short track', () => {
  it('is where the container is scrolled to', () => {
    const eye = new Eye(50_000, 800);
    expect(eye.inside).toBe(50_000);
    expect(eye.moved(12_345)).toBe(false);
    expect(eye.top).toBe(12_345);
    expect(eye.moved(40_000)).toBe(false);
    expect(eye.top).toBe(40_000);
  });

  it('stays with what it sees when something above grows, and makes up for it later', () => {
    const eye = new Eye(50_000, 800);
    eye.moved(10_000);
    eye.total += 500;
    eye.shift(500);
    expect([eye.top, eye.scrolled]).toEqual([10_500, 10_000]);
    expect(eye.settle()).toBe(true);
    expect([eye.top, eye.scrolled, eye.drift]).toEqual([10_500, 10_500, 0]);
  });
});

describe('an eye on a track of a million photos', () => {
  const make = () => new Eye(28_000_000, 900);

  it('never needs a container beyond what browsers bear', () => {
    expect(make().inside).toBe(MOST_PIXELS);
    expect(MOST_PIXELS).toBeLessThanOrEqual(8_000_000);
  });

  it('moves pixel by pixel with the wheel', () => {
    const eye = make();
    eye.look(14_000_000);
    const before = eye.top;
    for (let i = 0; i < 50; i++) eye.moved(eye.scrolled + 100);
    expect(eye.top).toBeCloseTo(before + 5000, 5);
  });

  it('goes in proportion when the scrollbar is dragged', () => {
    const eye = make();
    eye.moved((MOST_PIXELS - 900) / 2);
    expect(eye.top / (28_000_000 - 900)).toBeCloseTo(0.5, 5);
    eye.moved(MOST_PIXELS - 900);
    expect(eye.top).toBeCloseTo(28_000_000 - 900, 3);
  });

  it('looks exactly where it is told', () => {
    const eye = make();
    for (const top of [0, 1, 777_777, 13_999_999, 27_999_100]) {
      eye.look(top);
      expect(eye.top).toBeCloseTo(top, 6);
      expect(eye.scrolled).toBeGreaterThanOrEqual(0);
      expect(eye.scrolled).toBeLessThanOrEqual(MOST_PIXELS - 900);
    }
  });

  it('is never stuck at an end of the container that is no end of the track', () => {
    const eye = make();
    eye.look(3_000);
    while (eye.scrolled > 0) eye.moved(Math.max(0, eye.scrolled - 90));
    for (let i = 0; i < 60 && eye.top > 0; i++) eye.moved(Math.max(0, eye.scrolled - 90));
    expect(eye.top).toBe(0);
  });
});
