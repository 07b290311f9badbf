// The two ways an Engine.IO session travels: WebSocket, and long-polling where that is blocked. Both
// carry the same packets (docs/protocol.md, "Engine.IO").

import { startsWith } from './builtins';

export type TransportName = 'websocket' | 'polling';

export interface TransportHandler {
  /** One Engine.IO packet. */
  packet(text: string): void;
  /** It is over; nothing comes after this. */
  closed(): void;
}

export interface Transport {
  send(packet: string): void;
  close(): void;
}

/** Opens one at once. server: http(s)://… without a slash at the end. */
export function openTransport(name: TransportName, server: string, handler: TransportHandler): Transport {
  return name === 'websocket' ? webSocket(server, handler) : new Polling(server, handler);
}

const path = '/socket.io/?EIO=4&transport=';

function webSocket(server: string, handler: TransportHandler): Transport {
  const socket = new WebSocket(`${server.replace(/^http/, 'ws')}${path}websocket`);
  let open = true;
  const end = (): void => {
    if (!open) return;
    open = false;
    handler.closed();
  };
  socket.onmessage = ({ data }) => {
    if (open && typeof data === 'string') handler.packet(data);
  };
  socket.onclose = socket.onerror = end;
  return {
    send: (packet) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(packet);
    },
    close: () => {
      open = false;
      socket.close();
    },
  };
}

const separator = '\x1e';

class Polling implements Transport {
  private readonly abort = new AbortController();
  private readonly waiting: string[] = [];
  private url: string;
  private posting = false;
  private open = true;

  constructor(
    server: string,
    private readonly handler: TransportHandler,
  ) {
    this.url = `${server}${path}polling`;
    void this.poll();
  }

  send(packet: string): void {
    this.waiting.push(packet);
    void this.post();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    // "1" says goodbye; keepalive lets it leave a page that is being left.
    if (this.hasSid) void fetch(this.url, { method: 'POST', body: '1', credentials: 'omit', keepalive: true }).catch(() => undefined);
    this.abort.abort();
  }

  private async poll(): Promise<void> {
    while (this.open) {
      const body = await this.request();
      if (body === undefined) return;
      for (const packet of body.split(separator)) {
        if (startsWith(packet, '0') && !this.hasSid) this.learnSid(packet);
        if (packet !== '6' && this.isOpen()) this.handler.packet(packet);
      }
    }
  }

  private learnSid(packet: string): void {
    const { sid } = JSON.parse(packet.slice(1)) as { sid: string };
    this.url += `&sid=${encodeURIComponent(sid)}`;
  }

  // One POST at a time, with everything that has gathered meanwhile.
  private async post(): Promise<void> {
    if (this.posting) return;
    this.posting = true;
    while (this.isOpen() && this.waiting.length > 0) {
      await this.request(this.waiting.splice(0).join(separator));
    }
    this.posting = false;
  }

  private async request(body?: string): Promise<string | undefined> {
    try {
      const response = await fetch(this.url, {
        ...(body === undefined ? {} : { method: 'POST', body }),
        credentials: 'omit',
        cache: 'no-store',
        signal: this.abort.signal,
      });
      if (response.ok) return await response.text();
    } catch {
      // Reported below.
    }
    if (this.open) {
      this.open = false;
      this.abort.abort();
      this.handler.closed();
    }
    return undefined;
  }

  private get hasSid(): boolean {
    return this.url.indexOf('&sid=') >= 0;
  }

  private isOpen(): boolean {
    return this.open;
  }
}
