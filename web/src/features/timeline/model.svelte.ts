// The timeline: where everything is, what of it is here, and what is seen.
//
// Segments (docs/library.md) come as columns and are laid out one at a time, when they are near. Of those that are not
// here a height is guessed; when it turns out wrong, what is seen stays where it is.
import { listen, type Change } from '$api/changes';
import { Pictures } from '$api/pictures.svelte';
import { isAbort } from '$api/problem';
import { Sharpening, type Drawn } from '$api/sharpening.svelte';
import * as api from '$api/timeline';
import { FLAG } from '$lib/flags';
import { endAbove, firstBelow, guessHeight, justify, type Grid } from '$lib/justify';
import { Eye, Track } from '$lib/track';
import { monthMarks, type Mark } from './marks';
import {
  changed,
  dayBefore,
  drop,
  fetchInto,
  holds,
  idsOfDay,
  segmentsOf,
  shapesOf,
  type Place,
  type Seen,
  type Segment,
} from './segments';

const KEPT_SEGMENTS = 10;
const AHEAD = 0.8; // of a screen, drawn above and below

export class Timeline {
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state.raw<unknown>(null);
  total = $state(0);
  seen = $state.raw<Seen[]>([]);
  inside = $state(0);
  /** How far down the eye is, 0…1; the time there. */
  place = $state(0);
  time = $state<number | null>(null);
  marks = $state.raw<Mark[]>([]);

  segments: Segment[] = [];
  readonly pictures = new Pictures();
  readonly sharpening = new Sharpening();
  #track = new Track(new Float64Array());
  #eye = new Eye();
  #grid: Grid = { width: 0, rowHeight: 150, gap: 4, header: 44, dayGap: 24 };
  #months: api.Months['data'] = [];
  #scroller: { scrollTop: number } | null = null;
  #lastSeenAt = -1e9;
  #aim: { time: number; id?: number } | null = null;
  #stop: () => void;
  #abort = new AbortController();
  #recent: Segment[] = [];

  constructor(readonly criteria: api.Criteria) {
    this.#stop = listen((change) => this.#onChange(change));
  }

  destroy(): void {
    this.#stop();
    this.#abort.abort();
    this.pictures.clear();
    this.sharpening.clear();
  }

