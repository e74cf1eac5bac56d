// Sends chosen files, a few at a time; waits out bad lines, goes on with large files where they stood, can be stopped.
import { imageAt, type Door, type Taken, type Wishes } from '$api/originals';
import { Problem } from '$api/problem';

export type ItemState = 'waiting' | 'sending' | 'stopped' | 'accepted' | 'refused';

/** Why a file was refused: a problem's slug, and the service's sentence. */
export interface Refused {
  slug: string;
  detail: string;
}

/** One chosen file. */
export interface Item {
  readonly key: number;
  readonly file: File;
  readonly wishes: Omit<Wishes, 'session'>;
  state: ItemState;
  /** Bytes that have left. */
  sent: number;
  refused?: Refused;
  taken?: Taken;
  /** Where its pieces go, when it comes in pieces. */
  where?: string;
  /** The answer to the whole file was lost, so it may have arrived. */
  doubtful?: boolean;
}

/** What keeps everything from being sent; null when nothing does. `passing` troubles end by themselves. */
export interface Trouble extends Refused {
  passing: boolean;
}

export const IN_PIECES = 8 * 2 ** 20;
const PIECE = 16 * 2 ** 20;
const AT_ONCE = 3;
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const MOST_MISSES = 5;
/** What concerns all files, and asks for a person. */
const FINAL = new Set(['quota-exceeded', 'uploads-off', 'place-not-found']);

export interface Settings {
  largest: number;
  /** Told of every change of an item or of the whole. */
  onchange: (item?: Item) => void;
  /** How long to wait at the n-th failure in a row, in ms. */
  pause?: (failures: number) => number;
}

export class Sender {
  readonly items: Item[] = [];
  session: string | null = null;
  trouble: Trouble | null = null;
  #next = 1;
  #running = 0;
  #failures = 0;
  #arrived = new Set<string>();
  #hands = new Map<number, AbortController>();
  #wake: (() => void) | null = null;

  constructor(
    private readonly door: Door,
    private readonly settings: Settings,
  ) {}

  get isBusy(): boolean {
    return this.items.some((item) => item.state === 'waiting' || item.state === 'sending');
  }

  /** Send more files; `resumed` says to which address a file was being sent before. */
  add(files: readonly File[], wishes: Item['wishes'], resumed: (file: File) => string | undefined = () => undefined) {
    for (const file of files) {
      const item: Item = { key: this.#next++, file, wishes, state: 'waiting', sent: 0, where: resumed(file) };
      this.items.push(item);
      if (file.size === 0) this.#refuse(item, { slug: 'empty-file', detail: '' });
      else if (file.size > this.settings.largest) this.#refuse(item, { slug: 'file-too-large', detail: '' });
    }
    this.trouble = null;
    this.settings.onchange();
    this.#go();
  }

  /** Stop one file, or all; what has come in pieces stays there, to go on with. */
  stop(only?: Item): void {
    for (const item of only ? [only] : this.items) {
      if (item.state !== 'waiting' && item.state !== 'sending') continue;
      item.state = 'stopped';
      this.#hands.get(item.key)?.abort(new DOMException('stopped', 'AbortError'));
      this.settings.onchange(item);
    }
    this.#wake?.();
  }

  /** Go on with one file, or with all that were stopped. */
  goOn(only?: Item): void {
    for (const item of only ? [only] : this.items) {
      if (item.state !== 'stopped') continue;
      item.state = 'waiting';
      this.settings.onchange(item);
    }
    this.trouble = null;
    this.settings.onchange();
    this.#go();
  }

  /** Do not wait any longer for what does not answer. */
  hurry(): void {
    this.#wake?.();
  }

  /** Take a file off the list, and what came of it from the service. */
  async drop(item: Item): Promise<void> {
    this.stop(item);
    this.items.splice(this.items.indexOf(item), 1);
    this.settings.onchange();
    if (item.where && item.state !== 'accepted') await this.door.giveUp(item.where);
  }

  /** Take off the list what the service has. */
  forgetAccepted(): void {
    const rest = this.items.filter((item) => item.state !== 'accepted');
    this.items.splice(0, this.items.length, ...rest);
  }

  /** Forget everything; nothing is sent any more. */
  clear(): void {
    this.stop();
    this.items.length = 0;
    this.session = null;
    this.trouble = null;
    this.settings.onchange();
  }

  #go(): void {
    // Who comes first opens the session that the others join.
    const hands = this.session ? AT_ONCE : 1;
    while (this.#running < hands && this.items.some((item) => item.state === 'waiting')) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running += 1;
    try {
      for (let item = this.#nextItem(); item; item = this.#nextItem()) {
        await this.#send(item);
        if (this.session && this.#running < AT_ONCE) this.#go();
      }
    } finally {
      this.#running -= 1;
    }
  }

  #nextItem(): Item | undefined {
    return this.items.find((item) => item.state === 'waiting');
  }

  async #send(item: Item): Promise<void> {
    const hand = new AbortController();
    this.#hands.set(item.key, hand);
    this.#set(item, 'sending');
    try {
      this.#accept(
        item,
        item.file.size > IN_PIECES || item.where
          ? await this.#pieces(item, hand.signal)
          : await this.#whole(item, hand.signal),
      );
    } catch (error) {
      if (!hand.signal.aborted) await this.#failed(item, error);
    } finally {
      if (this.#hands.get(item.key) === hand) this.#hands.delete(item.key);
    }
  }

