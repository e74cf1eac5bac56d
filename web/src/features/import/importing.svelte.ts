// The page's one import. It lives outside the routes, so that it goes on whatever screen is looked at.
import { coreUrl } from '$api/config';
import { HttpCore, HttpLibrary } from '$api/intake';
import type { CoreService, Trouble } from '$api/services';
import { stayAwake } from './awake';
import { Engine, standingView } from './engine';
import type { View } from './engine';
import { WorkerHasher } from './hasher';
import type { FileEntry, FileState, Journal, Run } from './journal';
import { openJournal } from './journal-idb';
import { MemoryJournal } from './journal-memory';
import { HandleSource } from './sources';
import type { Source } from './sources';

/**
 * none: nothing is going on. here: this page works at it. waiting: it was begun, and waits for somebody to let it go
 * on. elsewhere: another tab works at it.
 */
export type Standing = 'none' | 'here' | 'waiting' | 'elsewhere';

const CORE_KEY = 'imalink.core';
const VOLUME_KEY = 'imalink.volume';
const SHOW_MS = 250;
const LOOK_ELSEWHERE_MS = 2000;

/** core_service at whatever address is the right one just now. */
class CoreDoor implements CoreService {
  async #core(): Promise<HttpCore> {
    return new HttpCore(localStorage.getItem(CORE_KEY) ?? (await coreUrl()));
  }
  async lay(...asked: Parameters<CoreService['lay']>) {
    return (await this.#core()).lay(...asked);
  }
  async probe() {
    return (await this.#core()).probe();
  }
  async url(): Promise<string> {
    return (await this.#core()).url;
  }
}

class Importing {
  standing = $state<Standing>('none');
  view = $state.raw<View | null>(null);
  /** Whether the journal outlives the page: in some private windows it does not. */
  remembers = $state(true);
  readonly core = new CoreDoor();

  #user: number | null = null;
  #journal: Journal | null = null;
  #engine: Engine | null = null;
  #source: Source | null = null;
  #release: (() => void) | null = null;
  #opening: Promise<void> = Promise.resolve();
  #shownAt = 0;
  #showing: ReturnType<typeof setTimeout> | undefined;

  /** Somebody is signed in, or nobody is. An import that this page works at waits for its own user. */
  open(user: number | null): Promise<void> {
    this.#opening = this.#opening.then(() => this.#open(user));
    return this.#opening;
  }

  async #open(user: number | null): Promise<void> {
    if (user === null) return;
    if (user === this.#user) return this.#engine?.probe();
    await this.#leave();
    this.#user = user;
    this.#journal?.close();
    this.#journal = await this.#anyJournal(user);
    await this.#pickUp();
  }

  async #anyJournal(user: number): Promise<Journal> {
    try {
      this.remembers = true;
      return await openJournal(user);
    } catch {
      this.remembers = false;
      return new MemoryJournal();
    }
  }

  /** See whether an import waits to be gone on with. */
  async #pickUp(): Promise<void> {
    const run = await this.#journal!.latest();
    this.view = run ? standingView(run) : null;
    if (!run || (run.state !== 'running' && run.state !== 'paused')) return void (this.standing = 'none');
    if (!(await this.#lock())) return this.#watchElsewhere();
    this.standing = 'waiting';
    const isOpen = run.handle && (await run.handle.queryPermission({ mode: 'read' })) === 'granted';
    if (isOpen) await this.#run(new HandleSource(run.handle!), run);
    else this.#unlock();
  }

  /** Show what another tab is doing, and take over when it ends. */
  async #watchElsewhere(): Promise<void> {
    const user = this.#user;
    this.standing = 'elsewhere';
    while (this.standing === 'elsewhere' && this.#user === user) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_ELSEWHERE_MS));
      const run = await this.#journal?.latest();
      if (run && this.standing === 'elsewhere') this.view = standingView(run);
      if (await this.#lock()) {
        this.#unlock();
        return this.#pickUp();
      }
    }
  }

  /** Import everything that a source has. Gives false when another tab is at it. */
  async begin(source: Source, volume = localStorage.getItem(VOLUME_KEY) ?? ''): Promise<boolean> {
    await this.#opening;
    if (!this.#journal || this.#engine) return false;
    if (!(await this.#lock())) {
      void this.#watchElsewhere();
      return false;
    }
    // Else a browser that is short of room may forget the journal.
    void navigator.storage?.persist?.().catch(() => false);
    const { handle } = source;
    const name = source.name || '/';
    const run = await this.#journal.begin({ name, volume, startedAt: Date.now(), ...(handle ? { handle } : {}) });
    void this.#run(source, run);
    return true;
  }

  /** Whether the interrupted import can go on without choosing its folder again. */
  get canGoOn(): boolean {
    return this.view?.run.handle !== undefined || this.#source !== null;
  }

  /** Go on with the interrupted import: with its own folder, which the browser may ask for, or with the one chosen. */
  async goOn(chosen?: Source): Promise<boolean> {
    const run = await this.#journal?.latest();
    if (!run || this.#engine) return false;
    const source = chosen ?? this.#source ?? (await this.#reopened(run));
    if (!source || !(await this.#lock())) return false;
    // A folder that was chosen again is looked through again: only so its files are found.
    const change = { state: 'running' as const, ...(chosen ? { scanned: false } : {}) };
    void this.#run(source, await this.#journal!.change(run.id, change));
    return true;
  }

  async #reopened(run: Run): Promise<Source | null> {
    if (!run.handle) return null;
    return (await run.handle.requestPermission({ mode: 'read' })) === 'granted' ? new HandleSource(run.handle) : null;
  }

  async pause(): Promise<void> {
    await this.#engine?.pause();
  }

  async resume(): Promise<void> {
    await this.#engine?.resume();
  }

  async cancel(): Promise<void> {
    const engine = this.#engine;
    if (engine) {
      await engine.cancel();
      this.view = engine.view();
      return;
    }
    const run = await this.#journal?.latest();
    if (!run) return;
    const cancelled = await this.#journal!.change(run.id, { state: 'cancelled', endedAt: Date.now() });
    if (run.importSession !== undefined) await new HttpLibrary().end(run.importSession, 'cancel').catch(() => {});
    this.view = standingView(cancelled);
    this.standing = 'none';
  }

  /** Try failed files again, and only those. */
  async retry(): Promise<boolean> {
    const run = this.view?.run;
    if (!run || this.#engine) return false;
    await this.#journal!.retry(run.id);
    const again = await this.#journal!.change(run.id, { state: 'running', scanned: true });
    this.view = standingView(again);
    this.standing = 'waiting';
    return this.canGoOn ? this.goOn() : false;
  }

  probe(): void {
    this.#engine?.probe();
  }

  /** Have the result of the last import out of sight. */
  dismiss(): void {
    if (this.standing === 'none') this.view = null;
  }

  /** Use another address for core_service, or with '' the server's own again; gives what is wrong with it. */
  async useCore(url: string): Promise<Trouble | null> {
    if (url) localStorage.setItem(CORE_KEY, new URL(url).origin);
    else localStorage.removeItem(CORE_KEY);
    const trouble = await this.core.probe();
    this.#engine?.probe();
    return trouble;
  }

  async files(state: FileState | null, offset: number, limit: number): Promise<FileEntry[]> {
    const run = this.view?.run;
    return run && this.#journal ? this.#journal.page(run.id, state, offset, limit) : [];
  }

  /** What is being done with a file just now. */
  doing(path: string): View['active'][number]['doing'] | undefined {
    return this.view?.active.find((active) => active.path === path)?.doing;
  }

  async #run(source: Source, run: Run): Promise<void> {
    this.#source = source;
    this.standing = 'here';
    const ports = { journal: this.#journal!, source, core: this.core, library: new HttpLibrary() };
    const engine = new Engine({ ...ports, hasher: new WorkerHasher() }, run, () => this.#showSoon());
    this.#engine = engine;
    this.#show();
    const mayDoze = stayAwake();
    await engine.start();
    mayDoze();
    if (this.#engine !== engine) return;
    this.#engine = null;
    this.view = engine.view();
    // After a fault the journal still says how far it came: it can go on.
    this.standing = this.view.phase === 'broken' ? 'waiting' : 'none';
    this.#unlock();
  }

  #showSoon(): void {
    const wait = this.#shownAt + SHOW_MS - Date.now();
    this.#showing ??= setTimeout(() => this.#show(), Math.max(0, wait));
  }

  #show(): void {
    clearTimeout(this.#showing);
    this.#showing = undefined;
    this.#shownAt = Date.now();
    if (this.#engine) this.view = this.#engine.view();
  }

  async #leave(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    this.#source = null;
    await engine?.leave();
    this.#unlock();
    this.view = null;
    this.standing = 'none';
  }

  /** One tab at a time. Pages without a secure context have no locks, and must do without. */
  async #lock(): Promise<boolean> {
    if (this.#release) return true;
    if (!navigator.locks) return true;
    const got = await new Promise<boolean>((resolve) => {
      void navigator.locks.request(`imalink-import-${this.#user}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise<void>((release) => (this.#release = release));
      });
    });
    return got;
  }

  #unlock(): void {
    this.#release?.();
    this.#release = null;
  }
}

export const importing = new Importing();
