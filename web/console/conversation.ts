// One conversation that is open in the console: its messages as far as they are here, what is on its way,
// what the agent is writing.
import { Outbox, type Failure, type Message, type Pending, type Rest, type Sent, type Side, type Store } from '../client';
import { Delivery } from '../client/delivery';
import { asFailure } from '../client/failure';
import { TypingOut } from '../client/typing';
import type { Drafts } from './drafts';
import type { Live } from './live';
import type { OwnWords } from './own_words';
import { Thread } from './model/thread';
import { Signal } from './signal';

const firstPage = 50;

/** Where the reader is in a long conversation: so many pixels of this message are above the view. */
export interface Place {
  seq: number;
  offset: number;
}

type RoomEvent = { clientId: string } & Partial<Message> & { reader?: Side; upTo?: number };

export class Conversation {
  readonly signal = new Signal();
  readonly thread = new Thread();
  status: 'loading' | 'ready' | 'failed' = 'loading';
  failure: Failure | undefined;
  /** undefined: at the end. */
  place: Place | undefined;

  private readonly outbox: Outbox;
  private readonly delivery: Delivery;
  private readonly typingOut: TypingOut;
  private readonly fetching = new Set<number>();
  private epoch = '';
  private readAsked = 0;
  private ended = false;

  constructor(
    readonly clientId: string,
    private readonly rest: Rest,
    private readonly live: Live,
    store: Store,
    private readonly drafts: Drafts,
    private readonly own: OwnWords,
  ) {
    this.outbox = new Outbox(store, `outbox:${clientId}`);
    this.delivery = new Delivery({
      outbox: this.outbox,
      name: `console:${clientId}`,
      store,
      ready: () => live.connected && !this.ended,
      send: (pending) => this.deliver(pending),
      changed: () => this.signal.bump(),
    });
    this.typingOut = new TypingOut((isTyping) => live.emit('typing', { clientId, isTyping, sender: 'admin' }));
  }

  /** Written here and not stored yet, in the order of writing. */
  get pending(): readonly Pending[] {
    return this.outbox.pending;
  }

  /** What the agent has begun to write. */
  get draft(): string {
    return this.drafts.get(this.clientId);
  }

  set draft(text: string) {
    this.drafts.set(this.clientId, text);
  }

  /** Reads the newest messages, and hears of all later ones. */
  async open(): Promise<void> {
    try {
      await this.refresh();
      this.status = 'ready';
      this.failure = undefined;
      this.signal.bumpNow();
      await this.join();
    } catch (error) {
      this.fail(asFailure(error));
    }
  }

  /** The connection is new: enters the room again, and learns what was missed. */
  async resume(): Promise<void> {
    if (this.status !== 'ready') {
      await this.open();
      return;
    }
    try {
      await this.join();
      await this.refresh();
      this.signal.bump();
    } catch (error) {
      const failure = asFailure(error);
      if (!failure.passing) this.fail(failure);
    }
    void this.delivery.flush();
  }

  leave(): void {
    this.typing(false);
    this.live.emit('leave', this.clientId);
  }

  /** Another agent is here: nothing of it is sent any more. */
  end(): void {
    this.ended = true;
    this.leave();
  }

  /** Fetches what is not here of first … last. */
  ensure(first: number, last: number): void {
    for (const { after, limit } of this.thread.missing(first, last)) {
      if (this.fetching.has(after)) continue;
      this.fetching.add(after);
      this.rest
        .history(this.clientId, { after, limit })
        .then(({ messages }) => {
          this.thread.take(messages);
          this.signal.bump();
        })
        .catch(() => undefined) // it is asked for again when it is looked at again
        .finally(() => this.fetching.delete(after));
    }
    this.thread.trim(first, last);
  }

  /** All messages, oldest first. progress: how many there are so far, of how many. */
  async all(progress: (count: number, total: number) => void): Promise<Message[]> {
    const messages: Message[] = [];
    for (let after = 0; ; ) {
      const page = await this.rest.history(this.clientId, { after, limit: 200 });
      messages.push(...page.messages);
      progress(messages.length, page.total);
      const last = page.messages.at(-1);
      if (!last || last.seq >= page.total) return messages;
      after = last.seq;
    }
  }

  send(text: string): void {
    this.typing(false);
    this.outbox.add(text);
    this.place = undefined;
    this.signal.bumpNow();
    void this.delivery.flush();
  }

  /** A refused message once more. */
  retry(messageId: string): void {
    this.outbox.retry(messageId);
    this.signal.bumpNow();
    void this.delivery.flush();
  }

  discard(messageId: string): void {
    this.outbox.remove(messageId);
    this.signal.bumpNow();
  }

  /** The agent is typing, or not any more. May be called with every key. */
  typing(isTyping: boolean): void {
    this.typingOut.set(isTyping);
  }

  /** The agent has seen everything. */
  read(): void {
    const { lastSeq } = this.thread;
    if (this.readAsked === lastSeq || !this.live.connected) return;
    this.readAsked = lastSeq;
    this.live.ask('mark-read', { clientId: this.clientId, sender: 'admin' }).catch(() => (this.readAsked = 0));
  }

  hear(name: string, data: RoomEvent): void {
    if (name === 'new-message') this.take(data as Message);
    else if (name === 'messages-read' && data.reader && data.upTo) this.thread.markRead(data.reader, data.upTo);
    else if (name === 'session-erased' && data.upTo) this.thread.erase(data.upTo);
    else return;
    this.signal.bump();
  }

  private take(message: Message): void {
    this.thread.take([message]);
    if (message.messageId) this.outbox.remove(message.messageId);
  }

  private async refresh(): Promise<void> {
    const { messages, total } = await this.rest.history(this.clientId, { before: Number.MAX_SAFE_INTEGER, limit: firstPage });
    this.thread.grow(total);
    for (const message of messages) this.take(message);
  }

  private async join(): Promise<void> {
    if (!this.live.connected) return; // resume() comes with the connection
    const { clientId, epoch } = this;
    const answer = await this.live.ask<{ lastSeq: number; epoch?: string }>('join', { clientId, after: this.thread.lastSeq, epoch });
    if (epoch && answer.epoch && answer.epoch !== epoch) this.thread.forget();
    this.epoch = answer.epoch ?? '';
    this.thread.grow(answer.lastSeq);
    this.readAsked = 0;
    this.typingOut.reset();
    void this.delivery.flush();
  }

  private async deliver({ messageId, message, unanswered }: Pending): Promise<void> {
    const { clientId } = this;
    const what = { message, sender: 'admin' as const, messageId };
    const sent = unanswered ? this.rest.send(clientId, what) : this.live.ask<Sent>('send-message', { clientId, ...what });
    const { seq, createdAt } = await sent;
    this.own.wrote(clientId, seq);
    this.take({ seq, createdAt, message, messageId, sender: 'admin' });
    this.signal.bump();
  }

  private fail(failure: Failure): void {
    if (this.status === 'ready') return;
    this.status = 'failed';
    this.failure = failure;
    this.signal.bumpNow();
  }
}
