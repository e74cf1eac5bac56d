// Whole uploads, at a service that exists in memory only: what it has is counted, and lines break where they are told to.
import { describe, expect, it, vi } from 'vitest';
import type { Door, Progress, Taken, Wishes } from '$api/originals';
import { Problem, unreachable } from '$api/problem';
import { IN_PIECES, Sender, type Item } from './sender';

vi.setConfig({ testTimeout: 60_000 });

const LARGEST = 100 * 2 ** 20;
const WISHES = { place: null, visibility: 'private' as const };
const LARGE = IN_PIECES + 20 * 2 ** 20;

/** Keeps files by name; a file of pieces by its address. */
class Service implements Door {
  kept: { name: string; session: string; image: string; wishes: Wishes }[] = [];
  partial = new Map<string, { file: File; wishes: Wishes; received: number }>();
  asked: string[] = [];
  atOnce = 0;
  most = 0;
  sessions = 0;
  /** The next so many requests reach nobody. */
  away = 0;
  /** The next so many answers are lost: what was asked for is done all the same. */
  mute = 0;
  refusals = new Map<string, Problem>();
  /** What the n-th piece does instead of arriving whole. */
  broken: (() => void)[] = [];
  gate: Promise<void> = Promise.resolve();

  async #enter(what: string, signal?: AbortSignal): Promise<void> {
    this.asked.push(what);
    await this.gate;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    if (this.away > 0) {
      this.away -= 1;
      throw unreachable();
    }
  }

  #keep(file: File, wishes: Wishes, image = `image ${this.kept.length + 1}`): Taken {
    const session = wishes.session ?? `session ${++this.sessions}`;
    this.kept.push({ name: file.name, session, image, wishes });
    if (this.mute > 0) {
      this.mute -= 1;
      throw unreachable();
    }
    return { session, job: `job of ${image}`, image };
  }

  async whole(file: File, wishes: Wishes, { onsent, signal }: Progress): Promise<Taken> {
    this.most = Math.max(this.most, ++this.atOnce);
    try {
      await this.#enter(`whole ${file.name}`, signal);
      onsent(file.size);
      const refusal = this.refusals.get(file.name);
      if (refusal) throw refusal;
      return this.#keep(file, wishes);
    } finally {
      this.atOnce -= 1;
    }
  }

  async announce(file: File, wishes: Wishes): Promise<string> {
    await this.#enter(`announce ${file.name}`);
    const where = `/resumable/${this.partial.size + 1}`;
    this.partial.set(where, { file, wishes, received: 0 });
    return where;
  }

  async offset(where: string): Promise<number | null> {
    await this.#enter(`offset ${where}`);
    const { file } = this.kept.find(({ image }) => where.endsWith(`/${image}`))
      ? { file: null }
      : (this.partial.get(where) ?? { file: undefined });
    if (file === null) return LARGE;
    return this.partial.get(where)?.received ?? null;
  }

  async piece(where: string, bytes: Blob, offset: number, { onsent, signal }: Progress): Promise<Taken | null> {
    await this.#enter(`piece at ${offset}`, signal);
    const partial = this.partial.get(where);
    if (!partial) throw new Problem(404, 'upload-not-found', '', '');
    if (partial.received !== offset) throw new Problem(409, 'upload-offset', '', '');
    const accident = this.broken.shift();
    if (accident) {
      partial.received += Math.floor(bytes.size / 2);
      accident();
    }
    partial.received += bytes.size;
    onsent(bytes.size);
    if (partial.received < partial.file.size) return null;
    return this.#keep(partial.file, partial.wishes, where.split('/').at(-1));
  }

  async outcome(image: string): Promise<Taken | null> {
    const kept = this.kept.find((one) => one.image === image);
    return kept ? { session: kept.session, job: `job of ${image}`, image } : null;
  }

  async arrived(file: File, known: ReadonlySet<string>): Promise<Taken | null> {
    await this.#enter(`arrived ${file.name}`);
    const kept = this.kept.find((one) => one.name === file.name && !known.has(one.image));
    return kept ? this.outcome(kept.image) : null;
  }

  async giveUp(where: string): Promise<void> {
    this.asked.push(`give up ${where}`);
    this.partial.delete(where);
  }
}