  /** Find out where everything is, and begin at `at`, or at the newest. */
  async load(at?: number): Promise<void> {
    try {
      const [found, months] = await Promise.all([
        api.segments(this.criteria, undefined, this.#abort.signal),
        api.periods(this.criteria, 'month', {}, this.#abort.signal),
      ]);
      this.#months = months.data;
      // What is here and has not changed its number stays as it is: nothing flickers while an import goes on.
      this.segments = segmentsOf(found, this.segments);
      this.total = found.meta.total_photos + (found.meta.undated_photos ?? 0);
      this.#recent = this.#recent.filter((segment) => this.segments.includes(segment));
      this.status = 'ready';
      this.#measureAll();
      if (at !== undefined) await this.jump(at);
      else this.look(this.#eye.top);
    } catch (problem) {
      if (isAbort(problem)) return;
      this.problem = problem;
      this.status = 'failed';
    }
  }

  /** Something has come or gone elsewhere: count again, and stay where we are. */
  async refresh(): Promise<void> {
    const at = this.#eye.top > 40 ? (this.time ?? undefined) : undefined;
    await this.load(at);
  }

  /** The scroll container and its size. */
  attach(scroller: { scrollTop: number }, width: number, height: number): void {
    this.#scroller = scroller;
    const grid = gridFor(width);
    this.#eye.view = height;
    if (grid.width === this.#grid.width && grid.rowHeight === this.#grid.rowHeight) {
      this.look(this.#eye.top);
      return;
    }
    const at = this.#eye.top > 0 ? this.time : null;
    this.#grid = grid;
    for (const segment of this.segments) segment.layout = undefined;
    this.#measureAll();
    if (at === null) this.look(this.#eye.top);
    else void this.jump(at);
  }

  /** Somebody scrolled. */
  scrolled(to: number): void {
    if (to === this.#eye.scrolled) return;
    this.#aim = null;
    if (this.#eye.moved(to)) this.#scroll();
    if (Math.abs(this.#eye.top - this.#lastSeenAt) > this.#eye.view * AHEAD * 0.4) this.#see();
    else {
      this.#tellPlace();
      this.sharpening.moved(() => this.#drawn());
    }
  }

  /** Scrolling has ended: bring the container and the track together again. */
  rest(): void {
    if (Math.abs(this.#eye.drift) > 0.5 && this.#eye.settle()) this.#scroll();
    this.#see();
  }

  /** Look at an offset of the track. */
  look(top: number): void {
    this.#eye.look(top);
    this.#scroll();
    this.#see();
  }

  /** Look at a part of the whole, 0…1. */
  lookAt(part: number): void {
    this.#aim = null;
    this.look(part * Math.max(0, this.#track.total - this.#eye.view));
  }

  /** Go exactly to a moment: the newest photo that is not newer; null goes to the undated. */
  async jump(time: number | null, id?: number): Promise<void> {
    let index = this.segments.findIndex((segment) => (time === null ? segment.first === null : holds(segment, time)));
    if (index < 0) index = this.segments.findIndex((segment) => segment.first !== null && segment.first <= time!);
    if (index < 0) index = this.segments.length - 1;
    if (index < 0) return;
    const aim = (this.#aim = { time: time ?? -Infinity, id });
    this.look(this.#track.offsets[index]!);
    const segment = this.segments[index]!;
    await this.ensure(segment);
    if (this.#aim !== aim) return;
    if (segment.cut && time !== null) return this.jump(time, id);
    const layout = segment.layout;
    index = this.segments.indexOf(segment);
    if (!layout?.heads.length || index < 0) return;
    const offset = this.#track.offsets[index]!;
    if (id !== undefined) {
      const photo = segment.columns!.id.indexOf(id);
      const y = photo < 0 ? 0 : layout.y[photo]! - this.#eye.view / 3;
      this.look(offset + y);
      return;
    }
    const head = layout.heads.find((one) => one.day === null || time === null || one.day <= time);
    this.look(offset + (head?.y ?? 0));
  }

  /** Bring a segment here and lay it out. */
  async ensure(segment: Segment): Promise<void> {
    if (segment.layout || segment.cut) return;
    if (!segment.columns) await (segment.loading ??= this.#fetch(segment).finally(() => (segment.loading = undefined)));
    if (segment.columns && !segment.layout) this.#layOut(segment);
  }

  /** The ids from one photo to another, both included; segments between are fetched. */
  async between(a: number, b: number): Promise<number[]> {
    const places = [this.find(a), this.find(b)];
    if (!places[0] || !places[1]) return [b];
    const [from, to] = places.sort((p, q) => p!.index - q!.index || p!.photo - q!.photo) as Place[];
    const ids: number[] = [];
    for (let index = from!.index; index <= to!.index && ids.length < 10_000; index++) {
      const segment = this.segments[index]!;
      await this.ensure(segment);
      const all = segment.columns?.id ?? [];
      ids.push(...all.slice(index === from!.index ? from!.photo : 0, index === to!.index ? to!.photo + 1 : all.length));
    }
    return ids;
  }

  /** The viewer's own photos of a day; what is not here is asked for. */
  ofDay(day: number | null): Promise<number[]> {
    return idsOfDay(this.segments, day, this.criteria, this.#abort.signal);
  }

  /** Where a photo lies that is here. */
  find(id: number): Place | null {
    for (let index = 0; index < this.segments.length; index++) {
      const photo = this.segments[index]!.columns?.id.indexOf(id) ?? -1;
      if (photo >= 0) return { index, photo };
    }
    return null;
  }

  /** The photo `step` further; fetches the segment that it lies in. */
  async next(id: number, step: 1 | -1): Promise<number | null> {
    const place = this.find(id);
    if (!place) return null;
    const here = this.segments[place.index]!.columns!.id[place.photo + step];
    if (here !== undefined) return here;
    for (let index = place.index + step; index >= 0 && index < this.segments.length; index += step) {
      const segment = this.segments[index]!;
      await this.ensure(segment);
      const found = segment.columns?.id.at(step > 0 ? 0 : -1);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Scroll as little as is needed to see a photo whole. */
  reveal({ index, photo }: Place): void {
    const layout = this.segments[index]?.layout;
    if (!layout) return;
    const top = this.#track.offsets[index]! + layout.y[photo]!;
    const room = 56;
    if (top - room < this.#eye.top) this.look(top - room);
    else if (top + layout.h[photo]! + 12 > this.#eye.top + this.#eye.view) {
      this.look(top + layout.h[photo]! + 12 - this.#eye.view);
    }
  }

  // What follows is nobody else's.

  async #fetch(segment: Segment): Promise<void> {
    try {
      const after = await fetchInto(segment, this.criteria, this.#abort.signal);
      if (after.length || segment.cut) this.#insertAfter(segment, after);
    } catch (problem) {
      if (!isAbort(problem)) this.problem = problem;
    }
  }

  #insertAfter(segment: Segment, more: Segment[]): void {
    const index = this.segments.indexOf(segment);
    if (index < 0) return;
    this.segments.splice(index + 1, 0, ...more);
    this.#measureAll();
  }

  #layOut(segment: Segment): void {
    const index = this.segments.indexOf(segment);
    if (index < 0 || !this.#grid.width) return;
    const continues = dayBefore(this.segments[index - 1], segment);
    segment.layout = justify(shapesOf(segment.columns!), segment.days!, this.#grid, continues);
    this.#recent = [...this.#recent.filter((one) => one !== segment), segment];
    this.#measure(index, segment.layout.height);
    const near = new Set(this.seen.map((one) => one.segment));
    while (this.#recent.length > KEPT_SEGMENTS + near.size) {
      const oldest = this.#recent.find((one) => !near.has(one) && one !== segment);
      if (!oldest) return;
      this.#recent = this.#recent.filter((one) => one !== oldest);
      this.#forget(oldest);
    }
  }

  #forget(segment: Segment): void {
    segment.columns = segment.days = segment.layout = undefined;
  }

  #measure(index: number, height: number): void {
    const offset = this.#track.offsets[index]!;
    const old = this.#track.heights[index]!;
    const by = this.#track.measure(index, height);
    this.#eye.total = this.#track.total;
    if (by && offset < this.#eye.top && !this.#aim) {
      // Wholly above: move along. The eye inside of it: stay at the same part of it.
      const inside = Math.min(1, (this.#eye.top - offset) / old);
      this.#eye.shift(offset + old <= this.#eye.top ? by : by * inside);
    }
    this.#resized();
  }

  #measureAll(): void {
    const heights = Float64Array.from(this.segments, (one) =>
      one.cut ? 0 : (one.layout?.height ?? guessHeight(one.count, this.#grid)),
    );
    this.#track = new Track(heights);
    this.#eye.total = this.#track.total;
    this.#resized();
  }

  #resized(): void {
    this.inside = this.#eye.inside;
    this.marks = monthMarks(this.#months, this.segments, this.#track, this.#eye.view);
  }

  #scroll(): void {
    if (this.#scroller) this.#scroller.scrollTop = this.#eye.scrolled;
  }

  /** Work out which segments and photos are near, and get what is missing. */
  #see(): void {
    const { view, top, drift } = this.#eye;
    if (!this.#grid.width || !view || !this.segments.length) {
      this.seen = [];
      return;
    }
    this.#lastSeenAt = top;
    const from = top - view * AHEAD;
    const to = top + view * (1 + AHEAD);
    const seen: Seen[] = [];
    for (let index = this.#track.at(from); index < this.segments.length; index++) {
      const offset = this.#track.offsets[index]!;
      if (offset > to) break;
      const segment = this.segments[index]!;
      const height = this.#track.heights[index]!;
      if (!segment.layout) this.#bring(segment);
      if (!height) continue;
      const layout = segment.layout;
      const first = layout ? firstBelow(layout, from - offset) : 0;
      let last = first;
      if (layout) last = Math.min(layout.y.length, endAbove(layout, to - offset, first));
      seen.push({ segment, layout, columns: segment.columns, top: offset - drift, height, from: first, to: last });
    }
    this.seen = seen;
    this.#tellPlace();
    this.sharpening.moved(() => this.#drawn());
    this.pictures.want(
      seen
        .filter((one) => one.segment.columns && one.to > one.from)
        .map((one) => ({ key: one.segment.key, ids: one.segment.columns!.id, from: one.from, to: one.to })),
    );
  }

  #bring(segment: Segment): void {
    if (segment.loading || segment.cut) return;
    void this.ensure(segment).then(() => {
      if (segment.layout || segment.cut) this.#see();
    });
  }

  #tellPlace(): void {
    const top = this.#eye.top;
    this.place = top / Math.max(1, this.#track.total - this.#eye.view);
    const index = this.#track.at(top + 1);
    const segment = this.segments[index];
    if (!segment) return;
    if (segment.columns && segment.layout) {
      const photo = firstBelow(segment.layout, top + 60 - this.#track.offsets[index]!);
      this.time = segment.first === null ? null : (segment.columns.time[photo] ?? segment.first);
    } else if (segment.first === null) {
      this.time = null;
    } else {
      const part = (top - this.#track.offsets[index]!) / this.#track.heights[index]!;
      this.time = segment.end! - 1 - part * (segment.end! - 1 - segment.first);
    }
  }

  #onChange(change: Change): void {
    if (change.kind === 'back') {
      void this.refresh();
      return;
    }
    let known = 0;
    for (const segment of this.segments) {
      const columns = segment.columns;
      if (!columns) continue;
      const keep = columns.id.map((id) => !change.ids.has(id));
      const hits = keep.filter((kept) => !kept).length;
      if (!hits) continue;
      known += hits;
      if (change.kind === 'gone') {
        drop(segment, keep);
        this.total -= hits;
        this.#layOut(segment);
        continue;
      }
      segment.columns = changed(columns, change.ids, change);
      if (change.view !== undefined) this.#layOut(segment);
    }
    if (change.kind === 'gone' && known < change.ids.size) void this.refresh();
    else this.#see();
  }

  /** The photos that are seen now and have a large preview, and how large they are drawn. */
  #drawn(): Drawn[] {
    const { top, view } = this.#eye;
    const drawn: Drawn[] = [];
    for (const { segment, layout, columns, from, to } of this.seen) {
      if (!layout || !columns) continue;
      const offset = this.#track.offsets[this.segments.indexOf(segment)]!;
      for (let i = from; i < to; i++) {
        const y = offset + layout.y[i]!;
        if (y + layout.h[i]! < top || y > top + view || !(columns.flags[i]! & FLAG.large)) continue;
        drawn.push({ id: columns.id[i]!, side: Math.max(layout.w[i]!, layout.h[i]!) * devicePixelRatio });
      }
    }
    return drawn;
  }
}

function gridFor(width: number): Grid {
  const rowHeight = width < 500 ? 100 : width < 900 ? 136 : 158;
  return { width, rowHeight, gap: width < 500 ? 3 : 5, header: 46, dayGap: width < 500 ? 14 : 28 };
}
