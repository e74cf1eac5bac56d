// The one upload of this page, whatever screen is looked at: what is being sent, and what is made of what arrived.
import { tellOfArrivals } from '$api/changes';
import { ask } from '$api/client';
import { largestOriginal } from '$api/config';
import { follow, isOver, type Job, type Summary } from '$api/following';
import { door } from '$api/originals';
import { Problem } from '$api/problem';
import { session } from '$api/session.svelte';
import { toasts } from '$ui/toasts.svelte';
import { Pace } from './pace';
import { isSame, recall, remember, unsentOf, type Unsent } from './remembered';
import { Sender, type Item, type Trouble } from './sender';

/** A file that was not all here when the page was closed; `here` is how many of its bytes came. */
export interface Left extends Unsent {
  here: number;
}

const REDRAW_MS = 150;

class Uploading {
  /** Bytes of the largest file; null where no originals are kept, undefined until that is known. */
  largest = $state<number | null>();
  /** Why that could not be asked. */
  problem = $state.raw<unknown>(null);
  items = $state.raw<readonly Item[]>([]);
  trouble = $state.raw<Trouble | null>(null);
  pace = $state.raw<{ perSecond: number | null; seconds: number | null }>({ perSecond: null, seconds: null });
  jobs = $state.raw<ReadonlyMap<string, Job>>(new Map());
  summary = $state.raw<Summary | null>(null);
  left = $state.raw<readonly Left[]>([]);
  session = $state<string | null>(null);

  #user: number | null = null;
  #sender: Sender | null = null;
  #pace = new Pace();
  #unfollow: (() => void) | null = null;
  #redraw: ReturnType<typeof setTimeout> | undefined;

  get isSending(): boolean {
    return this.items.some((item) => item.state === 'waiting' || item.state === 'sending');
  }

  get isWorking(): boolean {
    if (this.summary && !isOver(this.summary)) return true;
    return [...this.jobs.values()].some((job) => job.status === 'pending' || job.status === 'processing');
  }

  constructor() {
    // Nothing of one person's is ever sent in another's name.
    $effect.root(() => {
      $effect(() => {
        if (session.account?.id !== this.#user && session.known) this.#reset();
      });
    });
  }

  /** Begin where `user` was before. */
  async open(user: number): Promise<void> {
    if (this.#user === user && !this.problem) return;
    this.#reset();
    this.#user = user;
    const { session: followed, unsent } = recall(user);
    this.left = unsent.map((one) => ({ ...one, here: 0 }));
    if (followed) this.#follow(followed);
    window.addEventListener('beforeunload', warn);
    try {
      this.largest = await largestOriginal();
    } catch (problem) {
      this.problem = problem;
      return;
    }
    await this.#measureLeft().catch((problem) => toasts.fail(problem));
  }

  add(files: readonly File[], wishes: Item['wishes']): void {
    if (!files.length || !this.largest || this.#user === null) return;
    const before = [...this.left];
    const resumed = (file: File) => {
      const at = before.findIndex((one) => isSame(file, one));
      return at < 0 ? undefined : before.splice(at, 1)[0]!.where;
    };
    this.#sender ??= new Sender(door, { largest: this.largest, onchange: (item) => this.#changed(item) });
    if (!this.#sender.isBusy) {
      this.#pace.reset();
      this.#sender.forgetAccepted();
      this.#sender.session = this.isWorking ? this.session : null;
    }
    this.#sender.add(files, wishes, resumed);
    this.left = before;
    this.#draw();
  }

  stop = (item?: Item): void => this.#sender?.stop(item && this.#own(item));
  goOn = (item?: Item): void => this.#sender?.goOn(item && this.#own(item));
  hurry = (): void => this.#sender?.hurry();

  async drop(item: Item): Promise<void> {
    const own = this.#own(item);
    if (own) await this.#sender!.drop(own);
  }

  /** Give up what was left from before. */
  async forgetLeft(): Promise<void> {
    const left = this.left;
    this.left = [];
    this.#draw();
    for (const { where } of left) if (where) await door.giveUp(where);
  }

  /** Put the list away; what is kept stays kept. */
  putAway(): void {
    this.#sender?.clear();
    this.#unfollow?.();
    this.jobs = new Map();
    this.summary = null;
    this.session = null;
    this.#draw();
  }

  /** End a job; shown at once, and as before when it is refused. */
  async cancel(job: Job): Promise<void> {
    this.#put({ ...job, status: 'cancelled' });
    await this.#change(job, '/api/v1/photos/jobs/{job_id}/cancel');
  }

  async retry(job: Job): Promise<void> {
    this.#put({ ...job, status: 'pending', error: null, is_parked: false });
    await this.#change(job, '/api/v1/photos/jobs/{job_id}/retry');
  }

  async #change(job: Job, path: '/api/v1/photos/jobs/{job_id}/cancel' | '/api/v1/photos/jobs/{job_id}/retry') {
    try {
      this.#put(await ask('post', path, { path: { job_id: job.job_id } }));
    } catch (problem) {
      this.#put(job);
      toasts.fail(problem);
    }
    this.#follow(job.upload_session_id);
  }

  #put(job: Job): void {
    this.jobs = new Map(this.jobs).set(job.job_id, job);
  }

  #own(item: Item): Item | undefined {
    return this.#sender?.items.find((one) => one.key === item.key);
  }

