// The only place that asks metadata_service. Paths, parameters and answers are typed by its OpenAPI document.
import type { components, paths } from './metadata';
import { problemOf, unreachable } from './problem';
import { fetchSignedIn } from './refresh';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = paths[P] extends { [K in M]: infer O } ? O : never;
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : undefined;
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? R extends { 200: infer T }
      ? Json<T>
      : R extends { 201: infer T }
        ? Json<T>
        : undefined
    : never;
export type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;
export type Query<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { parameters: { query?: infer Q } } ? Q : never;

type Scalar = string | number | boolean;
export type QueryValues = Record<string, Scalar | readonly Scalar[] | null | undefined>;

export interface Options<P extends keyof paths, M extends Method> {
  path?: Record<string, string | number>;
  query?: Query<P, M>;
  body?: Body<P, M>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Who wants to know that nobody is signed in any more. */
let whenSignedOut: () => void = () => {};
export function onSignedOut(tell: () => void): void {
  whenSignedOut = tell;
}

/** Through whose eyes one's own photos are looked at: the `X-View-As` of every question. */
let eyes: string | null = null;
export function lookAs(whose: string | null): void {
  eyes = whose;
}

/** Ask, and give the answer's JSON; throw `Problem` for a refusal. */
export async function ask<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  options: Options<P, M> = {},
): Promise<Answer<P, M>> {
  const response = await send(method, address(path, options.path, options.query as QueryValues), options);
  if (response.status === 204) return undefined as Answer<P, M>;
  return (await response.json()) as Answer<P, M>;
}

/** Ask for what is not JSON, or not in the document. */
export async function send(
  method: Method,
  url: string,
  { body, headers, signal }: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetchSignedIn(url, {
      method: method.toUpperCase(),
      credentials: 'same-origin',
      signal,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(eyes && method === 'get' && { 'X-View-As': eyes }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (response.ok || response.status === 304) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !url.includes('/auth/')) whenSignedOut();
  throw problem;
}

/** Put parameters into a path, and words behind it; what is null, undefined or '' is left out. */
export function address(path: string, values: Record<string, string | number> = {}, query: QueryValues = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (eyes && name === 'owner') continue; // other eyes own nothing: all that they are shown is the user's
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') words.append(name, String(one));
    }
  }
  return words.size ? `${filled}?${words}` : filled;
}
