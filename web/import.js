// Takes photos in: each goes to core_service, and only its egg goes on to metadata_service.

import { keepEgg, layEgg, Refused, Unreachable } from "/api.js";

const AT_ONCE = 2;

/**
 * Import `files`, calling `report` after each with the running counts and the file's failure, if it failed.
 * A refused file harms only itself; when a service is gone, or `signal` says stop, the rest is left alone.
 */
export async function importPhotos(files, report, signal) {
  const waiting = [...files];
  const counts = { total: files.length, done: 0, added: 0, known: 0, failed: 0 };
  const giveUp = new AbortController();
  const stop = AbortSignal.any([signal, giveUp.signal]);

  async function takeTurns() {
    while (waiting.length > 0 && !stop.aborted) {
      const file = waiting.shift();
      const outcome = await importOne(file, stop);
      if (outcome.stopped) return;
      counts.done += 1;
      counts[outcome.count] += 1;
      report({ ...counts }, outcome.failure && { name: file.name, sentence: outcome.failure });
      if (outcome.gone) giveUp.abort();
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
  return counts;
}

async function importOne(file, signal) {
  try {
    const { is_duplicate: known } = await keepEgg(await layEgg(file, signal), signal);
    return { count: known ? "known" : "added" };
  } catch (error) {
    if (error.name === "AbortError") return { stopped: true };
    if (error instanceof Refused || error instanceof Unreachable) {
      return { count: "failed", failure: error.message, gone: error instanceof Unreachable };
    }
    throw error;
  }
}
