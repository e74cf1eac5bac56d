// The ways by which originals reach the service: small ones whole, large ones in pieces (tus) that outlive a bad line.
import { sendBytes } from './bytes';
import { address, ask, send, type Schemas } from './client';
import { Problem, problemOf, unreachable } from './problem';
import { fetchSignedIn } from './refresh';

/** What holds for a file besides its bytes. */
export interface Wishes {
  session: string | null;
  place: number | null;
  visibility: Schemas['UploadDetail']['visibility'];
}

/** A file that the service has: what is made of it follows. */
export interface Taken {
  session: string;
  job: string;
  image: string;
}

export interface Progress {
  onsent: (bytes: number) => void;
  signal: AbortSignal;
}

export interface Door {
  /** Send a file in one request. */
  whole(file: File, wishes: Wishes, progress: Progress): Promise<Taken>;
  /** Announce a file that comes in pieces; give the address that they go to. */
  announce(file: File, wishes: Wishes, signal: AbortSignal): Promise<string>;
  /** How many bytes have come to such an address; null when nobody knows it any more. */
  offset(where: string, signal?: AbortSignal): Promise<number | null>;
  /** Send the bytes from `offset` on; give what became of the file when they were the last. */
  piece(where: string, bytes: Blob, offset: number, progress: Progress): Promise<Taken | null>;
  /** What became of a file whose last answer was lost; null when it is not whole. */
  outcome(image: string): Promise<Taken | null>;
  /** Whether a file arrived though its answer was lost: the newest upload of this name and size, besides those known. */
  arrived(file: File, known: ReadonlySet<string>): Promise<Taken | null>;
  giveUp(where: string): Promise<void>;
}

const TUS = { 'Tus-Resumable': '1.0.0' };
const PIECE = { ...TUS, 'Content-Type': 'application/offset+octet-stream' };
const LOOKED_THROUGH = 30;

function query({ session, place, visibility }: Wishes) {
  return { upload_session_id: session, place_id: place, visibility };
}

/** Its id is the last part of the address. */
export function imageAt(where: string): string {
  return where.slice(where.lastIndexOf('/') + 1);
}

function inBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function whole(file: File, wishes: Wishes, progress: Progress): Promise<Taken> {
  const body = new FormData();
  body.append('files', file, file.name);
  const answer = await sendBytes('POST', address('/api/v1/photos/upload', {}, query(wishes)), { body, ...progress });
  const said = JSON.parse(answer.responseText) as Schemas['Accepted'];
  const [job] = said.jobs;
  return { session: said.upload_session_id, job: job!.job_id, image: job!.image_id };
}

async function announce(file: File, wishes: Wishes, signal: AbortSignal): Promise<string> {
  const headers = {
    ...TUS,
    'Upload-Length': String(file.size),
    'Upload-Metadata': `filename ${inBase64(file.name)}`,
  };
  const answer = await send('post', address('/api/v1/photos/resumable', {}, query(wishes)), { headers, signal });
  return answer.headers.get('Location')!;
}

async function offset(where: string, signal?: AbortSignal): Promise<number | null> {
  let answer: Response;
  try {
    answer = await fetchSignedIn(where, { method: 'HEAD', headers: TUS, credentials: 'same-origin', signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (answer.status === 404) return null;
  if (!answer.ok) throw await problemOf(answer);
  return Number(answer.headers.get('Upload-Offset'));
}

async function piece(where: string, bytes: Blob, from: number, progress: Progress): Promise<Taken | null> {
  const headers = { ...PIECE, 'Upload-Offset': String(from) };
  const answer = await sendBytes('PATCH', where, { body: bytes, headers, ...progress });
  const [session, job] = ['X-Upload-Session-Id', 'X-Job-Id'].map((name) => answer.getResponseHeader(name));
  return session && job ? { session, job, image: imageAt(where) } : null;
}

async function outcome(image: string): Promise<Taken | null> {
  try {
    const upload = await ask('get', '/api/v1/photos/uploads/{upload_id}', { path: { upload_id: image } });
    const run = upload.history[0]!;
    return { session: run.upload_session_id, job: run.job_id, image };
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 404) return null;
    throw problem;
  }
}

async function arrived(file: File, known: ReadonlySet<string>): Promise<Taken | null> {
  const { photos } = await ask('get', '/api/v1/photos/gallery', { query: { per_page: LOOKED_THROUGH } });
  const found = photos.find(
    (upload) =>
      upload.filename === file.name && upload.file_size_bytes === file.size && !known.has(String(upload.image_id)),
  );
  return found ? outcome(found.image_id) : null;
}

async function giveUp(where: string): Promise<void> {
  try {
    await send('delete', where, { headers: TUS });
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
  }
}

export const door: Door = { whole, announce, offset, piece, outcome, arrived, giveUp };
