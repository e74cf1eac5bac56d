// The items of an album while they are arranged: what is done is seen at once, told to the service in the order in which
// it was done, and can be taken back. When the service refuses, what it has is shown again.
import { ask, type Schemas } from '$api/client';
import { moved } from '$lib/lineup';

export type Item = Schemas['ShownItem'];
export type Card = Schemas['TextCard'];
export type Undo = () => Promise<void>;

/** An item under a name of its own: text cards have no other, and places change. */
export interface Placed {
  key: number;
  item: Item;
}

export class Arranging {
  items = $state.raw<Placed[]>([]);
  /** The photo that stands for the album: the first. */
  readonly cover = $derived(this.items.find(({ item }) => item.photo)?.key ?? null);
  #next = 0;
  #told: Promise<unknown> = Promise.resolve();
  #refused = false;

  constructor(
    readonly album: number,
    readonly failed: (problem: unknown) => void,
  ) {}

  /** Begin with the items as they are. */
  begin(items: readonly Item[]): void {
    this.#refused = false;
    this.items = items.map((item) => this.#placed(item));
  }

  /** Show a new order without telling anybody, as while something is dragged. */
  show(items: Placed[]): void {
    this.items = items;
  }

  /** Keep the order that is shown, in which the item that was at `from` is at `to`. */
  keepMove(before: Placed[], from: number, to: number): Undo {
    this.#tell(() =>
      ask('post', '/api/v1/collections/{collection_id}/items/move', {
        path: this.#path,
        body: { from_position: from, count: 1, to_position: to },
      }),
    );
    return () => this.#restore(before);
  }

  move(from: number, to: number): Undo {
    const before = this.items;
    this.items = moved(before, from, to);
    return this.keepMove(before, from, to);
  }

  insert(at: number, text_card: Card): Undo {
    const before = this.items;
    const item: Item = { type: 'text', visible: true, text_card };
    this.items = before.toSpliced(at, 0, this.#placed(item));
    this.#tell(() =>
      ask('post', '/api/v1/collections/{collection_id}/items/insert', {
        path: this.#path,
        body: { position: at, items: [{ type: 'text', text_card, visible: true }] },
      }),
    );
    return () => this.#restore(before);
  }

  remove(at: number): Undo {
    return this.removeAll([at]);
  }

  removeAll(positions: number[]): Undo {
    const before = this.items;
    this.items = before.filter((_, at) => !positions.includes(at));
    this.#tell(() =>
      ask('delete', '/api/v1/collections/{collection_id}/items', { path: this.#path, body: { positions } }),
    );
    return () => this.#restore(before);
  }

  write(at: number, text_card: Card): Undo {
    const undo = this.#change(at, { text_card });
    this.#tell(() =>
      ask('patch', '/api/v1/collections/{collection_id}/items/{position}', { path: this.#at(at), body: text_card }),
    );
    return undo;
  }

  say(at: number, caption: string | null): Undo {
    const undo = this.#change(at, { caption });
    this.#tell(() =>
      ask('patch', '/api/v1/collections/{collection_id}/items/{position}/caption', {
        path: this.#at(at),
        body: { caption },
      }),
    );
    return undo;
  }

  setVisible(at: number, visible: boolean): Undo {
    const undo = this.#change(at, { visible });
    this.#tell(() =>
      ask('patch', '/api/v1/collections/{collection_id}/items/{position}/visibility', {
        path: this.#at(at),
        body: { visible },
      }),
    );
    return undo;
  }

  /** Wait until everything has been told; answer whether the service agreed to all of it. */
  async done(): Promise<boolean> {
    await this.#told;
    return !this.#refused;
  }

  get #path() {
    return { collection_id: this.album };
  }

  #at(position: number) {
    return { ...this.#path, position };
  }

  #placed(item: Item): Placed {
    return { key: this.#next++, item };
  }

  #change(at: number, fields: Partial<Item>): Undo {
    const before = this.items;
    const { key, item } = before[at]!;
    this.items = before.with(at, { key, item: { ...item, ...fields } });
    return () => this.#restore(before);
  }

  async #restore(before: Placed[]): Promise<void> {
    this.items = before;
    this.#tell(() =>
      ask('put', '/api/v1/collections/{collection_id}/items/reorder', {
        path: this.#path,
        body: { items: before.map(({ item }) => wire(item)) },
      }),
    );
    await this.#told;
  }

  #tell(request: () => Promise<unknown>): void {
    this.#told = this.#told
      .then(request)
      .catch(async (problem) => {
        this.#refused = true;
        this.failed(problem);
        const { items } = await ask('get', '/api/v1/collections/{collection_id}', { path: this.#path });
        this.items = items.map((item) => this.#placed(item));
      })
      .catch(this.failed);
  }
}

function wire({ type, visible, photo, caption, text_card }: Item) {
  return type === 'photo'
    ? { type, photo_hothash: photo!.hothash, caption: caption ?? null, visible }
    : { type, text_card: text_card!, visible };
}
