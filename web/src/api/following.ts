// Follows what is done for the uploads of a session: by events, and where those do not come through, by asking.
import { ask, type Schemas } from './client';
import { Problem } from './problem';

export type Job = Schemas['JobOut'];
export type Summary = Schemas['Summary'];
type State = Schemas['SessionStatus'];

const FIRST_EVENT_MS = 10_000;
const ASK_EVERY_MS = 2_000;
const ASK_LATER_MS = 10_000;
const PAGE = 500;

export interface Told {
  /** Jobs that are new or changed, and all of them counted. */
  onstate: (jobs: Job[], summary: Summary) => void;
  /** There is no such session, or no more of it to be told: its jobs have ended. */
  onend: (problem: unknown | null) => void;
}

export function isOver(summary: Summary): boolean {
  return summary.pending + summary.processing === 0;
}

/** Follow until all jobs have ended, or until the answer is called. */
export function follow(session: string, told: Told): () => void {
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest: string | undefined;
  const events = new EventSource(`/api/v1/photos/jobs/events?upload_session_id=${session}`);

  function end(problem: unknown | null = null) {
    if (over) return;
    stop();
    told.onend(problem);
  }

  function stop() {
    over = true;
    clearTimeout(timer);
    events.close();
  }

  function take(state: State) {
    for (const job of state.jobs) if (!newest || job.updated_at > newest) newest = job.updated_at;
    told.onstate(state.jobs, state.summary);
    if (isOver(state.summary) && !state.next_cursor) end();
  }

  /** A session of more jobs than an event holds. */
  async function takeRest(cursor: string | null | undefined) {
    while (cursor && !over) {
      const state = await question({ cursor });
      if (!over) take(state);
      cursor = state.next_cursor;
    }
  }

  function question(more: { cursor?: string; since?: string }) {
    return ask('get', '/api/v1/photos/jobs/status', { query: { upload_session_id: session, limit: PAGE, ...more } });
  }

  async function poll() {
    events.close();
    if (over) return;
    let pause = ASK_EVERY_MS;
    try {
      const state = await question(newest ? { since: newest } : {});
      if (over) return;
      take(state);
      await takeRest(state.next_cursor);
    } catch (problem) {
      if (problem instanceof Problem && !problem.passing) return end(problem);
      pause = ASK_LATER_MS;
    }
    if (!over) timer = setTimeout(poll, pause);
  }

  timer = setTimeout(poll, FIRST_EVENT_MS);
  events.addEventListener('progress', (event: MessageEvent<string>) => {
    if (over) return;
    clearTimeout(timer);
    const state = JSON.parse(event.data) as State;
    take(state);
    takeRest(state.next_cursor).catch(poll);
  });
  events.onerror = () => {
    clearTimeout(timer);
    if (!over) void poll();
  };
  return stop;
}
