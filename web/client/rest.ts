// The REST calls of a visitor (docs/openapi.yaml). Every one rejects with a Failure.
import { entries, map, toJson } from './builtins';
import type { ServerClock } from './clock';
import { Failure } from './failure';
import type { History, Initialized, Message, Sent, Side, Visitor } from './types';

export interface RestOptions {
  /** Where livechat is, for example https://chat.example.com. */
  server: string;
  /** Asked before each request. */
  token?: () => string | undefined;
  /** Whether cookies travel along; they do not by default. */
  credentials?: RequestCredentials;
  /** Milliseconds after which a request that was not answered is given up. */
  timeout?: number;
  /** Learns from the answers. */
  clock?: ServerClock;
}

export interface Range {
  after?: number;
  before?: number;
  page?: number;
  limit?: number;
}

export class Rest {
  constructor(private readonly options: RestOptions) {}

  initialize(clientId: string, more: { signature?: string | undefined; expires?: number | undefined; visitor?: Visitor | undefined } = {}): Promise<Initialized> {
    return this.call('POST', 'initialize', { clientId, ...more });
  }

  history(clientId: string, range: Range): Promise<History> {
    const query = new URLSearchParams(map(entries(range), ([name, value]) => [name, `${value}`]));
    return this.call('GET', `history/${segment(clientId)}?${query.toString()}`);
  }

  send(clientId: string, message: Pick<Message, 'message' | 'sender' | 'messageId'>): Promise<Sent> {
    return this.call('POST', `messages/${segment(clientId)}`, message);
  }

  read(clientId: string, reader: Side): Promise<unknown> {
    return this.call('PUT', `read/${segment(clientId)}`, { sender: reader });
  }

  close(clientId: string): Promise<unknown> {
    return this.call('PUT', `close/${segment(clientId)}`);
  }

  /** Any call below /api/chat; body goes as JSON. */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.fetch(method, path, body);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** The same, for who needs the answer's headers. Rejects for any status that is not 2xx. */
  async fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {};
    const token = this.options.token?.();
    if (token) headers['Authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.options.timeout ?? 15_000);
    const asked = Date.now();
    try {
      const response = await fetch(`${this.options.server}/api/chat/${path}`, {
        method,
        headers,
        body: body === undefined ? null : toJson(body),
        credentials: this.options.credentials ?? 'omit',
        cache: 'no-store',
        signal: abort.signal,
      });
      this.options.clock?.learn(response.headers.get('Date'), asked);
      if (!response.ok) throw await problem(response);
      return response;
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure('unreachable', error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A clientId as one segment of a path, also "." and "..", which browsers would resolve. */
export function segment(clientId: string): string {
  return encodeURIComponent(clientId).replace(/^\.{1,2}$/, (dots) => dots.replace(/\./g, '%2E'));
}

async function problem(response: Response): Promise<Failure> {
  let body: Partial<Record<'code' | 'detail' | 'requestId', string>> = {};
  try {
    body = ((await response.json()) ?? {}) as typeof body;
  } catch {
    // Not ours: a proxy in between.
  }
  const retryAfter = Number(response.headers.get('Retry-After') ?? 0) || 0;
  return new Failure(body.code ?? 'unavailable', body.detail ?? response.statusText, response.status, retryAfter, body.requestId);
}
