// One conversation as its visitor sees it: its messages, those still on their way, who types, what is
// read. It survives reloads, sleep, lost networks and restarts of the server: every message is asked for
// by seq until it is here, and sent under its messageId until it is stored.
import { some } from './builtins';
import { Delivery } from './delivery';
import { Emitter } from './emitter';
import { Entry, type EntryOptions } from './entry';
import { asFailure, type Failure } from './failure';
import { watchHints } from './hints';
import { Inbox } from './inbox';
import { Link, type LinkState } from './link';
import { Outbox, type Pending } from './outbox';
import type { Rest } from './rest';
import type { Socket } from './socket';
import { browserStore, type Store } from './store';
import type { Timeline } from './timeline';
import { TypingIn, TypingOut } from './typing';
import type { Message, RoomEvents } from './types';

export interface ConversationOptions extends EntryOptions {
  /** The session was closed when it was last seen. */
  closed?: boolean;
  /** Where unsent messages are kept; localStorage by default, which all tabs of a visitor share. */
  outbox?: Store;
}

/**
 * `starting`: nothing is known yet; `refused`: the server does not let us, see `failure`, until there is a
 * connection again. An answer to a request does not end it: the server's programs hear of a ban one by one.
 */
export type ConversationStatus = 'starting' | 'ready' | 'refused';

export interface ConversationEvents {
  /** Anything that a view shows may be different now. */
  change: undefined;
  /** Messages that came while we were there, or that were missed meanwhile; not those of the first look. */
  messages: readonly Message[];
  token: string;
  /** The session was closed (true) or opened again. */
  closed: boolean;
  /** The texts up to that seq are gone. */
  erased: number;
}

export class Conversation {
  status: ConversationStatus = 'starting';
  /** Why we are refused; undefined where we are not. */
  failure: Failure | undefined;
  link: LinkState = 'connecting';
  closed: boolean;
  /** `initialize` was called on this page. */
  opened = false;
  /** Whether an agent is there; undefined where the server did not say. */
  agentsPresent: boolean | undefined;

  private readonly entry: Entry;
  private readonly inbox: Inbox;
  private readonly timeline: Timeline;
  private readonly outbox: Outbox;
  private readonly delivery: Delivery;
  private readonly connection: Link;
  private readonly typingOut: TypingOut;
  private readonly typingIn = new TypingIn(() => this.changed());
  private readonly events = new Emitter<ConversationEvents>();
  private watches: (() => void)[] = [];
  private readAsked = 0;
  private epoch = '';

  constructor(private readonly options: ConversationOptions) {
    this.closed = options.closed ?? false;
    this.entry = new Entry(options);
    this.inbox = new Inbox({
      rest: this.rest,
      clientId: options.clientId,
      stored: (messages) => this.settleOwn(messages),
      arrived: (added) => this.arrived(added),
      erased: (upTo) => this.tell('erased', upTo),
      missing: () => void this.catchUp().catch(() => undefined),
    });
    this.timeline = this.inbox.timeline;
    const name = `outbox:${options.clientId}`;
    const store = options.outbox ?? browserStore('livechat:');
    this.outbox = new Outbox(store, name);
    this.delivery = new Delivery({
      outbox: this.outbox,
      name,
      store,
      ready: () => this.status !== 'refused' && (this.link === 'live' || this.link === 'rest'),
      send: (pending) => this.deliver(pending),
      repair: (failure) => this.repair(failure),
      changed: () => this.changed(),
    });
    this.typingOut = new TypingOut((isTyping) => this.connection.live?.emit('typing', { clientId: options.clientId, isTyping, sender: 'client' }));
    this.connection = new Link({
      server: options.server,
      token: () => this.entry.token,
      prepare: () => this.prepare(),
      onSocket: (socket) => this.enter(socket),
      onEvent: (name, data) => this.hear(name, data),
      onState: (state) => this.changeLink(state),
      onRefused: (failure) => this.refuse(failure),
      askByRest: () =>
        this.catchUp().catch(async (error: unknown) => {
          throw await this.entry.explain(error);
        }),
    });
  }

  /** Calls listener for every such event until the returned function is called. */
  on<Name extends keyof ConversationEvents>(name: Name, listener: (data: ConversationEvents[Name]) => void): () => void {
    return this.events.on(name, listener);
  }

  start(): void {
    this.endWatches();
    this.watches = [watchHints(() => this.look()), this.outbox.watch(() => this.toSend())];
    this.connection.start();
  }

  stop(): void {
    this.endWatches();
    this.inbox.stop();
    this.typingIn.set(false);
    this.connection.stop();
  }

