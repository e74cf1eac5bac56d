// Who is signed in. The session itself is a cookie that scripts cannot read; nothing is kept here but the account.
import { ask, onSignedOut, type Schemas } from './client';
import { Problem } from './problem';
import { isWatched, keepWatch, signedInFor, stayIn } from './refresh';

export type Account = Schemas['UserOut'];

// Whether it is worth asking: browsers log every refusal as an error, also the ordinary one of a first visit.
const HINT = 'imalink.was-signed-in';

class Session {
  /** undefined: not asked yet; null: nobody is signed in. */
  account = $state<Account | null | undefined>(undefined);

  get known(): boolean {
    return this.account !== undefined;
  }

  get signedIn(): boolean {
    return !!this.account;
  }

  /** Ask who is signed in. */
  async load(): Promise<void> {
    if (!localStorage.getItem(HINT)) {
      this.account = null;
      return;
    }
    // Whoever comes back from a provider is signed in, and nobody told the page for how long.
    if (!isWatched()) await stayIn();
    keepWatch();
    try {
      this.account = (await ask('get', '/api/v1/auth/me')) as Account;
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
      this.end();
    }
  }

  /** Nobody is signed in any more. */
  end(): void {
    this.account = null;
    localStorage.removeItem(HINT);
    signedInFor(null);
  }

  /** Somebody goes to sign in elsewhere and may come back signed in. */
  expectReturn(): void {
    localStorage.setItem(HINT, '1');
  }

  async signIn(name: string, password: string): Promise<void> {
    const { expires_in } = await ask('post', '/api/v1/auth/login', { body: { username: name, password } as never });
    signedInFor(expires_in);
    localStorage.setItem(HINT, '1');
    await this.load();
  }

  async register(account: {
    username: string;
    email: string;
    password: string;
    display_name?: string;
    invite_code?: string;
  }): Promise<void> {
    await ask('post', '/api/v1/auth/register', { body: account as never });
    await this.signIn(account.username, account.password);
  }

  async signOut(): Promise<void> {
    try {
      await ask('post', '/api/v1/auth/logout');
    } finally {
      this.end();
    }
  }
}

export const session = new Session();
onSignedOut(() => session.end());
