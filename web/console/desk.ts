// The conversations that are open, in tabs, and the one that the agent looks at. The address names it, and a
// reload finds all of them again.
import { browserStore, type Rest, type Store } from '../client';
import { Conversation } from './conversation';
import { Drafts } from './drafts';
import { OwnWords } from './own_words';
import type { Live } from './live';

export interface DeskHandlers {
  /** Another conversation is looked at, or others are open. */
  changed(): void;
  /** A conversation's messages are here now. */
  arrived(): void;
}

const mostOpen = 12;

export class Desk {
  open: readonly Conversation[] = [];
  active: Conversation | undefined;
  drafts: Drafts;
  own: OwnWords;

  constructor(
    private readonly rest: Rest,
    private readonly live: Live,
    private readonly handlers: DeskHandlers,
    private store: Store = browserStore('', () => sessionStorage),
  ) {
    this.drafts = new Drafts(store);
    this.own = new OwnWords(store);
  }

  /** For this agent: what is kept in `store` is open again. */
  enter(store: Store): void {
    for (const conversation of this.open) conversation.end();
    this.store = store;
    this.drafts = new Drafts(store);
    this.own = new OwnWords(store);
    this.active = undefined;
    const kept = store.get<unknown[]>('open');
    const names = Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
    this.open = names.slice(0, mostOpen).map((clientId) => this.conversation(clientId));
  }

  /** The connection is new: first the conversation that is looked at. */
  resume(): void {
    const others = this.open.filter((one) => one !== this.active);
    for (const conversation of this.active ? [this.active, ...others] : others) {
      void conversation.resume().then(() => this.handlers.arrived());
    }
  }

  find(clientId: string): Conversation | undefined {
    return this.open.find((one) => one.clientId === clientId);
  }

  show(clientId: string): void {
    let conversation = this.find(clientId);
    if (!conversation) {
      conversation = this.conversation(clientId);
      const kept = this.open.length < mostOpen ? this.open : this.withoutOldest();
      this.open = [...kept, conversation];
      void conversation.open().then(() => this.handlers.arrived());
    }
    this.activate(conversation);
  }

  /** No conversation is looked at: the list, on a narrow screen. */
  lookAtNone(): void {
    this.activate(undefined);
  }

  closeTab(clientId: string): void {
    const index = this.open.findIndex((one) => one.clientId === clientId);
    const conversation = this.open[index];
    if (!conversation) return;
    conversation.leave();
    this.open = this.open.filter((one) => one !== conversation);
    this.activate(this.active === conversation ? (this.open[index] ?? this.open[index - 1]) : this.active);
  }

  /** The tab beside the active one. */
  nextTab(step: 1 | -1): void {
    const index = this.open.findIndex((one) => one === this.active);
    const next = this.open[(index + step + this.open.length) % this.open.length];
    if (next) this.activate(next);
  }

  /** Shows the conversation that the address names. */
  followAddress(): void {
    let clientId: string;
    try {
      clientId = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (clientId && clientId !== this.active?.clientId) this.show(clientId);
  }

  private conversation(clientId: string): Conversation {
    return new Conversation(clientId, this.rest, this.live, this.store, this.drafts, this.own);
  }

  private activate(conversation: Conversation | undefined): void {
    this.active = conversation;
    this.store.set('open', this.open.map((one) => one.clientId));
    const hash = conversation ? `#${encodeURIComponent(conversation.clientId)}` : '';
    if (location.hash !== hash) history.replaceState(null, '', `${location.pathname}${hash}`);
    this.handlers.changed();
  }

  // Room for one more: the first one that is not looked at goes.
  private withoutOldest(): readonly Conversation[] {
    const oldest = this.open.find((one) => one !== this.active && one.draft === '' && one.pending.length === 0) ?? this.open[0];
    oldest?.leave();
    return this.open.filter((one) => one !== oldest);
  }
}
