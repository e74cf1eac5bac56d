// Which photos, or other things with ids, are selected on a screen, and from where a range goes.
import { SvelteSet } from 'svelte/reactivity';

export class Selection<Id = number> {
  readonly ids = new SvelteSet<Id>();
  /** The photo that was selected last by itself: ranges begin there. */
  anchor: Id | null = null;

  get active(): boolean {
    return this.ids.size > 0;
  }

  toggle(id: Id): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = id;
  }

  /** Select all of them, or, if they are selected already, none of them. */
  toggleAll(ids: Iterable<Id>): void {
    const list = [...ids];
    const all = list.every((id) => this.ids.has(id));
    for (const id of list) {
      if (all) this.ids.delete(id);
      else this.ids.add(id);
    }
  }

  add(ids: Iterable<Id>): void {
    for (const id of ids) this.ids.add(id);
  }

  clear(): void {
    this.ids.clear();
    this.anchor = null;
  }
}
