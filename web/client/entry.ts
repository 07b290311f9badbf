// How a visitor comes into a session: who they say they are, what proves it, and why they are not let in.
import { ServerClock } from './clock';
import { asFailure, type Failure } from './failure';
import { Rest } from './rest';
import type { Initialized, Visitor } from './types';

export interface EntryOptions {
  /** Where livechat is, for example https://chat.example.com. */
  server: string;
  clientId: string;
  /** From an earlier `initialize` of the same clientId. */
  token?: string | undefined;
  /** What another tab of the visitor has been given meanwhile. */
  recallToken?: () => string | undefined;
  /** hex HMAC-SHA256(site secret, clientId): a site's proof of who its visitor is. */
  signature?: string | undefined;
  /** When the signature ends, in seconds since 1970, if it was made with an end. */
  expires?: number | undefined;
  /** Asked whenever the session is opened. */
  visitor?: () => Visitor;
  /** The session exists: it is read without being opened again. Needs a token where tokens are asked for. */
  resume?: boolean;
}

export class Entry {
  token: string | undefined;
  /** The session exists. */
  known: boolean;
  readonly rest: Rest;
  readonly clock = new ServerClock();

  constructor(private readonly options: EntryOptions) {
    this.token = options.token;
    this.known = options.resume ?? false;
    this.rest = new Rest({ server: options.server, token: () => this.token, clock: this.clock });
  }

  /** Creates the session, or opens it again. Rejects with a Failure. */
  async initialize(): Promise<Initialized> {
    const { clientId, signature, expires, visitor } = this.options;
    const answer = await this.rest.initialize(clientId, { signature, expires, visitor: visitor?.() });
    if (answer.token) this.token = answer.token;
    this.known = true;
    return answer;
  }

  /** What was refused came with an old token; true: another tab has a new one, which is ours from now on. */
  recall(): boolean {
    const recalled = this.options.recallToken?.();
    if (!recalled || recalled === this.token) return false;
    this.token = recalled;
    this.known = true;
    return true;
  }

  /** Gives the token up; true: the signature can get another one. */
  dropToken(): boolean {
    if (!this.token || !this.options.signature) return false;
    this.token = undefined;
    return true;
  }

  /**
   * The reason why a request was not answered, as far as it can be known. To a page of an origin that is not
   * allowed browsers show no answer, as if there were none, but the one to a question that needs no permission.
   */
  async explain(error: unknown): Promise<Failure> {
    const failure = asFailure(error);
    if (failure.code !== 'unreachable') return failure;
    try {
      await new Rest({ server: this.options.server }).call('GET', 'me');
    } catch (reason) {
      if (asFailure(reason).code === 'origin_refused') return asFailure(reason);
    }
    return failure;
  }
}
