// The connection to livechat-wsd: the stock Socket.IO client, with answers as promises.
import { io, type Socket } from 'socket.io-client';

import { Failure } from '../client';

export type LinkState = 'connecting' | 'live' | 'offline';

export interface LiveHandlers {
  /** Connected, for the first time or again: nothing is joined or watched yet. */
  connected(): void;
  changed(): void;
  event(name: string, data: unknown): void;
  /** The server does not let us in. */
  refused(): void;
}

const ackTimeout = 10_000;
const comeBackAfter = 2_000;
const reconnectAfter = { least: 500, most: 4_000, whenTheyDieYoung: 15_000 };
const youth = 10_000; // a connection that dies sooner makes the next one wait longer

interface Answer {
  status?: string;
  code?: string;
  message?: string;
}

export class Live {
  state: LinkState = 'connecting';
  private readonly socket: Socket;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  private bornAt = 0;
  private diedYoung = 0; // so many in a row

  constructor(private readonly handlers: LiveHandlers) {
    this.socket = io({
      autoConnect: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: reconnectAfter.least,
      reconnectionDelayMax: reconnectAfter.most,
    });
    this.socket.on('connect', () => {
      this.bornAt = Date.now();
      this.become('live');
      handlers.connected();
    });
    this.socket.on('disconnect', () => this.lost());
    this.socket.on('connect_error', (error: Error & { data?: { code?: string } }) => this.failed(error.data?.code));
    this.socket.onAny((name: string, data: unknown) => handlers.event(name, data));
    // A computer that wakes up, a network that is back: not only after the pause.
    addEventListener('online', () => this.hurry());
    addEventListener('pageshow', () => this.hurry());
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  start(): void {
    this.wanted = true;
    this.socket.connect();
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    this.socket.disconnect();
    this.become('connecting');
  }

  emit(event: string, data: unknown): void {
    if (this.connected) this.socket.volatile.emit(event, data);
  }

  /** The acknowledgement; rejects with a Failure. */
  async ask<Result>(event: string, data?: unknown): Promise<Result> {
    if (!this.connected) throw new Failure('closed', 'there is no connection');
    const answer = await this.answer(event, data);
    if (answer.status === 'error') throw new Failure(answer.code ?? 'internal', answer.message ?? '');
    return answer as Result;
  }

  private async answer(event: string, data: unknown): Promise<Answer> {
    try {
      return (await this.socket.timeout(ackTimeout).emitWithAck(event, data)) as Answer;
    } catch {
      throw new Failure(this.socket.connected ? 'timeout' : 'closed', 'no answer came');
    }
  }

  private lost(): void {
    if (!this.wanted) return;
    this.become('offline');
    this.takeTime();
    // The client itself does not come back after a close that the server asked for.
    if (!this.socket.active) this.comeBack();
  }

  private failed(code: string | undefined): void {
    this.become('offline');
    if (code === 'unauthorized' || code === 'forbidden') this.handlers.refused();
    else if (!this.socket.active) this.comeBack();
  }

  // The client itself begins again with the shortest pause after every connection, whatever became of it.
  private takeTime(): void {
    this.diedYoung = Date.now() - this.bornAt < youth ? this.diedYoung + 1 : 0;
    const { least, most, whenTheyDieYoung } = reconnectAfter;
    const pause = Math.min(least * 2 ** this.diedYoung, whenTheyDieYoung);
    this.socket.io.reconnectionDelay(pause);
    this.socket.io.reconnectionDelayMax(Math.max(pause, most));
  }

  private comeBack(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.wanted) this.socket.connect();
    }, Math.max(comeBackAfter, this.socket.io.reconnectionDelay()));
  }

  private hurry(): void {
    if (!this.wanted || this.connected) return;
    this.socket.disconnect();
    this.socket.connect();
  }

  private become(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.handlers.changed();
  }
}
