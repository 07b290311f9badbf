// Keeps a connection to the server for as long as it is wanted, by the best way that works: WebSocket,
// long-polling where that is blocked, asking by REST where even that is, and says which one it is.
// "offline" is said when all of them have failed, and only then.
import { asFailure, type Failure } from './failure';
import { Socket, type SocketOptions } from './socket';
import type { TransportName } from './transport';

export type LinkState = 'connecting' | 'live' | 'rest' | 'offline';

export interface LinkOptions {
  server: string;
  token(): string | undefined;
  /** Before every round: what has to be known before a connection makes sense, for example the token. */
  prepare(): Promise<void>;
  /** A new socket is there; what was missed is the receiver's to ask for. Rejecting ends the socket. */
  onSocket(socket: Socket): Promise<void>;
  onEvent(name: string, data: unknown): void;
  onState(state: LinkState): void;
  /** The server knows us and does not want us; true: it is worth trying again at once. Otherwise it is tried
   * again less and less often, unless the link is stopped. */
  onRefused(failure: Failure): Promise<boolean>;
  /** Whether the server answers, and what is new there, by REST. Rejects when it does not. */
  askByRest(): Promise<void>;
  connect?: (options: SocketOptions) => Promise<Socket>;
}

const doubtedAfter = 2; // WebSockets that died young, one after the other

// All in milliseconds.
const handshakeTimeout = 8_000;
const headStart = 3_000; // of WebSocket before long-polling is tried beside it
const betterAfter = [30_000, 120_000, 600_000]; // when WebSocket is tried again while polling works
const retryDelays = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const restInterval = 3_000;
const youth = 10_000; // a connection that dies sooner counts as a failed attempt: what killed it may well kill the next one

