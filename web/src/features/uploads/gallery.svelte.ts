// A gallery of originals, page after page; while some are in work it looks again how they are.
import { ask, type Schemas } from '$api/client';
import { question, type Asked } from './asked';

export type Kept = Schemas['GalleryPhoto'];

const PAGE = 60;
const LOOK_AGAIN_MS = 3_000;
const IN_WORK = new Set(['uploaded', 'processing']);

export class Gallery {
  list = $state.raw<readonly Kept[] | null>(null);
  total = $state(0);
  more = $state(false);
  problem = $state.raw<unknown>(null);
  #cursor: string | null = null;
  #loading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(readonly asked: Asked) {
    void this.load();
  }

  load = async (): Promise<void> => {
    try {
      const { photos, pagination } = await this.#page();
      this.list = photos;
      this.total = pagination.total_items ?? photos.length;
      this.#turn(pagination.next_cursor);
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
    this.#watch();
  };

  loadMore = async (): Promise<void> => {
    if (this.#loading || !this.#cursor) return;
    this.#loading = true;
    try {
      const { photos, pagination } = await this.#page(this.#cursor);
      const known = new Set(this.list?.map((one) => one.image_id));
      this.list = [...(this.list ?? []), ...photos.filter((one) => !known.has(one.image_id))];
      this.#turn(pagination.next_cursor);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.#loading = false;
    }
  };

  /** Show these no more. */
  without(ids: ReadonlySet<string>): void {
    const before = this.list ?? [];
    this.list = before.filter((one) => !ids.has(one.image_id));
    this.total -= before.length - this.list.length;
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #page(cursor?: string) {
    return ask('get', '/api/v1/photos/gallery', { query: { ...question(this.asked), per_page: PAGE, cursor } });
  }

  #turn(cursor: string | null | undefined): void {
    this.#cursor = cursor ?? null;
    this.more = !!cursor;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (!this.#over && this.list?.some((one) => IN_WORK.has(one.status))) {
      this.#timer = setTimeout(() => void this.#lookAgain(), LOOK_AGAIN_MS);
    }
  }

  /** The newest page again: what it shows takes the place of what was shown of the same originals. */
  async #lookAgain(): Promise<void> {
    try {
      const { photos, pagination } = await this.#page();
      const fresh = new Map(photos.map((one) => [one.image_id, one]));
      const shown = (this.list ?? []).map((one) => fresh.get(one.image_id) ?? one);
      const known = new Set(shown.map((one) => one.image_id));
      this.list = [...photos.filter((one) => !known.has(one.image_id)), ...shown];
      this.total = pagination.total_items ?? this.total;
    } catch {
      // It is only a look: whatever is done next says what is the matter.
    }
    this.#watch();
  }
}
