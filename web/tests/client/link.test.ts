import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Failure, Link, type LinkState, type Socket, type SocketOptions } from '../../client';

// A server whose ways can be opened and closed, and what was tried.
class Ways {
  open = { websocket: true, polling: true, rest: true };
  refuses: Failure | undefined;
  stopsWhenRefused = true;
  tried: string[] = [];
  states: LinkState[] = [];
  sockets: SocketOptions[] = [];
  hang = false;
  /** Milliseconds; 0: connections live on. */
  dieAfter = 0;
  onlyWebSocketDies = false;
  /** What the receiver does with a new socket: rejects when that ends before it has caught up. */
  onSocket = (): Promise<void> => Promise.resolve();
  readonly link = new Link({
    server: 'http://server',
    token: () => undefined,
    prepare: () => Promise.resolve(),
    onSocket: () => this.onSocket(),
    onEvent: () => undefined,
    onState: (state) => this.states.push(state),
    onRefused: () => {
      this.tried.push('refused');
      if (this.stopsWhenRefused) this.link.stop();
      return Promise.resolve(false);
    },
    askByRest: () => {
      this.tried.push('rest');
      if (this.refuses) return Promise.reject(this.refuses);
      return this.open.rest ? Promise.resolve() : Promise.reject(new Failure('unreachable', ''));
    },
    connect: (options) => {
      this.tried.push(options.transport);
      if (this.refuses) return Promise.reject(this.refuses);
      if (this.hang && options.transport === 'websocket') return new Promise(() => undefined);
      if (!this.open[options.transport]) return Promise.reject(new Failure('unreachable', ''));
      this.sockets.push(options);
      if (this.dieAfter > 0 && !(this.onlyWebSocketDies && options.transport === 'polling')) setTimeout(() => options.onClose(), this.dieAfter);
      return Promise.resolve({ transport: options.transport, close: () => undefined, stale: false } as unknown as Socket);
    },
  });

  drop(): void {
    this.sockets.at(-1)?.onClose();
  }
}