  #changed(item?: Item): void {
    if (item?.state === 'accepted' && item.taken && !this.jobs.has(item.taken.job)) {
      this.#put(begun(item));
      this.#follow(item.taken.session);
    }
    this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_MS);
  }

  #draw(): void {
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    const sender = this.#sender;
    this.items = sender?.items.map((item) => ({ ...item })) ?? [];
    this.trouble = sender?.trouble ?? null;
    const [sent, all] = [total(this.items, 'sent'), total(this.items, 'size')];
    this.#pace.add(Date.now(), sent);
    this.pace = { perSecond: this.#pace.perSecond, seconds: this.#pace.secondsFor(all - sent) };
    const unsent = this.items.filter((item) => item.state !== 'accepted' && item.state !== 'refused');
    if (this.#user !== null) {
      const own = unsent.map((item) => unsentOf(item.file, item.where));
      remember(this.#user, { session: this.session, unsent: [...own, ...this.left] });
    }
  }

  #follow(session: string): void {
    if (session !== this.session) {
      const kept = [...this.jobs.values()].filter((job) => job.upload_session_id === session);
      this.jobs = new Map(kept.map((job) => [job.job_id, job]));
      this.summary = null;
      this.session = session;
    } else if (this.#unfollow) return;
    this.#unfollow?.();
    this.#unfollow = follow(session, {
      onstate: (jobs, summary) => this.#told(jobs, summary),
      onend: (problem) => {
        this.#unfollow = null;
        if (problem) this.#lost(problem);
        // What was accepted while the last word was on its way has not been told of.
        else if (this.#awaits()) this.#follow(session);
      },
    });
  }

  #told(jobs: Job[], summary: Summary): void {
    const all = new Map(this.jobs);
    for (const job of jobs) {
      if (job.status === 'completed' && all.get(job.job_id)?.status !== 'completed') tellOfArrivals();
      all.set(job.job_id, job);
    }
    this.jobs = all;
    this.summary = summary;
  }

  #awaits(): boolean {
    const told = this.summary?.total_jobs ?? 0;
    return [...this.jobs.values()].some((job) => job.status === 'pending') && this.jobs.size > told;
  }

  #lost(problem: unknown): void {
    if (problem instanceof Problem && problem.slug === 'upload-session-not-found') this.putAway();
    else toasts.fail(problem);
  }

  async #measureLeft(): Promise<void> {
    const here = new Map<string, number | null>();
    for (const { where } of this.left) if (where) here.set(where, await door.offset(where));
    this.left = this.left.map((one) => {
      const bytes = one.where ? here.get(one.where) : 0;
      return bytes === null ? { ...one, where: undefined } : { ...one, here: bytes ?? 0 };
    });
  }

  #reset(): void {
    this.#user = null;
    this.problem = null;
    this.#sender?.clear();
    this.#sender = null;
    this.#unfollow?.();
    this.#unfollow = null;
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    this.items = [];
    this.jobs = new Map();
    this.summary = null;
    this.session = null;
    this.left = [];
  }
}

function total(items: readonly Item[], what: 'sent' | 'size'): number {
  const counted = items.filter((item) => item.state !== 'refused');
  return counted.reduce((sum, item) => sum + (what === 'sent' ? item.sent : item.file.size), 0);
}

/** The job of a file that has just arrived, until the service tells of it. */
function begun({ taken, file }: Item): Job {
  const now = new Date().toISOString();
  return {
    job_id: taken!.job,
    image_id: taken!.image,
    upload_session_id: taken!.session,
    filename: file.name,
    kind: 'process',
    reason: null,
    status: 'pending',
    progress_percent: 0,
    stage: null,
    stages: [],
    stages_total: 0,
    attempts: 0,
    waiting_for: null,
    error: null,
    is_parked: false,
    processing_time_seconds: null,
    estimated_remaining_seconds: null,
    result: null,
    created_at: now,
    started_at: null,
    finished_at: null,
    updated_at: now,
  };
}

function warn(event: BeforeUnloadEvent): void {
  if (uploading.isSending) event.preventDefault();
}

export const uploading = new Uploading();
