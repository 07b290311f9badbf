// One Socket.IO connection over one transport: handshake, heartbeat, events and acknowledgements.
// It does not come back by itself (see link.ts).
import { Failure } from './failure';
import { decode, encodeConnect, encodeEvent } from './packet';
import { openTransport, type Transport, type TransportName } from './transport';

export interface SocketOptions {
  server: string;
  transport: TransportName;
  token?: string | undefined;
  /** Milliseconds until the handshake must be over. */
  timeout: number;
  onEvent(name: string, data: unknown): void;
  onClose(): void;
}

const ackTimeout = 15_000;

export class Socket {
  private readonly wire: Transport;
  private readonly acks = new Map<number, (answer: unknown) => void>();
  private nextId = 0;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private patience = 0;
  private heard = 0;
  private open = false;
  private over = false;
  private settle: ((failure?: Failure) => void) | undefined;

  readonly transport: TransportName;

  private constructor(private readonly options: SocketOptions) {
    this.transport = options.transport;
    this.wire = openTransport(options.transport, options.server, {
      packet: (text) => this.take(text),
      closed: () => this.end(),
    });
  }

  /** Resolves when the server has let us in; rejects with "unreachable", "timeout" or the server's code. */
  static connect(options: SocketOptions): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = new Socket(options);
      const timer = setTimeout(() => socket.settle?.(new Failure('timeout', 'the server does not answer')), options.timeout);
      socket.settle = (failure) => {
        clearTimeout(timer);
        socket.settle = undefined;
        if (!failure) {
          socket.open = true;
          resolve(socket);
          return;
        }
        socket.close();
        reject(failure);
      };
    });
  }

  emit(name: string, data?: unknown): void {
    if (this.open) this.wire.send(`4${encodeEvent(name, data)}`);
  }

  /** The acknowledgement; rejects with its code when it is an error, or when none comes. */
  ask<Answer>(name: string, data?: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.open) {
        reject(new Failure('closed', 'the connection is closed'));
        return;
      }
      const id = this.nextId++;
      const timer = setTimeout(() => this.answer(id, new Failure('timeout', 'no acknowledgement came')), ackTimeout);
      this.acks.set(id, (answer) => {
        clearTimeout(timer);
        if (answer instanceof Failure) reject(answer);
        else resolve(answer as Answer);
      });
      this.wire.send(`4${encodeEvent(name, data, id)}`);
    });
  }

  /** Ends it without telling onClose. */
  close(): void {
    this.over = true;
    this.finish();
    this.wire.close();
  }

  /** Whether the server should have been heard of by now: a computer that slept wakes up to this. */
  get stale(): boolean {
    return this.open && Date.now() - this.heard > this.patience;
  }

  private take(text: string): void {
    if (this.over) return;
    this.heard = Date.now();
    switch (text[0]) {
      case '0':
        this.welcome(text.slice(1));
        break;
      case '1':
        this.end();
        break;
      case '2':
        this.watch();
        this.wire.send(`3${text.slice(1)}`);
        break;
      case '4':
        this.message(text.slice(1));
        break;
    }
  }

  private welcome(json: string): void {
    const { pingInterval, pingTimeout } = JSON.parse(json) as { pingInterval: number; pingTimeout: number };
    this.patience = pingInterval + pingTimeout;
    this.watch();
    const { token } = this.options;
    this.wire.send(`4${encodeConnect(token ? { token } : undefined)}`);
  }

  private watch(): void {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => {
      this.wire.close();
      this.end();
    }, this.patience);
  }

  private message(text: string): void {
    const packet = decode(text);
    switch (packet?.type) {
      case 'connect':
        this.settle?.();
        break;
      case 'refused':
        this.settle?.(refusal(packet.data));
        break;
      case 'event':
        this.options.onEvent(packet.name, packet.data);
        break;
      case 'ack':
        this.answer(packet.id, asAnswer(packet.data));
        break;
      default: // goodbye, or what we do not understand
        this.wire.close();
        this.end();
    }
  }

  private answer(id: number, answer: unknown): void {
    const waiting = this.acks.get(id);
    this.acks.delete(id);
    waiting?.(answer);
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    const wasOpen = this.open;
    this.finish();
    if (wasOpen) this.options.onClose();
    else this.settle?.(new Failure('unreachable', 'the connection was closed'));
  }

  private finish(): void {
    this.open = false;
    clearTimeout(this.deadline);
    for (const id of [...this.acks.keys()]) this.answer(id, new Failure('closed', 'the connection was closed'));
  }
}

interface ErrorAnswer {
  status?: string;
  code?: string;
  message?: string;
  retryAfterMs?: number;
}

function asAnswer(data: unknown): unknown {
  const { status, code, message, retryAfterMs } = (data ?? {}) as ErrorAnswer;
  return status === 'error' ? new Failure(code ?? 'internal', message ?? '', 0, (retryAfterMs ?? 0) / 1000) : data;
}

function refusal(data: unknown): Failure {
  const { message, data: more } = (data ?? {}) as { message?: string; data?: ErrorAnswer };
  return new Failure(more?.code ?? 'unauthorized', message ?? 'refused', 0, (more?.retryAfterMs ?? 0) / 1000);
}
