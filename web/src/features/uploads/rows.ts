// The lines of an upload: first what is not here yet, then what is being made of what arrived.
import type { Job } from '$api/following';
import type { Item } from './sender';

export type Mood = 'working' | 'attention' | 'done';

export interface Row {
  key: string;
  name: string;
  mood: Mood;
  item?: Item;
  job?: Job;
}

const OF_ITEM: Record<Item['state'], Mood> = {
  waiting: 'working',
  sending: 'working',
  stopped: 'attention',
  refused: 'attention',
  accepted: 'done',
};

const OF_JOB: Record<Job['status'], Mood> = {
  pending: 'working',
  processing: 'working',
  completed: 'done',
  failed: 'attention',
  cancelled: 'attention',
};

export function warningsOf(job: Job): Record<string, unknown>[] {
  return (job.result?.warnings as Record<string, unknown>[] | undefined) ?? [];
}

export function rowsOf(items: readonly Item[], jobs: Iterable<Job>): Row[] {
  const rows: Row[] = [];
  for (const item of items) {
    if (item.state === 'accepted') continue; // its job stands below
    rows.push({ key: `item ${item.key}`, name: item.file.name, mood: OF_ITEM[item.state], item });
  }
  for (const job of jobs) {
    const mood = warningsOf(job).length ? 'attention' : OF_JOB[job.status];
    rows.push({ key: job.job_id, name: job.filename, mood, job });
  }
  return rows;
}
