// Sends bytes and tells how many have left, which fetch cannot.
import { problemOf, unreachable } from './problem';
import { stayIn } from './refresh';

export interface Parcel {
  body: Blob | FormData;
  headers?: Record<string, string>;
  /** Told again and again how many bytes of the body have left. */
  onsent?: (bytes: number) => void;
  signal?: AbortSignal;
}

/** Send; give the answer, or throw `Problem` for a refusal and the signal's reason when it was given up. */
export async function sendBytes(method: 'POST' | 'PATCH', url: string, parcel: Parcel): Promise<XMLHttpRequest> {
  let answer = await once(method, url, parcel);
  if (answer.status === 401 && (await stayIn())) answer = await once(method, url, parcel);
  if (answer.status >= 200 && answer.status < 300) return answer;
  const headers = { 'X-Request-ID': answer.getResponseHeader('X-Request-ID') ?? '' };
  throw await problemOf(new Response(answer.responseText, { status: answer.status, headers }));
}

function once(method: string, url: string, { body, headers, onsent, signal }: Parcel): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const giveUp = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers ?? {})) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onsent?.(event.loaded);
    request.onload = () => resolve(request);
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(signal?.reason);
    request.onloadend = () => signal?.removeEventListener('abort', giveUp);
    signal?.addEventListener('abort', giveUp);
    request.send(body);
  });
}
