// Sends what is in an outbox: in the order of writing, one at a time, by one tab at a time, each until it
// is stored or refused for good.
import { asFailure, type Failure } from './failure';
import type { Outbox, Pending } from './outbox';
import { pause } from './pause';
import type { Store } from './store';
import { takeTurn } from './turn';

export interface DeliveryOptions {
  outbox: Outbox;
  /** The same in all tabs that share the outbox. */
  name: string;
  /** Where the outbox is kept. */
  store: Store;
  /** Whether there is a way to the server. */
  ready(): boolean;
  /** Resolves when it is stored; rejects with a Failure. */
  send(pending: Pending): Promise<void>;
  /** Tries to put right why the first attempt failed; true: it is worth another one at once. */
  repair?(failure: Failure): Promise<boolean>;
  /** A message failed, passingly or for good. */
  changed(): void;
}

const mostAttempts = 5;

export class Delivery {
  private running = false;

  constructor(private readonly options: DeliveryOptions) {}

  /** To be called whenever there is something to send, or a way to send it. */
  async flush(): Promise<void> {
    if (this.running) return;
    this.running = true;
    const { name, store } = this.options;
    try {
      while (this.next) await takeTurn(name, store, () => this.next !== undefined, () => this.sendAll());
    } finally {
      this.running = false;
    }
  }

  private get next(): Pending | undefined {
    return this.options.ready() ? this.options.outbox.next : undefined;
  }

  private async sendAll(): Promise<void> {
    const { options } = this;
    const { outbox } = options;
    let attempts = 0;
    for (let next; (next = this.next); ) {
      try {
        await options.send(next);
        outbox.remove(next.messageId);
        attempts = 0;
        continue;
      } catch (error) {
        const failure = asFailure(error);
        attempts += 1;
        if (failure.code === 'closed' || failure.code === 'timeout') outbox.unanswered(next.messageId);
        if (attempts === 1 && (await options.repair?.(failure))) continue;
        if (failure.forbidden && !options.ready()) return; // kept until we are let in again
        if (!failure.passing || attempts >= mostAttempts) {
          outbox.refuse(next.messageId, failure.code);
          attempts = 0;
        } else if (failure.code !== 'closed') await pause(Math.max(failure.retryAfter * 1000, attempts * 500));
      }
      options.changed();
    }
  }
}