const file = (name: string, size = 1000) => new File([new Uint8Array(size)], name, { lastModified: 1 });
const pages = (count: number) => Array.from({ length: count }, (_, index) => file(`${index}.jpg`));

function sending(service: Service) {
  const seen: string[] = [];
  const troubles: string[] = [];
  const sender: Sender = new Sender(service, {
    largest: LARGEST,
    pause: () => 1,
    onchange: (item?: Item) => {
      if (item) seen.push(`${item.file.name} ${item.state}`);
      if (sender?.trouble) troubles.push(sender.trouble.slug);
    },
  });
  return { sender, seen, troubles };
}

async function until(what: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !what();) {
    if (Date.now() > deadline) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const settled = (sender: Sender) => until(() => !sender.isBusy);
const states = (sender: Sender) => sender.items.map((item) => item.state);

describe('sending files', () => {
  it('sends each once, in one session that the first opens, a few at a time', async () => {
    const service = new Service();
    const { sender } = sending(service);
    sender.add(pages(12), { place: 7, visibility: 'authenticated' });
    await settled(sender);
    expect(service.kept.map(({ name }) => name).sort()).toEqual(
      pages(12)
        .map(({ name }) => name)
        .sort(),
    );
    expect(new Set(service.kept.map(({ session }) => session))).toEqual(new Set(['session 1']));
    expect(service.kept.every(({ wishes }) => wishes.place === 7 && wishes.visibility === 'authenticated')).toBe(true);
    expect(service.most).toBe(3);
    expect(sender.session).toBe('session 1');
    expect(sender.items.every((item) => item.sent === item.file.size && item.taken)).toBe(true);
  });

  it('names what is refused, and sends the others', async () => {
    const service = new Service();
    const why = new Problem(422, 'nothing-accepted', '', 'a.zip: This is a ZIP archive.', null, [
      { loc: ['body'], msg: 'This is a ZIP archive.' },
    ]);
    service.refusals.set('0.jpg', why);
    const { sender } = sending(service);
    sender.add([...pages(3), file('nothing.jpg', 0), file('giant.tif', LARGEST + 1)], WISHES);
    await settled(sender);
    expect(states(sender)).toEqual(['refused', 'accepted', 'accepted', 'refused', 'refused']);
    expect(sender.items[0]!.refused).toEqual({ slug: 'nothing-accepted', detail: 'This is a ZIP archive.' });
    expect(sender.items.slice(3).map((item) => item.refused!.slug)).toEqual(['empty-file', 'file-too-large']);
    expect(service.asked.filter((what) => /nothing|giant/.test(what))).toEqual([]);
  });

  it('waits while nobody answers, and loses and doubles nothing', async () => {
    const service = new Service();
    service.away = 7;
    service.mute = 2;
    const { sender, seen, troubles } = sending(service);
    sender.add(pages(6), WISHES);
    await settled(sender);
    expect(troubles).toContain('unreachable');
    expect(states(sender)).toEqual(Array(6).fill('accepted'));
    expect(service.kept.map(({ name }) => name).sort()).toEqual(pages(6).map(({ name }) => name));
    expect(sender.trouble).toBeNull();
    expect(seen).toContain('0.jpg waiting');
  });

  it('stops for good at what concerns all files, and goes on when told to', async () => {
    const service = new Service();
    service.refusals.set('0.jpg', new Problem(403, 'quota-exceeded', '', ''));
    const { sender } = sending(service);
    sender.add(pages(4), WISHES);
    await settled(sender);
    expect(states(sender)).toEqual(Array(4).fill('stopped'));
    expect(sender.trouble).toMatchObject({ slug: 'quota-exceeded', passing: false });
    service.refusals.clear();
    sender.goOn();
    expect(sender.trouble).toBeNull();
    await settled(sender);
    expect(states(sender)).toEqual(Array(4).fill('accepted'));
  });

  it('stops one file or all by hand, and takes one off the list', async () => {
    const service = new Service();
    let open = () => {};
    service.gate = new Promise((resolve) => (open = resolve));
    const { sender } = sending(service);
    sender.add(pages(4), WISHES);
    sender.stop(sender.items[2]);
    await sender.drop(sender.items[3]!);
    sender.stop();
    open();
    await until(() => service.atOnce === 0);
    expect(states(sender)).toEqual(['stopped', 'stopped', 'stopped']);
    expect(service.kept).toEqual([]);
    sender.goOn(sender.items[1]);
    sender.stop(sender.items[1]);
    sender.goOn(sender.items[1]);
    await settled(sender);
    expect(states(sender)).toEqual(['stopped', 'accepted', 'stopped']);
  });

  it('begins another session when the one it joined is gone', async () => {
    const service = new Service();
    service.refusals.set('0.jpg', new Problem(404, 'upload-session-not-found', '', ''));
    const { sender } = sending(service);
    sender.session = 'of yesterday';
    sender.add(pages(1), WISHES);
    await until(() => sender.session === null);
    service.refusals.clear();
    await settled(sender);
    expect(service.kept[0]!.session).toBe('session 1');
  });
});

describe('sending a large file', () => {
  it('sends it in pieces, told of by bytes', async () => {
    const service = new Service();
    const { sender } = sending(service);
    sender.add([file('large.tif', LARGE)], WISHES);
    await settled(sender);
    expect(states(sender)).toEqual(['accepted']);
    expect(service.asked).toEqual(['announce large.tif', 'piece at 0', `piece at ${16 * 2 ** 20}`]);
  });

  it('goes on where a broken line left it', async () => {
    const service = new Service();
    service.broken = [
      () => {
        throw unreachable();
      },
    ];
    const { sender } = sending(service);
    sender.add([file('large.tif', LARGE)], WISHES);
    await settled(sender);
    expect(states(sender)).toEqual(['accepted']);
    expect(service.asked).toContain(`piece at ${8 * 2 ** 20}`);
    expect(service.asked.filter((what) => what.startsWith('announce'))).toHaveLength(1);
  });

  it('hears of a file whose last answer was lost', async () => {
    const service = new Service();
    service.mute = 1;
    const { sender } = sending(service);
    sender.add([file('large.tif', LARGE)], WISHES);
    await settled(sender);
    expect(states(sender)).toEqual(['accepted']);
    expect(service.kept).toHaveLength(1);
  });

  it('goes on after a reload with what had come, and begins anew where that is gone', async () => {
    const service = new Service();
    const half = file('half.tif', LARGE);
    const where = await service.announce(half, { ...WISHES, session: null });
    service.partial.get(where)!.received = LARGE / 2;
    service.asked = [];
    const { sender } = sending(service);
    const gone = file('gone.tif', LARGE);
    sender.add([half, gone], WISHES, (one) => (one === half ? where : '/resumable/gone'));
    await settled(sender);
    expect(states(sender)).toEqual(['accepted', 'accepted']);
    expect(service.asked).toContain(`piece at ${LARGE / 2}`);
    expect(service.asked).not.toContain('announce half.tif');
    expect(service.asked).toContain('announce gone.tif');
  });

  it('gives up at the service what is taken off the list', async () => {
    const service = new Service();
    let open = () => {};
    const { sender } = sending(service);
    sender.add([file('large.tif', LARGE)], WISHES);
    await until(() => service.asked.includes('piece at 0'));
    service.gate = new Promise((resolve) => (open = resolve));
    await sender.drop(sender.items[0]!);
    open();
    await until(() => service.asked.some((what) => what.startsWith('give up')));
    expect(sender.items).toEqual([]);
  });
});
