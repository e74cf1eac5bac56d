// What an import needs of the two services, and how they refuse. The real ones are in intake.ts.

/** Why a file failed: a problem's slug or one of ours, and the service's sentence. */
export interface Failure {
  slug: string;
  detail: string;
  requestId?: string;
}

/** An egg as core_service laid it: its JSON untouched, and what must be known of it before it is sent on. */
export interface Egg {
  json: string;
  hothash: string;
  filename: string;
  format: string | null;
}

/** A photo that the library has. */
export interface Known {
  photoId: number;
  inTrash: boolean;
}

export interface KeptItem {
  status: 'created' | 'duplicate' | 'error';
  photoId?: number;
  hothash?: string;
  failure?: Failure;
}

/** What is the matter when a service cannot be asked. */
export type Trouble =
  | 'core-away' // nobody answers at its address
  | 'core-origin' // it answers, but not to pages of this address
  | 'core-permission' // the browser keeps the page from devices of this computer or network
  | 'core-insecure' // the page came over HTTPS, and core_service has only HTTP
  | 'core-address' // the page's own policy does not allow that address
  | 'core-stranger' // something answers, but it is not core_service
  | 'library-away'
  | 'library-full'
  | 'signed-out'
  | 'folder-gone';

/** A service cannot be asked at all. No file is to blame. */
export class Away extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly retryAfterMs: number | null = null,
  ) {
    super(trouble);
  }
}

/** The service is there and has too much to do (429, 503). */
export class Busy extends Error {
  constructor(readonly retryAfterMs: number | null) {
    super('busy');
  }
}

/** The service refuses this one thing, and says why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly failure: Failure,
  ) {
    super(failure.detail);
  }
}

export interface CoreService {
  /** Have an egg laid. Throws `Away`, `Busy`, `Refusal`, or the signal's reason. */
  lay(file: File, name: string, signal: AbortSignal): Promise<Egg>;
  /** Find out whether it can be asked; null when all is well. */
  probe(): Promise<Trouble | null>;
}

export interface Library {
  /** Which of these files the library has: their photos. At most 1000. */
  known(sha256s: readonly string[]): Promise<Map<string, Known>>;
  /** Keep what `batchBody` made. Sent again with the same key it is the same request. */
  keep(body: Blob, key: string): Promise<KeptItem[]>;
  begin(name: string, volume: string): Promise<number>;
  report(session: number, progress: { found: number; processed: number; current?: string }): Promise<void>;
  end(session: number, how: 'complete' | 'cancel'): Promise<void>;
}