describe('a link', () => {
  let ways: Ways;
  const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

  beforeEach(() => {
    vi.useFakeTimers();
    ways = new Ways();
  });
  afterEach(() => {
    ways.link.stop();
    vi.useRealTimers();
  });

  test('is live by WebSocket, and asks for nothing else', async () => {
    ways.link.start();
    await pass(0);
    expect(ways.states).toEqual(['live']);
    await pass(60_000);
    expect(ways.tried).toEqual(['websocket']);
  });

  test('takes long-polling at once where WebSocket fails, and WebSocket again when it works', async () => {
    ways.open.websocket = false;
    ways.link.start();
    await pass(0);
    expect(ways.tried).toEqual(['websocket', 'polling']);
    expect(ways.states).toEqual(['live']);
    ways.open.websocket = true;
    await pass(30_000);
    expect(ways.sockets.at(-1)?.transport).toBe('websocket');
    expect(ways.states).toEqual(['live']);
  });

  test('does not wait for a WebSocket that hangs', async () => {
    ways.hang = true;
    ways.link.start();
    await pass(2_999);
    expect(ways.tried).toEqual(['websocket']);
    await pass(1);
    expect(ways.states).toEqual(['live']);
    ways.drop();
    await pass(1_000);
    expect(ways.tried.slice(2)).toEqual(['polling']);
  });

  test('falls back to REST, asks there every three seconds, and is live again when it can', async () => {
    Object.assign(ways.open, { websocket: false, polling: false });
    ways.link.start();
    await pass(0);
    expect(ways.states).toEqual(['rest']);
    ways.tried.length = 0;
    await pass(9_000);
    expect(ways.tried.filter((way) => way === 'rest').length).toBeGreaterThanOrEqual(3);
    ways.open.websocket = true;
    await pass(40_000);
    expect(ways.states.at(-1)).toBe('live');
  });

  test('says offline when nothing answers, and only then', async () => {
    Object.assign(ways.open, { websocket: false, polling: false });
    ways.link.start();
    await pass(0);
    expect(ways.states).toEqual(['rest']);
    ways.open.rest = false;
    await pass(3_000);
    expect(ways.states).toEqual(['rest', 'offline']);
    ways.open.rest = true;
    await pass(20_000);
    expect(ways.states).toEqual(['rest', 'offline', 'rest']);
  });

  test('a dropped connection is back at once, without a word about being offline', async () => {
    ways.link.start();
    await pass(20_000);
    ways.drop();
    await pass(0);
    expect(ways.states).toEqual(['live', 'connecting', 'live']);
  });

  test('connections that die young come back less and less often, whatever kills them', async () => {
    ways.dieAfter = 20;
    ways.link.start();
    await pass(16_000);
    expect(ways.sockets.length).toBeGreaterThanOrEqual(4);
    expect(ways.sockets.length).toBeLessThan(10);
    expect(ways.states).not.toContain('offline');
    expect(ways.states).toContain('rest');
  });

  test('one that lives for a while ends the caution', async () => {
    ways.dieAfter = 20;
    ways.link.start();
    await pass(16_000);
    ways.dieAfter = 0;
    await pass(40_000);
    const { length } = ways.sockets;
    ways.drop();
    await pass(0);
    expect(ways.sockets).toHaveLength(length + 1);
  });

  test('long-polling takes over from WebSockets that open and die, which are tried again at longer and longer intervals', async () => {
    ways.dieAfter = 20;
    ways.onlyWebSocketDies = true;
    ways.link.start();
    await pass(10_000);
    expect(ways.sockets.at(-1)?.transport).toBe('polling');
    expect(ways.states.at(-1)).toBe('live');
    const webSockets = (): number => ways.tried.filter((way) => way === 'websocket').length;
    expect(webSockets()).toBe(3);
    await pass(600_000);
    expect(ways.states.at(-1)).toBe('live');
    expect(webSockets()).toBeLessThanOrEqual(6);
    ways.dieAfter = 0;
    await pass(600_000);
    expect(ways.sockets.at(-1)?.transport).toBe('websocket');
  });

  test('a WebSocket that dies while its receiver catches up counts once, like any other', async () => {
    ways.dieAfter = 20;
    ways.onlyWebSocketDies = true;
    ways.onSocket = () =>
      ways.sockets.at(-1)?.transport === 'polling'
        ? Promise.resolve()
        : new Promise((_, reject) => setTimeout(() => reject(new Failure('unreachable', '')), 20));
    ways.link.start();
    await pass(10_000);
    expect(ways.tried.filter((way) => way === 'websocket')).toHaveLength(3);
    expect(ways.states.at(-1)).toBe('live');
  });

  test('tries less and less often, with chance in between, and at once when there is a reason', async () => {
    Object.assign(ways.open, { websocket: false, polling: false, rest: false });
    ways.link.start();
    await pass(60_000);
    expect(ways.tried.filter((way) => way === 'websocket').length).toBeLessThan(12);
    ways.open.websocket = true;
    void ways.link.look();
    await pass(0);
    expect(ways.states.at(-1)).toBe('live');
  });

  test('who is refused is not asked about again', async () => {
    ways.refuses = new Failure('unauthorized', '');
    ways.link.start();
    await pass(60_000);
    expect(ways.tried).toEqual(['websocket', 'refused']);
  });

  test('a refusal that may end is asked about again, less and less often, until it has', async () => {
    Object.assign(ways, { refuses: new Failure('banned', '', 403), stopsWhenRefused: false });
    ways.link.start();
    await pass(60_000);
    expect(ways.states).toEqual([]);
    const asked = ways.tried.filter((way) => way === 'refused').length;
    expect(asked).toBeGreaterThanOrEqual(6);
    expect(asked).toBeLessThan(12);
    ways.refuses = undefined;
    await pass(20_000);
    expect(ways.states).toEqual(['live']);
  });

  test('a refusal while only REST works is not called offline, and nothing is asked meanwhile but whether it has ended', async () => {
    Object.assign(ways.open, { websocket: false, polling: false });
    ways.stopsWhenRefused = false;
    ways.link.start();
    await pass(0);
    ways.refuses = new Failure('banned', '', 403);
    await pass(120_000);
    expect(ways.states).toEqual(['rest', 'connecting']);
    ways.tried.length = 0;
    await pass(60_000);
    expect(ways.tried.filter((way) => way === 'rest')).toEqual([]);
    ways.refuses = undefined;
    await pass(20_000);
    expect(ways.states).toEqual(['rest', 'connecting', 'rest']);
  });

  test('a connection that is given up is replaced', async () => {
    ways.link.start();
    await pass(0);
    ways.link.renew();
    await pass(1_000);
    expect(ways.states).toEqual(['live', 'connecting', 'live']);
    expect(ways.sockets).toHaveLength(2);
  });

  test('so is the asking by REST, which is not believed until it has worked again', async () => {
    Object.assign(ways.open, { websocket: false, polling: false });
    ways.link.start();
    await pass(0);
    ways.refuses = new Failure('banned', '', 403);
    ways.stopsWhenRefused = false;
    ways.link.renew();
    expect(ways.states).toEqual(['rest', 'connecting']);
    await pass(2_000);
    expect(ways.states).toEqual(['rest', 'connecting']);
    ways.refuses = undefined;
    await pass(20_000);
    expect(ways.states).toEqual(['rest', 'connecting', 'rest']);
  });

  test('a stopped link is quiet', async () => {
    ways.link.start();
    await pass(0);
    ways.link.stop();
    ways.drop();
    await pass(60_000);
    expect(ways.tried).toEqual(['websocket']);
  });
});
