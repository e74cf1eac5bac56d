// How a service refuses: problem+json (RFC 9457), or no answer at all.

/** What one field of a request was refused for. */
export interface FieldError {
  loc: (string | number)[];
  msg: string;
}

/** A refusal. `status` is 0 where nobody answered. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | null = null,
    readonly errors: FieldError[] = [],
  ) {
    super(detail || title);
  }

  /** Whether trying again later may help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** Read the refusal that `response` is. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('X-Request-ID');
  try {
    const body = await response.json();
    const slug =
      String(body.type ?? '')
        .split('/')
        .pop() ?? '';
    return new Problem(
      response.status,
      slug,
      body.title ?? '',
      body.detail ?? '',
      body.request_id ?? requestId,
      body.errors,
    );
  } catch {
    return new Problem(response.status, 'unknown', response.statusText, '', requestId);
  }
}

/** What to throw where the network, not the service, refused. */
export function unreachable(): Problem {
  return new Problem(0, 'unreachable', 'The library cannot be reached', '');
}

/** Whether somebody gave up waiting: nothing to complain of. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
