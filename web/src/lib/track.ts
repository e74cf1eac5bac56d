// A long strip of pieces of which most have only a guessed height, and how it is shown in a scroll container that
// must not be as long: browsers go wrong beyond some ten million pixels, and round positions long before.

/** No scroll container is made higher than this, in CSS pixels. */
export const MOST_PIXELS = 6_000_000;
const PLAIN_PIXELS = 100_000;

/** Heights one below the other, with the offset of each. */
export class Track {
  readonly offsets: Float64Array;

  constructor(readonly heights: Float64Array) {
    this.offsets = new Float64Array(heights.length + 1);
    this.#sum(0);
  }

  get count(): number {
    return this.heights.length;
  }

  get total(): number {
    return this.offsets[this.count]!;
  }

  /** Give a piece its real height; answer by how much all that is below moves. */
  measure(index: number, height: number): number {
    const change = height - this.heights[index]!;
    this.heights[index] = height;
    if (change) this.#sum(index);
    return change;
  }

  /** The piece at `offset`; of what lies before or behind all, the first or the last. */
  at(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #sum(from: number): void {
    for (let i = from; i < this.count; i++) this.offsets[i + 1] = this.offsets[i]! + this.heights[i]!;
  }
}

/**
 * Where the eye is on the track, and where the scroll container is scrolled to.
 *
 * Small movements are the same in both; a jump (the scrollbar dragged) is taken in proportion. In between, `drift` is
 * what the two differ by: pieces stand at their offset minus drift, so that nothing moves when it is made up for.
 */
export class Eye {
  drift = 0;
  scrolled = 0;

  constructor(
    public total = 0,
    public view = 0,
  ) {}

  /** How high the inside of the scroll container is. */
  get inside(): number {
    return Math.max(this.view, Math.min(this.total, MOST_PIXELS));
  }

  /** The offset on the track at the upper edge of what is seen. */
  get top(): number {
    return this.scrolled + this.drift;
  }

  get #last(): number {
    return Math.max(0, this.total - this.view);
  }

  /** The container was scrolled by somebody. Answers true if it must be scrolled again, to `scrolled`. */
  moved(to: number): boolean {
    const by = to - this.scrolled;
    this.scrolled = to;
    if (this.inside < this.total && Math.abs(by) > 4 * this.view) {
      this.drift = this.#proportional(to) - to;
      return false;
    }
    const beyond = this.top < 0 || this.top > this.#last;
    const stuck = (to <= 0 && this.top > 0) || (to >= this.inside - this.view - 1 && this.top < this.#last - 1);
    return beyond || stuck ? this.settle() : false;
  }

  /** Look at an offset. Answers true if the container must be scrolled. */
  look(top: number): boolean {
    this.drift = clamp(top, 0, this.#last) - this.scrolled;
    return this.settle();
  }

  /** Something above changed its height: stay with what is seen, without scrolling. */
  shift(by: number): void {
    this.drift += by;
  }

  /** Bring both together again. Answers true if the container must be scrolled. */
  settle(): boolean {
    const top = clamp(this.top, 0, this.#last);
    const scrolled = Math.round(this.#scrolledFor(top));
    const moves = scrolled !== this.scrolled;
    this.scrolled = scrolled;
    this.drift = top - scrolled;
    return moves;
  }

  // Near both ends a pixel is a pixel, so that the ends of container and track meet; what lies between is compressed.

  #scrolledFor(top: number): number {
    const { edge, room, last } = this.#scale;
    if (top <= edge) return top;
    if (top >= last - edge) return room - (last - top);
    return edge + ((top - edge) * (room - 2 * edge)) / (last - 2 * edge);
  }

  #proportional(scrolled: number): number {
    const { edge, room, last } = this.#scale;
    if (scrolled <= edge) return scrolled;
    if (scrolled >= room - edge) return last - (room - scrolled);
    return edge + ((scrolled - edge) * (last - 2 * edge)) / (room - 2 * edge);
  }

  get #scale() {
    const room = this.inside - this.view;
    return { edge: Math.min(PLAIN_PIXELS, room / 4), room, last: this.#last };
  }
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