  get rest(): Rest {
    return this.entry.rest;
  }

  /** What time it is at the server: durations and days are counted by it. */
  now(): Date {
    return new Date(this.entry.clock.now());
  }

  get clientId(): string {
    return this.options.clientId;
  }

  /** Stored messages, oldest first. */
  get messages(): readonly Message[] {
    return this.timeline.messages;
  }

  /** Written here and not stored yet, in the order of writing. */
  get pending(): readonly Pending[] {
    return this.outbox.pending;
  }

  get hasOlder(): boolean {
    return this.inbox.hasOlder;
  }

  /** The agent is writing. */
  get agentTyping(): boolean {
    return this.typingIn.isTyping;
  }

  get unread(): number {
    return this.timeline.unread('client');
  }

  /** The first message of the agent that the visitor has not read, of those that are here. */
  get firstUnread(): Message | undefined {
    return this.timeline.firstUnread('admin');
  }

  isRead(message: Message): boolean {
    return this.timeline.isRead(message);
  }

  /** Shows it at once and sends it as soon as that is possible. */
  send(message: string): void {
    this.typing(false);
    this.outbox.add(message);
    this.toSend();
  }

  /** A refused message once more. */
  retry(messageId: string): void {
    this.outbox.retry(messageId);
    this.toSend();
  }

  /** Gives a refused message up. */
  discard(messageId: string): void {
    this.outbox.remove(messageId);
    this.changed();
  }

  /** The visitor is typing, or not any more. May be called with every key. */
  typing(isTyping: boolean): void {
    this.typingOut.set(isTyping);
  }

  /** The visitor has seen everything that is here. */
  read(): void {
    const { lastSeq } = this.timeline;
    if (this.unread === 0 || this.readAsked === lastSeq) return;
    const { live } = this.connection;
    if (!live && this.link !== 'rest') return;
    this.readAsked = lastSeq;
    const asked = live ? live.ask('mark-read', { clientId: this.clientId, sender: 'client' }) : this.rest.read(this.clientId, 'client');
    asked.then(
      () => {
        if (this.timeline.markRead('client', lastSeq)) this.changed();
      },
      () => (this.readAsked = 0),
    );
  }

  /** Fetches the page before the oldest message that is here. Rejects with a Failure. */
  loadOlder(): Promise<void> {
    return this.inbox.older().then(() => this.changed());
  }

  /** Every message of the conversation. Rejects with a Failure. */
  async transcript(): Promise<readonly Message[]> {
    await this.inbox.allOlder();
    this.changed();
    return this.messages;
  }

  /** Ends the conversation; the next message opens it again. */
  async close(): Promise<void> {
    await this.rest.close(this.clientId);
    this.changeClosed(true);
  }

  /** Opens the session (again): creates it, or tells the server what is known of the visitor now. */
  async open(): Promise<void> {
    this.opened = true;
    const answer = await this.entry.initialize();
    if (answer.token) this.tell('token', answer.token);
    this.changeClosed(false);
    this.ready(answer.messages);
  }

  private look(): void {
    this.outbox.reload();
    void this.connection.look();
  }

  private endWatches(): void {
    for (const end of this.watches.splice(0)) end();
  }

  // What has to be known before anything else: that the session is ours, and its newest messages.
  private async prepare(): Promise<void> {
    if (this.status === 'ready') return;
    if (this.entry.known) {
      try {
        this.ready(await this.inbox.newest());
        return;
      } catch (error) {
        if (!this.isGone(error)) throw error;
      }
    }
    await this.open();
  }

  private ready(messages: readonly Message[]): void {
    const first = this.status !== 'ready';
    const added = this.timeline.add(messages);
    this.settleOwn(added);
    if (this.status === 'starting') this.admit();
    if (first) this.changed();
    else this.arrived(added);
  }

  private admit(): void {
    this.status = 'ready';
    this.failure = undefined;
  }

  private async enter(socket: Socket): Promise<void> {
    const { clientId } = this;
    const after = this.timeline.lastSeq;
    const asked = socket.ask<{ lastSeq: number; epoch?: string }>('join', { clientId, after: this.inbox.after, epoch: this.epoch });
    const { lastSeq, epoch } = await asked.catch((error: unknown) => {
      this.isGone(error);
      throw error;
    });
    // The database was restored from a backup: what we know may never have happened.
    if ((this.epoch && epoch && epoch !== this.epoch) || lastSeq < after) this.forget();
    if (epoch) this.epoch = epoch;
    if (this.status === 'starting' || lastSeq > this.timeline.lastSeq || this.timeline.firstUnread('client')) void this.catchUp().catch(() => undefined);
    socket.ask<{ agents: boolean }>('watch-presence').then(
      ({ agents }) => this.changePresence(agents),
      () => this.changePresence(undefined),
    );
    this.readAsked = 0;
    this.typingOut.reset();
  }