export class Link {
  private socket: Socket | undefined;
  private state: LinkState = 'connecting';
  private webSocketFails = false;
  private failures = 0;
  private diedYoung = false;
  private distrust = 0; // how often WebSocket failed where polling works
  private youthTimer: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  private running = false;
  private stopped = true;
  private wake: (() => void) | undefined;
  private restTimer: ReturnType<typeof setInterval> | undefined;
  private betterTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LinkOptions) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.state = 'connecting';
    this.stopAsking();
    clearTimeout(this.betterTimer);
    this.endYouth();
    this.socket?.close();
    this.socket = undefined;
    this.wake?.();
  }

  /** Gives the connection of this moment, of whatever kind, up for another one. */
  renew(): void {
    if (this.socket) this.lost(this.socket);
    else {
      this.change('connecting');
      this.wake?.();
    }
  }

  /** The connection of this moment, if it is live. */
  get live(): Socket | undefined {
    return this.state === 'live' ? this.socket : undefined;
  }

  /** Something happened that makes it likely that the server can, or cannot, be reached: look now. */
  async look(): Promise<void> {
    if (this.stopped) return;
    this.failures = 0;
    this.wake?.();
    const { socket } = this;
    if (!socket) return;
    if (!socket.stale) {
      try {
        await this.options.askByRest();
        return;
      } catch (error) {
        if (asFailure(error).status !== 0) return; // it answers
      }
    }
    if (this.socket === socket) this.lost(socket);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (!this.isStopped() && !this.socket) {
      if (await this.attempt()) continue;
      if (this.isStopped()) break;
      const delay = retryDelays[Math.min(this.failures++, retryDelays.length - 1)] ?? 0;
      await this.sleep(delay * (0.75 + Math.random() / 2));
    }
    this.running = false;
  }

  // One round over all ways; true when the next round (if one is needed) may begin at once.
  private async attempt(): Promise<boolean> {
    if (this.diedYoung) {
      this.diedYoung = false;
      return this.failures > 0 && this.askInstead();
    }
    let refused: Failure | undefined;
    try {
      await this.options.prepare();
      const socket = await this.open();
      if (this.isStopped()) {
        socket.close();
        return true;
      }
      await this.adopt(socket);
      return true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.forbidden) refused = failure;
      this.diedYoung = false; // if it died while its receiver caught up: this round counts it already
    }
    return refused ? this.refuse(refused) : this.askInstead();
  }

  // By REST, until there is a connection; true as above.
  private async askInstead(): Promise<boolean> {
    try {
      await this.options.askByRest();
      this.change('rest');
      this.restTimer ??= setInterval(() => void this.refresh(), restInterval);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.forbidden) return this.refuse(failure);
      // "Not so fast" is an answer, too.
      if (failure.limited) await this.sleep(failure.retryAfter * 1000);
      else this.change('offline');
    }
    return false;
  }

  private async refresh(): Promise<void> {
    try {
      await this.options.askByRest();
      if (this.state === 'offline') this.change('rest');
    } catch (error) {
      const failure = asFailure(error);
      if (failure.forbidden) this.wake?.(); // the next round hears it, too
      else if (this.state === 'rest' && !failure.limited) this.change('offline');
    }
  }

  private refuse(failure: Failure): Promise<boolean> {
    this.stopAsking();
    this.change('connecting');
    return this.options.onRefused(failure);
  }

  private stopAsking(): void {
    clearInterval(this.restTimer);
    this.restTimer = undefined;
  }

  // WebSocket, and after its head start, or at once when it fails, long-polling. The first one wins.
  private open(): Promise<Socket> {
    if (this.webSocketFails) return this.connect('polling');
    return new Promise((resolve, reject) => {
      let left = 2;
      let won = false;
      const round = ++this.attempts;
      const fail = (error: unknown): void => {
        left -= 1;
        if (asFailure(error).forbidden && !won) {
          won = true;
          clearTimeout(timer);
          reject(asFailure(error));
        } else if (left === 0 && !won) reject(asFailure(error));
      };
      const win = (socket: Socket): void => {
        if (won || round !== this.attempts) {
          socket.close();
          return;
        }
        won = true;
        clearTimeout(timer);
        this.webSocketFails = socket.transport === 'polling';
        resolve(socket);
      };
      let started = false;
      const poll = (): void => {
        if (started || won) return;
        started = true;
        this.connect('polling').then(win, fail);
      };
      const timer = setTimeout(poll, headStart);
      this.connect('websocket').then(win, (error: unknown) => {
        fail(error);
        clearTimeout(timer);
        poll();
      });
    });
  }

  private connect(transport: TransportName): Promise<Socket> {
    const { server } = this.options;
    let socket: Socket | undefined;
    return (this.options.connect ?? ((options) => Socket.connect(options)))({
      server,
      transport,
      token: this.options.token(),
      timeout: handshakeTimeout,
      onEvent: (name, data) => this.options.onEvent(name, data),
      onClose: () => {
        if (socket) this.lost(socket);
      },
    }).then((opened) => (socket = opened));
  }

  private async adopt(socket: Socket): Promise<void> {
    const before = this.socket;
    this.socket = socket;
    this.beginYouth(socket);
    try {
      await this.options.onSocket(socket);
    } catch (error) {
      this.endYouth();
      if (this.socket === socket) this.socket = before;
      else before?.close();
      socket.close();
      throw error;
    }
    before?.close();
    if (this.socket !== socket) return; // lost meanwhile
    this.stopAsking();
    this.change('live');
    clearTimeout(this.betterTimer);
    if (socket.transport === 'polling') this.tryBetter();
  }

  // Behind long-polling, WebSocket is tried again now and then.
  private tryBetter(): void {
    const delay = betterAfter[Math.min(this.distrust, betterAfter.length - 1)];
    this.betterTimer = setTimeout(() => {
      this.connect('websocket')
        .then(async (socket) => {
          if (this.isStopped() || this.socket?.transport !== 'polling') {
            socket.close();
            return;
          }
          await this.adopt(socket);
          this.webSocketFails = false;
        })
        .catch(() => {
          this.distrust += 1;
          if (!this.isStopped() && this.socket?.transport === 'polling') this.tryBetter();
        });
    }, delay);
  }

  private lost(socket: Socket): void {
    socket.close();
    if (this.socket !== socket) return;
    this.socket = undefined;
    clearTimeout(this.betterTimer);
    if (this.youthTimer) {
      this.endYouth();
      this.diedYoung = true;
      if (socket.transport === 'websocket') this.doubt();
    }
    if (this.stopped) return;
    this.change('connecting');
    void this.run();
  }

  // Something in between may let WebSockets begin and then end them.
  private doubt(): void {
    if (this.failures < doubtedAfter && this.distrust === 0) return;
    this.webSocketFails = true;
    this.distrust += 1;
  }

  private beginYouth({ transport }: Socket): void {
    this.endYouth();
    this.youthTimer = setTimeout(() => {
      this.youthTimer = undefined;
      this.failures = 0;
      if (transport === 'websocket') this.distrust = 0;
    }, youth);
  }

  private endYouth(): void {
    clearTimeout(this.youthTimer);
    this.youthTimer = undefined;
  }

  private change(state: LinkState): void {
    if (this.stopped || this.state === state) return;
    this.state = state;
    this.options.onState(state);
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  private isStopped(): boolean {
    return this.stopped;
  }
}