  async #whole(item: Item, signal: AbortSignal): Promise<Taken> {
    if (item.doubtful) {
      const there = await this.door.arrived(item.file, this.#arrived);
      if (there) return there;
      item.doubtful = false;
    }
    const onsent = (bytes: number) => this.#progress(item, bytes);
    return this.door.whole(item.file, { ...item.wishes, session: this.session }, { onsent, signal });
  }

  async #pieces(item: Item, signal: AbortSignal): Promise<Taken> {
    const { file } = item;
    for (let misses = 0; misses < MOST_MISSES;) {
      const known = item.where ? await this.door.offset(item.where, signal) : null;
      if (known === null) {
        item.where = await this.door.announce(file, { ...item.wishes, session: this.session }, signal);
        this.settings.onchange(item);
      }
      let offset = known ?? 0;
      const done = offset === file.size ? await this.door.outcome(imageAt(item.where!)) : null;
      if (done) return done;
      try {
        do {
          const from = offset;
          this.#progress(item, from);
          const onsent = (bytes: number) => this.#progress(item, from + bytes);
          const taken = await this.door.piece(item.where!, file.slice(from, from + PIECE), from, { onsent, signal });
          if (taken) return taken;
          offset = Math.min(from + PIECE, file.size);
        } while (offset < file.size);
      } catch (error) {
        if (!(error instanceof Problem) || error.slug !== 'upload-offset') throw error;
      }
      misses += 1; // somebody else sends the same file, or what broke off is still being kept
      await this.#rest(misses);
    }
    throw new Problem(409, 'upload-offset', '', '');
  }

  #accept(item: Item, taken: Taken): void {
    this.#arrived.add(taken.image);
    this.#failures = 0;
    this.trouble = null;
    this.session ??= taken.session;
    item.taken = taken;
    item.sent = item.file.size;
    item.where = undefined;
    this.#set(item, 'accepted');
  }

  async #failed(item: Item, error: unknown): Promise<void> {
    const problem = error instanceof Problem ? error : new Problem(400, 'unreadable', '', '');
    const { slug, detail } = problem;
    if (problem.status === 0 && !(await isReadable(item.file)))
      return this.#refuse(item, { slug: 'unreadable', detail });
    if (slug === 'upload-session-not-found' || slug === 'upload-not-found') {
      this.session = null;
      item.where = undefined;
      return this.#set(item, 'waiting');
    }
    if (problem.status === 401 || FINAL.has(slug)) {
      this.trouble = { slug: problem.status === 401 ? 'signed-out' : slug, detail, passing: false };
      item.state = 'waiting';
      return this.stop();
    }
    if (problem.passing || problem.status === 408) {
      item.doubtful = true;
      this.trouble = { slug, detail, passing: true };
      this.#set(item, 'waiting');
      return this.#rest(++this.#failures);
    }
    this.#refuse(item, { slug, detail: problem.errors?.[0]?.msg ?? detail });
  }

  #refuse(item: Item, refused: Refused): void {
    item.refused = refused;
    item.where = undefined;
    this.#set(item, 'refused');
  }

  #set(item: Item, state: ItemState): void {
    item.state = state;
    if (state === 'waiting') item.sent = 0;
    this.settings.onchange(item);
  }

  #progress(item: Item, bytes: number): void {
    if (item.state !== 'sending') return;
    item.sent = Math.min(bytes, item.file.size);
    this.settings.onchange(item);
  }

  /** Wait for the line to come back, unless somebody is in a hurry. */
  #rest(failures: number): Promise<void> {
    const ms = this.settings.pause?.(failures) ?? PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1]!;
    return new Promise((resolve) => {
      const before = this.#wake;
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        resolve();
      }
      this.#wake = () => {
        before?.();
        done();
      };
    });
  }
}

/** Browsers tell of a file that is gone as they tell of a line that broke. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
