// Short words at the edge of the screen: what was done, with the way back, and what went wrong.
import { isAbort, Problem } from '$api/problem';
import { t } from '$i18n/index.svelte';

export interface Toast {
  id: number;
  text: string;
  detail?: string;
  bad?: boolean;
  /** What it is about, where a later step makes the way back from an earlier one wrong. */
  topic?: string;
  undo?: () => Promise<unknown> | unknown;
}

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  /** Say something; with `undo`, offer the way back for ten seconds, and of a topic only the way back from the latest. */
  say(text: string, undo?: Toast['undo'], topic?: string): void {
    if (topic) this.list = this.list.filter((toast) => toast.topic !== topic);
    this.#show({ text, undo, topic }, undo ? 10_000 : 4_000);
  }

  /** Say what went wrong, with the id by which it is found in the logs. */
  fail(problem: unknown): void {
    if (isAbort(problem)) return;
    const words = wordsOf(problem);
    this.#show(
      { text: words.text, detail: words.requestId && t().errors.requestId(words.requestId), bad: true },
      12_000,
    );
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Take the last thing back. */
  undoLast(): boolean {
    const last = this.list.findLast((toast) => toast.undo);
    if (last) void this.undo(last);
    return !!last;
  }

  async undo(toast: Toast): Promise<void> {
    this.close(toast.id);
    try {
      await toast.undo?.();
      this.say(t().common.undone);
    } catch (problem) {
      this.fail(problem);
    }
  }

  #show(toast: Omit<Toast, 'id'>, ms: number): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), { ...toast, id }];
    setTimeout(() => this.close(id), ms);
  }
}

export const toasts = new Toasts();

/** What a failure is called in words for people. */
export function wordsOf(problem: unknown): { text: string; requestId?: string } {
  if (!(problem instanceof Problem)) return { text: t().errors.unexpected };
  if (problem.status === 0) return { text: t().errors.unreachable };
  return { text: problem.detail || problem.title || t().errors.unexpected, requestId: problem.requestId ?? undefined };
}