  // Whether the session is not there any more, as after a restore from an older backup; it is opened again then.
  private isGone(error: unknown): boolean {
    if (asFailure(error).code !== 'session_not_found') return false;
    this.forget();
    this.entry.known = false;
    return true;
  }

  private forget(): void {
    this.inbox.clear();
    this.status = 'starting';
  }

  // By REST: what is new, and what of ours was read meanwhile.
  private async catchUp(): Promise<void> {
    await this.prepare();
    try {
      if (!(await this.inbox.catchUp())) this.forget(); // as in enter()
    } catch (error) {
      if (!this.isGone(error)) throw error;
    }
    await this.prepare();
  }

  private hear(name: string, data: unknown): void {
    const event = { name, data } as { [Name in keyof RoomEvents]: { name: Name; data: RoomEvents[Name] } }[keyof RoomEvents];
    if (event.name === 'presence') {
      this.changePresence(event.data.agents);
      return;
    }
    if (typeof data !== 'object' || event.data.clientId !== this.clientId) return;
    switch (event.name) {
      case 'new-message':
        this.inbox.take([event.data]);
        break;
      case 'typing':
        if (event.data.sender === 'admin') this.typingIn.set(event.data.isTyping);
        break;
      case 'messages-read':
        if (this.timeline.markRead(event.data.reader, event.data.upTo)) this.changed();
        break;
      case 'session-erased':
        this.inbox.erase(event.data.upTo);
        this.changed();
        break;
      case 'session-closed':
        this.changeClosed(true);
        break;
      case 'session-opened':
        this.changeClosed(false);
        break;
    }
  }

  private arrived(added: readonly Message[]): void {
    if (some(added, (message) => message.sender === 'admin')) this.typingIn.set(false);
    if (added.length > 0) this.tell('messages', added);
    this.changed();
  }

  private settleOwn(messages: readonly Message[]): void {
    for (const { sender, messageId } of messages) {
      if (sender === 'client' && messageId) this.outbox.remove(messageId);
    }
  }

  private toSend(): void {
    this.changed();
    void this.delivery.flush();
  }

  private async repair(failure: Failure): Promise<boolean> {
    if (failure.forbidden) {
      if (await this.refuse(failure)) return true;
      this.connection.renew();
      return false;
    }
    if (failure.code !== 'session_not_found') return false;
    await this.open().catch(() => undefined);
    return true;
  }

  private async deliver({ messageId, message, unanswered }: Pending): Promise<void> {
    const what = { message, sender: 'client' as const, messageId };
    const live = unanswered ? undefined : this.connection.live;
    const { seq, createdAt } = live
      ? await live.ask<{ seq: number; createdAt: string }>('send-message', { clientId: this.clientId, ...what })
      : await this.rest.send(this.clientId, what);
    this.changeClosed(false);
    this.inbox.take([{ ...what, seq, createdAt }]);
  }

  private async refuse(failure: Failure): Promise<boolean> {
    const passes = failure.code === 'banned'; // every ban may end, so it is asked again and again
    if (this.entry.recall()) return true;
    if (!passes && this.entry.dropToken()) {
      try {
        await this.open();
        return true;
      } catch (error) {
        if (asFailure(error).passing) return false;
      }
    }
    this.status = 'refused';
    this.failure = failure;
    this.agentsPresent = undefined;
    if (!passes) this.connection.stop();
    this.changed();
    return false;
  }

  private changeLink(state: LinkState): void {
    this.link = state;
    if (this.status === 'refused' && (state === 'live' || state === 'rest')) this.admit();
    if (state !== 'live') this.typingIn.set(false);
    // What was known of the agents is not known any more.
    if (state === 'rest' || state === 'offline') this.changePresence(undefined);
    this.toSend();
  }

  private changePresence(agents: boolean | undefined): void {
    if (this.agentsPresent === agents) return;
    this.agentsPresent = agents;
    this.changed();
  }

  private changeClosed(closed: boolean): void {
    if (this.closed === closed) return;
    this.closed = closed;
    this.tell('closed', closed);
    this.changed();
  }

  private changed(): void {
    this.tell('change', undefined);
  }

  private tell<Name extends keyof ConversationEvents>(name: Name, data: ConversationEvents[Name]): void {
    this.events.tell(name, data);
  }
}
