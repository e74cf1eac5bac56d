// One original with all that is known of it; while it is in work it is asked for again and again.
import { ask, type Schemas } from '$api/client';

export type Detail = Schemas['UploadDetail'];
const LOOK_AGAIN_MS = 1_500;

export class Upload {
  value = $state.raw<Detail | null>(null);
  problem = $state.raw<unknown>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(readonly id: string) {
    void this.load();
  }

  get isInWork(): boolean {
    return this.value?.status === 'uploaded' || this.value?.status === 'processing';
  }

  load = async (): Promise<void> => {
    clearTimeout(this.#timer);
    try {
      this.take(await ask('get', '/api/v1/photos/uploads/{upload_id}', { path: { upload_id: this.id } }));
      this.problem = null;
    } catch (problem) {
      if (this.value) this.#later();
      else this.problem = problem;
    }
  };

  /** Show it as an answer told of it. */
  take(value: Detail): void {
    this.value = value;
    if (this.isInWork) this.#later();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (!this.#over) this.#timer = setTimeout(this.load, LOOK_AGAIN_MS);
  }
}
