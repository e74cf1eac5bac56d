import { describe, expect, it } from 'vitest';
import { firstBelow, guessHeight, justify, neighbourRow, tame, type Grid } from './justify';

const grid: Grid = { width: 1000, rowHeight: 150, gap: 4, header: 40, dayGap: 20 };
const shapes = (count: number) => Array.from({ length: count }, (_, i) => [1.5, 0.667, 1.333, 1, 1.778][i % 5]!);
const sameDay = (count: number) => new Array<number>(count).fill(0);

describe('justified rows', () => {
  it('fill the width, but for the last', () => {
    const layout = justify(shapes(100), sameDay(100), grid);
    for (let i = 0; i < 99; i++) {
      const endsRow = layout.y[i + 1]! > layout.y[i]! + 1;
      if (endsRow) expect(layout.x[i]! + layout.w[i]!).toBeCloseTo(grid.width, 1);
    }
  });

  it('keep the shape of every photo, and heights near to what is wanted', () => {
    const ratios = shapes(200);
    const layout = justify(ratios, sameDay(200), grid);
    for (let i = 0; i < 200; i++) {
      expect(layout.w[i]! / layout.h[i]!).toBeCloseTo(tame(ratios[i]!), 2);
      expect(layout.h[i]!).toBeGreaterThan(grid.rowHeight * 0.7);
      expect(layout.h[i]!).toBeLessThan(grid.rowHeight * 1.45);
    }
  });

  it('never overlap and never leave the width', () => {
    const days = Array.from({ length: 300 }, (_, i) => Math.floor(i / 3.3));
    const layout = justify(shapes(300), days, grid);
    for (let i = 0; i < 300; i++) {
      expect(layout.x[i]! + layout.w[i]!).toBeLessThanOrEqual(grid.width + 0.5);
      for (let j = i + 1; j < Math.min(300, i + 12); j++) {
        const apart =
          layout.x[j]! >= layout.x[i]! + layout.w[i]! - 0.5 ||
          layout.y[j]! >= layout.y[i]! + layout.h[i]! - 0.5 ||
          layout.x[j]! + layout.w[j]! <= layout.x[i]! + 0.5;
        expect(apart).toBe(true);
      }
    }
    expect(layout.height).toBeGreaterThanOrEqual(Math.max(...layout.y.map((y, i) => y + layout.h[i]!)));
  });

  it('let small days share a row, each under its date', () => {
    const layout = justify([1, 1, 1], [3, 2, 1], grid);
    expect(layout.heads.map((head) => head.y)).toEqual([0, 0, 0]);
    expect(layout.heads[1]!.x).toBeGreaterThanOrEqual(layout.heads[0]!.x + layout.heads[0]!.width);
    expect(new Set(layout.y)).toEqual(new Set([grid.header]));
  });

  it('show no date again for a day that goes on', () => {
    const layout = justify(shapes(30), sameDay(30), grid, 0);
    expect(layout.heads[0]!.continued).toBe(true);
    expect(layout.y[0]).toBe(0);
  });

  it('crop panoramas and strips', () => {
    const layout = justify([12, 0.05, 0], sameDay(3), grid);
    expect(layout.w[0]! / layout.h[0]!).toBeCloseTo(3.2);
    expect(layout.w[1]! / layout.h[1]!).toBeCloseTo(0.4);
    expect(layout.w[2]! / layout.h[2]!).toBeCloseTo(1);
  });

  it('lay out a thousand photos in a few milliseconds', () => {
    const days = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 7));
    justify(shapes(1000), days, grid);
    const begun = performance.now();
    for (let i = 0; i < 20; i++) justify(shapes(1000), days, grid);
    expect((performance.now() - begun) / 20).toBeLessThan(10);
  });

  it('are guessed to within a third before anything is known', () => {
    const real = justify(
      shapes(1000),
      Array.from({ length: 1000 }, (_, i) => Math.floor(i / 15)),
      grid,
    ).height;
    expect(guessHeight(1000, grid) / real).toBeGreaterThan(0.67);
    expect(guessHeight(1000, grid) / real).toBeLessThan(1.5);
  });
});

describe('moving through rows', () => {
  const layout = justify(shapes(60), sameDay(60), grid);

  it('finds the first photo that reaches below a line', () => {
    expect(firstBelow(layout, -1)).toBe(0);
    expect(firstBelow(layout, layout.height + 1)).toBe(60);
    const i = firstBelow(layout, layout.y[20]! + 1);
    expect(layout.y[i]).toBe(layout.y[20]);
  });

  it('goes down to the photo below and up again', () => {
    const below = neighbourRow(layout, 2, 1);
    expect(layout.y[below]!).toBeGreaterThan(layout.y[2]!);
    expect(layout.y[neighbourRow(layout, below, -1)]).toBe(layout.y[2]);
    expect(neighbourRow(layout, 0, -1)).toBe(-1);
    expect(neighbourRow(layout, 59, 1)).toBe(-1);
  });
});
