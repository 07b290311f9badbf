// What the panel does: which conversation it is, what of it the visitor sees, and what the page hears.
import { Conversation, Rest, type Message, type Store, type Visitor } from '../../client';
import { contains, filter, map } from '../../client/builtins';
import { cut, visibleName } from '../../views/cut';
import type { Host, Identity, Panel } from '../contract';
import { addressFor } from '../loader/address';
import { complain } from '../loader/say';
import { moveDraft } from './draft';
import { isSigned, Memory, type Keeper } from './kept';

export interface PanelState {
  open: boolean;
  /** The visitor asked for it, so the focus goes there. */
  focus: boolean;
  /** The first message that was unread when the conversation was opened. */
  unreadFrom: number | undefined;
  /** For screen readers: what came last, oldest first. */
  announcements: readonly { seq: number; text: string }[];
}

// In milliseconds.
const lookAgain = 1_000; // whether a message can be seen that could not
const settling = 1_000; // after which a router has got where it wanted to
const answersFor = 120_000; // an agent who answers is there, whatever the server thinks

const mostAnnouncements = 5;

export class Controller implements Panel {
  conversation!: Conversation;
  readonly state: PanelState = { open: false, focus: false, unreadFrom: undefined, announcements: [] };
  onChange: () => void = () => undefined;
  configChanged: () => void = () => undefined;
  ended: () => void = () => undefined;
  /** What a message is announced as. */
  describe: (message: Message) => string = ({ message }) => message;
  private readonly memory: Memory;
  private keeper!: Keeper;
  private toldPage: string | undefined;
  private answeredAt = -Infinity;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  private pageTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly ends: (() => void)[] = [];

  constructor(readonly host: Host) {
    this.memory = new Memory(host.config.site);
    this.begin();
    if (this.keeper.own) this.conversation.start();
    // Another tab of the visitor was let in.
    const unwatch = this.memory.all.watch((key) => {
      if (key !== this.keeper.key || this.conversation.status !== 'refused') return;
      this.conversation.stop();
      this.restart();
    });
    const seen = (): void => this.seen();
    document.addEventListener('visibilitychange', seen);
    this.ends.push(unwatch, () => document.removeEventListener('visibilitychange', seen));
  }

  get drafts(): Store {
    return this.memory.tab;
  }

  /** An agent answers at this moment, as far as that can be told. */
  get agentsPresent(): boolean | undefined {
    const { agentsPresent, agentTyping } = this.conversation;
    return agentsPresent === false && (agentTyping || performance.now() - this.answeredAt < answersFor) ? true : agentsPresent;
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
    const { conversation: before, keeper, host } = this;
    const { identity } = host;
    const next = this.memory.of(identity);
    this.signOut();
    // With another signature it may be let in.
    if (before.status !== 'refused' && keeper.key === next.key && keeper.signed === next.signed) {
      before.opened = false; // the name may be another one
      this.refresh();
      return;
    }
    before.stop();
    const wasNobody = keeper.key === 'visitor' && !keeper.signed;
    // Who writes already writes on; no one finds what another has begun.
    this.state.focus = host.root.activeElement?.localName === 'textarea';
    this.restart(wasNobody ? before : undefined);
  }

  pageChanged(): void {
    this.pageTimer ??= setTimeout(() => {
      this.pageTimer = undefined;
      this.refresh();
    }, settling);
  }

  destroy(): void {
    this.conversation.stop();
    clearTimeout(this.lookTimer);
    clearTimeout(this.pageTimer);
    for (const end of this.ends) end();
    this.ended();
  }

  /** Whether a conversation of another name would be let in. */
  get mayStartAgain(): boolean {
    const { failure } = this.conversation;
    return this.host.identity.clientId === undefined && !contains(['origin_refused', 'banned', 'signature_required'], failure?.code ?? '');
  }

  /** After a conversation that the server refuses: a new one, for who has no name of their own. */
  startAgain(): void {
    const before = this.conversation;
    before.stop();
    this.keeper.giveUp();
    this.restart(before);
  }

  /** The newest messages are on the screen, if they are. */
  seen(): void {
    const { conversation, host, state } = this;
    clearTimeout(this.lookTimer);
    if (state.open && host.visible) conversation.read();
    else if (state.open && conversation.unread > 0 && document.visibilityState === 'visible') {
      this.lookTimer = setTimeout(() => this.seen(), lookAgain); // nothing tells when a page shows it again
    }
    host.showUnread(conversation.unread);
  }

  // The server hears where the visitor is now. A closed conversation stays closed until they write.
  private refresh(): void {
    const { conversation } = this;
    if (!this.state.open || conversation.status !== 'ready' || conversation.closed) return;
    if (conversation.opened && this.toldPage === this.host.address) return;
    conversation.open().catch(() => undefined);
  }

