// Runs one import from the first look into the folder to the last batch. Knows nothing of the page it is shown on.

import { Course } from './course';
import type { Need, Ports } from './course';
import { Estimator } from './estimate';
import type { Estimate } from './estimate';
import type { FileState, Run } from './journal';
import { OPEN_STATES } from './journal';
import { check, Claims, read, scan } from './reading';
import { Sending } from './sending';
import type { Trouble } from '$api/services';

export type Phase = 'running' | 'paused' | 'troubled' | 'cancelling' | 'completed' | 'cancelled' | 'broken';

/** What there is to see of an import. */
export interface View {
  run: Run;
  phase: Phase;
  scanning: boolean;
  trouble: { need: Need; what: Trouble } | null;
  /** Files in hand, and what is being done with them. */
  active: { path: string; doing: 'reading' | 'sending' | 'keeping' }[];
  /** Photos to import, and those that are through. */
  total: number;
  through: number;
  estimate: Estimate;
  /** Files that may be at core_service at once. */
  atOnce: number;
  /** What ended the import that nobody foresaw. */
  fault: string | null;
}

const REPORT_MS = 5000;

export class Engine {
  readonly #course: Course;
  readonly #sending: Sending;
  readonly #claims = new Claims();
  readonly #estimator = new Estimator();
  #fault: string | null = null;
  #cancelled = false;
  #running: Promise<void> | null = null;

  constructor(ports: Ports, run: Run, onChange: () => void = () => {}) {
    this.#course = new Course(ports, run, onChange);
    this.#sending = new Sending(this.#course, this.#claims);
  }

  /** Work until all is done, or the import is cancelled or left. Never rejects: `view().fault` tells. */
  start(): Promise<void> {
    return (this.#running ??= this.#work().catch((error) => this.#broke(error)));
  }

  view(): View {
    const course = this.#course;
    const { counts, bytes } = course.run;
    const trouble = [...course.troubles][0];
    return {
      ...standingView(course.run),
      phase: this.#phase(trouble !== undefined),
      trouble: trouble ? { need: trouble[0], what: trouble[1] } : null,
      active: [...course.active].map(([path, doing]) => ({ path, doing })),
      estimate: this.#estimator.estimate(
        { unread: counts.found, unreadBytes: bytes.found, unasked: counts.hashed, ready: counts.ready },
        newShare(counts),
      ),
      atOnce: this.#sending.throttle.allowed,
      fault: this.#fault,
    };
  }

  async pause(): Promise<void> {
    this.#course.paused = true;
    await this.#course.change({ state: 'paused' });
  }

  async resume(): Promise<void> {
    this.#course.paused = false;
    this.#estimator.reset();
    await this.#course.change({ state: 'running' });
  }

  /** Give the import up; what came stays. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#course.stop.abort();
    this.#course.changed();
    await this.#running; // a batch on its way arrives, and is written down
    const { run, ports } = this.#course;
    await this.#course.change({ state: 'cancelled', endedAt: Date.now() });
    if (run.importSession !== undefined) await ports.library.end(run.importSession, 'cancel').catch(() => {});
  }

  /** Stop where it stands, to go on another time. */
  async leave(): Promise<void> {
    this.#course.stop.abort();
    await this.#running;
  }

  /** Look at once whether what stands in the way is gone. */
  probe(): void {
    this.#sending.throttle.reopen();
    this.#course.probe();
  }

  async #work(): Promise<void> {
    const course = this.#course;
    // What was ready when the page ended is on its way again.
    for (const entry of await course.ports.journal.take(course.run.id, 'ready', 10_000)) {
      this.#claims.add(entry.sha256!);
    }
    const reporting = setInterval(() => this.#measure(), 1000);
    const telling = setInterval(() => void this.#tell(), REPORT_MS);
    const stages = [
      scan(course),
      read(course),
      check(course, this.#claims),
      this.#sending.send(),
      this.#sending.keep(),
    ];
    try {
      await Promise.all(
        stages.map((stage) =>
          stage.catch((error) => {
            if (!course.signal.aborted) course.stop.abort(error);
            course.changed();
            throw error;
          }),
        ),
      );
      if (course.signal.aborted) return this.#stopped(course.signal.reason);
      await this.#complete();
    } finally {
      clearInterval(reporting);
      clearInterval(telling);
      course.ports.hasher.close();
    }
  }

  async #complete(): Promise<void> {
    const course = this.#course;
    await this.#tell();
    await course.change({ state: 'completed', endedAt: Date.now() });
    const session = course.run.importSession;
    if (session !== undefined) await course.ports.library.end(session, 'complete').catch(() => {});
  }

  #measure(): void {
    const { readBytes, laid, paused, troubles } = this.#course;
    if (paused || troubles.size > 0) this.#estimator.reset();
    else this.#estimator.add({ at: Date.now(), readBytes, laid });
    this.#course.changed();
  }

  /** Tell the import session how far we are. It is for the owner's eyes: when it fails, nothing is lost. */
  async #tell(): Promise<void> {
    const { run, ports, active } = this.#course;
    if (run.importSession === undefined || this.#course.troubles.has('library')) return;
    const { total, through } = this.view();
    const [current] = active.keys();
    await ports.library.report(run.importSession, { found: total, processed: through, current }).catch(() => {});
  }

  #phase(hasTrouble: boolean): Phase {
    const { run, paused } = this.#course;
    if (this.#fault !== null) return 'broken';
    if (run.state === 'completed' || run.state === 'cancelled') return run.state;
    if (this.#cancelled) return 'cancelling';
    return hasTrouble ? 'troubled' : paused ? 'paused' : 'running';
  }

  #stopped(reason: unknown): void {
    const wasMeant = reason instanceof DOMException && reason.name === 'AbortError';
    if (!wasMeant) throw reason;
  }

  #broke(error: unknown): void {
    if (this.#cancelled) return;
    if (error instanceof DOMException && error.name === 'AbortError') return;
    this.#fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#course.changed();
  }
}

/** What there is to see of an import that nobody works at. */
export function standingView(run: Run): View {
  const { counts } = run;
  const through = counts.added + counts.known + counts.joined + counts.failed;
  return {
    run,
    phase: run.state,
    scanning: !run.scanned && run.state === 'running',
    trouble: null,
    active: [],
    total: through + OPEN_STATES.reduce((sum, state) => sum + counts[state], 0),
    through,
    estimate: { rate: 0, bytesPerSecond: 0, seconds: null },
    atOnce: 0,
    fault: null,
  };
}

/** How many of the files that the library was asked for were new to it; while nothing is known, all. */
function newShare(counts: Record<FileState, number>): number {
  const fresh = counts.ready + counts.added + counts.joined + counts.failed;
  const asked = fresh + counts.known;
  return asked === 0 ? 1 : fresh / asked;
}
