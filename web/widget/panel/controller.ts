// What the panel does: which conversation it is, what of it the visitor sees, and what the page hears.
import { browserStore, Conversation, newMessageId, type Message, type Store, type Visitor } from '../../client';
import type { Host, Identity, Panel } from '../contract';
import { storageKey, visitorKey } from '../contract';
import { moveDraft } from './draft';

interface Kept {
  clientId: string;
  token?: string | undefined;
  closed?: boolean | undefined;
  /** The server has not heard of it yet. */
  unborn?: boolean;
}

export interface PanelState {
  open: boolean;
  /** The visitor asked for it, so the focus goes there. */
  focus: boolean;
  /** The first message that was unread when the conversation was opened. */
  unreadFrom: number | undefined;
  /** For screen readers: what came last, and the newest seq of it. */
  announcement: { seq: number; text: string } | undefined;
}

export class Controller implements Panel {
  conversation: Conversation;
  readonly state: PanelState = { open: false, focus: false, unreadFrom: undefined, announcement: undefined };
  onChange: () => void = () => undefined;
  configChanged: () => void = () => undefined;
  /** What a message is announced as. */
  describe: (message: Message) => string = ({ message }) => message;
  readonly drafts: Store;
  private readonly store: Store;

  constructor(readonly host: Host) {
    this.store = browserStore(storageKey(host.config.site, ''));
    this.drafts = browserStore(storageKey(host.config.site, ''), () => sessionStorage);
    this.conversation = this.begin();
    if (this.kept()) this.conversation.start();
    // Another tab of the visitor was let in.
    this.store.watch((key) => {
      if (key !== visitorKey(host.identity) || this.conversation.status !== 'refused') return;
      this.conversation.stop();
      this.restart();
    });
    document.addEventListener('visibilitychange', () => this.seen());
  }

  show(open: boolean, focus: boolean): void {
    const { conversation, state } = this;
    if (open && !state.open) {
      state.unreadFrom = conversation.firstUnread?.seq;
      this.start();
    }
    if (!open) conversation.typing(false);
    Object.assign(state, { open, focus });
    this.refresh();
    this.onChange();
    this.seen();
  }

  identityChanged(): void {
    const before = this.conversation;
    const { clientId } = this.host.identity;
    // With another signature it may be let in.
    if (before.status !== 'refused' && before.clientId === (clientId ?? this.kept('visitor')?.clientId)) {
      before.opened = false; // the name may be another one
      this.refresh();
      return;
    }
    before.stop();
    const wasNobody = before.clientId === this.kept('visitor')?.clientId;
    // Who writes already writes on; nobody finds what another one has begun.
    this.state.focus = this.host.root.activeElement?.localName === 'textarea';
    this.restart(wasNobody ? before : undefined);
  }

  /** Whether a conversation of another name would be let in. */
  get mayStartAgain(): boolean {
    const { failure } = this.conversation;
    return this.host.identity.clientId === undefined && !['origin_refused', 'banned', 'signature_required'].includes(failure?.code ?? '');
  }

  /** After a conversation that the server refuses: a new one, for who has no name of their own. */
  startAgain(): void {
    const before = this.conversation;
    before.stop();
    this.keep(undefined);
    this.restart(before);
  }

  /** The newest messages are on the screen. */
  seen(): void {
    const { open } = this.state;
    if (open && document.visibilityState === 'visible') this.conversation.read();
    this.host.showUnread(this.conversation.unread);
  }

  // The server hears where the visitor is now. A closed conversation stays closed until they write.
  private refresh(): void {
    const { conversation } = this;
    if (!this.state.open || conversation.status !== 'ready' || conversation.closed || conversation.opened) return;
    conversation.open().catch(() => undefined);
  }

  // heirOf: what was written there and not sent goes on in it.
  private restart(heirOf?: Conversation): void {
    this.conversation = this.begin();
    if (heirOf) moveDraft(this.drafts, heirOf, this.conversation);
    if (this.state.open || this.kept()) this.start();
    this.onChange();
    this.seen();
  }

  // From now on it is this conversation, in all tabs, also while the server has not heard of it.
  private start(): void {
    if (!this.kept()) this.keep({ clientId: this.conversation.clientId, unborn: true });
    this.conversation.start();
  }

  private begin(): Conversation {
    const { host } = this;
    const { config, identity } = host;
    const kept = this.kept();
    const clientId = identity.clientId ?? kept?.clientId ?? `${config.site ? `${config.site}-` : ''}${newMessageId()}`;
    const conversation = new Conversation({
      server: config.server,
      clientId,
      signature: identity.signature,
      token: kept?.token,
      recallToken: () => this.kept()?.token,
      resume: kept !== undefined && !kept.unborn,
      closed: kept?.closed ?? false,
      visitor: () => describeVisitor(host.identity, config.lang),
    });
    conversation.on('token', (token) => this.keep({ ...this.kept(), clientId, token }));
    conversation.on('closed', (closed) => this.keep({ ...this.kept(), clientId, closed }));
    conversation.on('messages', (messages) => this.hear(messages));
    conversation.on('erased', () => (this.state.announcement = undefined));
    let link = conversation.link;
    conversation.on('change', () => {
      if (conversation !== this.conversation) return;
      if (conversation.status === 'ready' && this.kept()?.unborn !== false) this.keep({ ...this.kept(), clientId, unborn: false });
      if (conversation.link !== link) host.tell('connection', (link = conversation.link));
      this.refresh();
      this.onChange();
      this.seen();
    });
    return conversation;
  }

  private hear(messages: readonly Message[]): void {
    for (const message of messages) this.host.tell('message', message);
    const heard = messages.filter((message) => message.sender === 'admin');
    const last = heard.at(-1);
    if (last) this.state.announcement = { seq: last.seq, text: heard.map((message) => this.describe(message)).join('\n') };
    if (this.state.open && document.visibilityState !== 'visible') this.state.unreadFrom ??= heard[0]?.seq;
  }

  private kept(key = visitorKey(this.host.identity)): Kept | undefined {
    const kept = this.store.get<Kept>(key);
    return typeof kept?.clientId === 'string' ? kept : undefined;
  }

  private keep(kept: Kept | undefined): void {
    this.store.set(visitorKey(this.host.identity), kept);
  }
}

// Cut to what the server takes.
function describeVisitor({ name, email }: Identity, lang: string): Visitor {
  const visitor: Visitor = {
    page: location.href.slice(0, 2048),
    referrer: document.referrer.slice(0, 2048),
    userAgent: navigator.userAgent.slice(0, 512),
    language: lang.replace(/[^A-Za-z0-9-]/g, '').slice(0, 35),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  if (name) visitor.name = withoutControls(name).slice(0, 128);
  if (email && email.length <= 254 && /^\S+@\S+$/.test(email)) visitor.email = withoutControls(email);
  return visitor;
}

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
