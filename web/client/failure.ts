// One kind of error for everything that can go wrong between a client and the server.

/** `unreachable`: no answer at all. Everything else is a code of the server (docs/openapi.yaml). */
export class Failure extends Error {
  override readonly name = 'LiveChatFailure';

  constructor(
    readonly code: string,
    message: string,
    /** The HTTP status, or 0 where there was none. */
    readonly status = 0,
    /** Seconds after which it is worth trying again, as the server said. */
    readonly retryAfter = 0,
    /** Names the request in the server's log. */
    readonly requestId?: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408 || (this.status === 0 && passing.has(this.code));
  }

  /** Whether it was refused because there were too many of its kind. */
  get limited(): boolean {
    return this.status === 429 || this.code === 'rate_limited';
  }

  /** Whether it was refused for who is asking. */
  get forbidden(): boolean {
    return this.status === 401 || this.status === 403 || forbidden.has(this.code);
  }
}

const passing = new Set(['unreachable', 'timeout', 'closed', 'busy', 'unavailable', 'internal', 'rate_limited']);
const forbidden = new Set(['unauthorized', 'forbidden', 'signature_required', 'signature_invalid', 'origin_refused', 'banned']);

/** Anything that was thrown, as a Failure. */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('unreachable', error instanceof Error ? error.message : String(error));
}
