// What an import asks of the two services. The file itself goes to core_service and nowhere else.
import { tellOfArrivals } from './changes';
import type { Answer } from './client';
import { problemOf } from './problem';
import type { Problem } from './problem';
import { fetchSignedIn } from './refresh';
import { Away, Busy, Refusal } from './services';
import type { CoreService, Egg, KeptItem, Known, Library, Trouble } from './services';

type BatchOut = Answer<'/api/v1/photos/batch', 'post'>;

const COLDPREVIEW_SIZE = 1920;
const PROBE_MS = 6000;
const FULL = new Set(['storage-full', 'quota-exceeded', 'photo-quota-reached']);

/** core_service at an address, as the browser reaches it. */
export class HttpCore implements CoreService {
  constructor(readonly url: string) {}

  async lay(file: File, name: string, signal: AbortSignal): Promise<Egg> {
    const address = `${this.url}/v1/process?coldpreview_size=${COLDPREVIEW_SIZE}`;
    const headers = { 'Content-Type': 'application/octet-stream', 'X-Filename': encodeURIComponent(name) };
    const response = await reach(address, { method: 'POST', headers, body: file, signal }, 'core-away');
    if (!response.ok) throw refusalOf(response, await problemOf(response), 'core-away');
    const json = await bodyOf(response, signal, 'core-away');
    const told = JSON.parse(json);
    return { json, hothash: told.hothash, filename: told.primary_filename ?? name, format: told.image_format ?? null };
  }

  async probe(): Promise<Trouble | null> {
    if (location.protocol === 'https:' && this.url.startsWith('http:') && !isOwnMachine(this.url))
      return 'core-insecure';
    let isForbidden = false;
    const onViolation = (event: SecurityPolicyViolationEvent) => {
      isForbidden ||= event.blockedURI.startsWith(this.url);
    };
    document.addEventListener('securitypolicyviolation', onViolation);
    try {
      const response = await fetch(`${this.url}/health`, { cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) });
      const { service } = await response.json().catch(() => ({ service: null }));
      return service === 'core_service' ? null : 'core-stranger';
    } catch {
      await new Promise((resolve) => setTimeout(resolve)); // the violation is told after the refusal
      return isForbidden ? 'core-address' : await this.#whyNot();
    } finally {
      document.removeEventListener('securitypolicyviolation', onViolation);
    }
  }

  /** Tell a service that is not there from one that may not be asked: without its leave to read, one can still knock. */
  async #whyNot(): Promise<Trouble> {
    for (const name of ['local-network-access', 'loopback-network', 'local-network']) {
      const permission = await navigator.permissions?.query({ name: name as PermissionName }).catch(() => null);
      if (permission?.state === 'denied') return 'core-permission';
    }
    const options: RequestInit = { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) };
    return fetch(`${this.url}/health`, options).then(
      () => 'core-origin',
      () => 'core-away',
    );
  }
}

/** metadata_service, as the signed-in owner. */
export class HttpLibrary implements Library {
  async known(sha256s: readonly string[]): Promise<Map<string, Known>> {
    const asked = JSON.stringify({ file_sha256s: sha256s });
    const told: { file_sha256s: Record<string, number>; in_trash: number[] } = JSON.parse(
      await post('photos/exists', asked),
    );
    const trash = new Set(told.in_trash);
    const photos = Object.entries(told.file_sha256s);
    return new Map(photos.map(([sha256, photoId]) => [sha256, { photoId, inTrash: trash.has(photoId) }]));
  }

  async keep(body: Blob, key: string): Promise<KeptItem[]> {
    const told: BatchOut = JSON.parse(await post('photos/batch', body, { 'Idempotency-Key': key }));
    if (told.results.some((item) => item.status === 'created')) tellOfArrivals();
    return [...told.results].sort((one, other) => one.index - other.index).map(keptItem);
  }

  async begin(name: string, volume: string): Promise<number> {
    const said = { source_path: name, source_description: volume || null, title: name.slice(0, 250) };
    return JSON.parse(await post('import-sessions', JSON.stringify(said))).id;
  }

  async report(session: number, progress: { found: number; processed: number; current?: string }): Promise<void> {
    const { found, processed, current } = progress;
    const said = { total_files_found: found, files_processed: processed, current_file: current };
    await post(`import-sessions/${session}`, JSON.stringify(said), {}, 'PATCH');
  }

  async end(session: number, how: 'complete' | 'cancel'): Promise<void> {
    await post(`import-sessions/${session}/${how}`, '{}');
  }
}

function keptItem(item: BatchOut['results'][number]): KeptItem {
  if (item.status === 'error') {
    return { status: 'error', failure: { slug: slugOf(item.type), detail: item.detail ?? '' } };
  }
  return { status: item.status, photoId: item.id ?? undefined, hothash: item.hothash ?? undefined };
}

async function post(
  path: string,
  body: BodyInit,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<string> {
  const options = { method, body, headers: { 'Content-Type': 'application/json', ...headers } };
  const response = await reach(`/api/v1/${path}`, options, 'library-away');
  if (!response.ok) throw refusalOf(response, await problemOf(response), 'library-away');
  return bodyOf(response, undefined, 'library-away');
}

async function reach(address: string, options: RequestInit, trouble: Trouble): Promise<Response> {
  try {
    return await (trouble === 'library-away' ? fetchSignedIn : fetch)(address, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Away(trouble);
  }
}

/** An answer can break off in its middle, too. */
async function bodyOf(response: Response, signal: AbortSignal | undefined, trouble: Trouble): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Away(trouble);
  }
}

function refusalOf(response: Response, problem: Problem, trouble: Trouble): Error {
  const { status } = response;
  if (status === 429 || (status === 503 && problem.slug !== 'not-ready')) {
    return new Busy(retryAfter(response.headers.get('Retry-After')));
  }
  if (FULL.has(problem.slug)) return new Away('library-full');
  if (status === 401) return new Away('signed-out');
  if (status >= 500) return new Away(trouble);
  const { slug, detail, requestId } = problem;
  return new Refusal(status, { slug: slugOf(slug), detail, ...(requestId ? { requestId } : {}) });
}

/** Seconds or a date, as milliseconds from now; null when the service does not say. */
export function retryAfter(header: string | null, now = Date.now()): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 120_000) : null;
}

function slugOf(type: string | null | undefined): string {
  return (type ?? '').split('/').pop() || 'unknown';
}

function isOwnMachine(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
