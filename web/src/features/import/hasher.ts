// The page's side of the hashing worker, which starts with the first file.

import type { Hasher } from './batch';

interface Waiting {
  resolve(sha256: string): void;
  reject(error: Error): void;
}

export class WorkerHasher implements Hasher {
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 1;

  sha256(file: File): Promise<string> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#started().postMessage({ id, file });
    });
  }

  close(): void {
    this.#worker?.terminate();
    this.#fail(new DOMException('The import has ended.', 'AbortError'));
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./hashing.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<{ id: number; sha256?: string; error?: string }>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.sha256 !== undefined) waiting?.resolve(data.sha256);
      else waiting?.reject(new DOMException('The file cannot be read.', data.error));
    };
    worker.onerror = (event) => {
      this.#worker = null;
      this.#fail(new Error(event.message || 'The hashing worker does not start.'));
    };
    return (this.#worker = worker);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
