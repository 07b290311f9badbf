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

  constructor(private readonly handlers: LiveHandlers) {
    this.socket = io({
      autoConnect: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 4_000,
    });
    this.socket.on('connect', () => {
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
    // The client itself does not come back after a close that the server asked for.
    if (!this.socket.active) this.comeBack();
  }

  private failed(code: string | undefined): void {
    this.become('offline');
    if (code === 'unauthorized' || code === 'forbidden' || code === 'token_invalid') this.handlers.refused();
    else if (!this.socket.active) this.comeBack();
  }

  private comeBack(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.wanted) this.socket.connect();
    }, comeBackAfter);
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
