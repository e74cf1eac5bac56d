// Something that a screen asks for when it opens, and again when told.

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<unknown>(null);
  #ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
    void this.load();
  }

  load = async (): Promise<void> => {
    try {
      this.value = await this.#ask();
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  };
}