  // The token ends, here and on the server, and no one else finds what was written and not sent.
  private signOut(): void {
    const { conversation, host, keeper, memory } = this;
    const { signed } = memory;
    if (!signed || (isSigned(host.identity) && host.identity.clientId === signed.clientId)) return;
    if (keeper.signed && keeper.clientId === signed.clientId) {
      keeper.end();
      conversation.stop();
      for (const { messageId } of [...conversation.pending]) conversation.discard(messageId);
    }
    memory.forget(signed);
    if (signed.token) this.endToken(signed.token);
  }

  private endToken(token: string): void {
    const { server } = this.host.config;
    const call = (): Promise<unknown> => new Rest({ server, token: () => token }).call('POST', 'logout');
    const again = (): void => void call().catch(() => undefined);
    call().catch(() => addEventListener('online', again, { once: true }));
  }

  // heirOf: what was written there and not sent goes on in it.
  private restart(heirOf?: Conversation): void {
    this.state.announcements = [];
    this.begin();
    if (heirOf) moveDraft(this.drafts, heirOf, this.conversation);
    if (this.state.open || this.keeper.own) this.start();
    this.onChange();
    this.seen();
  }

  // From now on it is this conversation, in all tabs, also while the server has not heard of it.
  private start(): void {
    if (!this.keeper.own) this.keeper.keep({});
    this.conversation.start();
  }

  private begin(): void {
    const { host } = this;
    const { config } = host;
    const keeper = this.memory.of(host.identity);
    const { clientId, own } = keeper;
    const isNow = (): boolean => keeper === this.keeper;
    const proof = <Name extends 'signature' | 'expires'>(name: Name): Identity[Name] => (isNow() ? host.identity[name] : undefined);
    const conversation = new Conversation({
      server: config.server,
      clientId,
      // The page may bring a new one before the old one ends.
      get signature() {
        return proof('signature');
      },
      get expires() {
        return proof('expires');
      },
      token: own?.token,
      recallToken: () => keeper.own?.token,
      // Who is signed in and has no token yet gets one by being initialized.
      resume: own !== undefined && !own.unborn && !(keeper.signed && own.token === undefined),
      closed: own?.closed ?? false,
      visitor: () => {
        this.toldPage = host.address;
        return describeVisitor(host);
      },
    });
    this.keeper = keeper;
    this.conversation = conversation;
    conversation.on('token', (token) => {
      if (keeper.signed && !isNow()) this.endToken(token); // they were signed out meanwhile
      else keeper.keep({ token });
    });
    conversation.on('closed', (closed) => keeper.keep({ closed }));
    conversation.on('messages', (messages) => {
      if (isNow()) this.hear(messages);
    });
    conversation.on('erased', (upTo) => {
      if (isNow()) this.state.announcements = filter(this.state.announcements, ({ seq }) => seq > upTo);
    });
    let { link, failure } = conversation;
    conversation.on('change', () => {
      if (!isNow()) return;
      if (conversation.failure !== failure) {
        failure = conversation.failure;
        if (failure?.code.slice(0, 10) === 'signature_') complain(`${failure.code}: ${failure.message}`);
      }
      if (conversation.status === 'ready' && (keeper.unborn || !keeper.own)) keeper.keep({ unborn: false });
      if (conversation.failure?.code === 'origin_refused' && conversation.messages.length === 0) host.refuse();
      if (conversation.link !== link) host.tell('connection', (link = conversation.link));
      this.refresh();
      this.onChange();
      this.seen();
    });
  }

  private hear(messages: readonly Message[]): void {
    const { host, state } = this;
    for (const message of messages) host.tell('message', message);
    const heard = filter(messages, (message) => message.sender === 'admin');
    if (heard.length === 0) return;
    this.answeredAt = performance.now();
    const said = map(filter(heard, (message) => !message.erased), (message) => ({ seq: message.seq, text: this.describe(message) }));
    state.announcements = [...state.announcements, ...said].slice(-mostAnnouncements);
    if (state.open && !host.visible) state.unreadFrom ??= heard[0]?.seq;
  }
}

// Cut to what the server takes.
function describeVisitor({ address, config, identity }: Host): Visitor {
  const { name, email } = identity;
  const visitor: Visitor = {
    userAgent: navigator.userAgent.slice(0, 512),
    language: config.lang.replace(/[^A-Za-z0-9-]/g, '').slice(0, 35),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const referrer = document.referrer && addressFor(document.referrer, config.page === 'full');
  const shown = name && visibleName(name, 128);
  if (address) visitor.page = address;
  if (referrer) visitor.referrer = referrer;
  if (shown) visitor.name = shown;
  if (email && email.length <= 254 && /^\S+@\S+$/.test(email)) visitor.email = cut(email.replace(/\p{Cc}/gu, ' '), 254);
  return visitor;
}
