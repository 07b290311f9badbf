// The console's state and what an agent can do with it. Views draw it and call it; it draws nothing.
import { browserStore, Rest, type Failure } from '../client';
import { asFailure } from '../client/failure';
import { segment } from '../client/rest';
import { Alerts } from './alerts';
import { Conversation } from './conversation';
import { Live } from './live';
import { Sessions, type Filter, type Row } from './model/sessions';
import { Typists } from './model/typists';
import type { Ban, Me, SessionRow } from './model/types';
import { Preferences } from './preferences';
import { Signal } from './signal';

export type Phase = 'starting' | 'signed-out' | 'ready';
export type Dialog = 'shortcuts' | 'settings' | 'ban' | 'bans';

export const mostOpen = 12;
const mostPages = 20;
const signOutPause = 250;
const startPause = 2_000;
const store = browserStore('livechat-console:', () => sessionStorage);

// As styles/frame.css has it.
const wide = matchMedia('(min-width: 1181px)');
const narrow = matchMedia('(max-width: 760px)');

interface Presence {
  reset?: boolean;
  online: string[];
  offline: string[];
}

export class Console {
  /** Who is signed in, the connection, which conversations are open, dialogs. */
  readonly shell = new Signal();
  /** The sessions, who types, who is online. */
  readonly list = new Signal();
  readonly preferences = new Preferences();
  readonly sessions = new Sessions();
  readonly typists = new Typists();
  readonly online = new Set<string>();

  phase: Phase = 'starting';
  me: Me | undefined;
  /** Why the console could not start. */
  failure: Failure | undefined;
  loaded = false;
  filter: Filter = 'open';
  query = '';
  open: readonly Conversation[] = [];
  active: Conversation | undefined;
  dialog: Dialog | undefined;
  /** Where there is no room for a column of details: whether they are shown over the rest. */
  drawer = false;
  /** What a screen reader says next. */
  announcement = '';
  /** Something that went wrong or well, for some seconds. */
  notice = '';

  readonly rest = new Rest({ server: '', credentials: 'same-origin' });
  private readonly alerts = new Alerts();
  private readonly live: Live;
  private closedNext: string | undefined = 'sessions?status=closed&limit=200';
  private closedLoading = false;
  private startTimer: ReturnType<typeof setTimeout> | undefined;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.live = new Live({
      connected: () => this.connected(),
      changed: () => this.shell.bumpNow(),
      event: (name, data) => this.hear(name, data),
      refused: () => void this.check(),
    });
    for (const width of [wide, narrow]) width.addEventListener('change', () => this.shell.bumpNow());
    addEventListener('hashchange', () => this.followHash());
    const look = (): void => this.readActive();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    setInterval(() => this.tick(), 1_000);
  }

  get link(): Live['state'] {
    return this.live.state;
  }

  /** Finds out who is signed in. */
  async start(): Promise<void> {
    clearTimeout(this.startTimer);
    this.phase = 'starting';
    this.shell.bumpNow();
    try {
      this.enter(await this.whoAmI());
    } catch (error) {
      const failure = asFailure(error);
      if (failure.forbidden) this.leave();
      else this.failLater(failure);
    }
    this.shell.bumpNow();
  }

  /** Rejects with a Failure. */
  async signIn(username: string, password: string): Promise<void> {
    const { agent } = await this.rest.call<{ agent: { username: string; role: 'agent' | 'supervisor' } }>('POST', 'login', { username, password });
    this.enter({ kind: 'agent', ...agent });
    this.shell.bumpNow();
  }

  async signOut(): Promise<void> {
    this.live.stop();
    try {
      await this.rest.call('POST', 'logout');
    } catch (error) {
      if (!asFailure(error).forbidden) {
        this.live.start();
        this.say('Signing out did not work. Try again.');
        return;
      }
    }
    store.set('open', undefined);
    // Everything that was shown goes with the page.
    setTimeout(() => location.replace(location.pathname), signOutPause);
    this.leave();
    this.shell.bumpNow();
  }

  show(clientId: string): void {
    let conversation = this.open.find((one) => one.clientId === clientId);
    if (!conversation) {
      conversation = new Conversation(clientId, this.rest, this.live);
      const kept = this.open.length < mostOpen ? this.open : this.withoutOldest();
      this.open = [...kept, conversation];
      void conversation.open().then(() => this.readActive());
    }
    this.activate(conversation);
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

  /** Back to the list, on a narrow screen. */
  showList(): void {
    this.activate(undefined);
  }

  choose(filter: Filter): void {
    this.filter = filter;
    if (filter === 'closed' && this.sessions.count('closed') === 0) this.loadClosed();
    this.list.bumpNow();
  }

  search(query: string): void {
    this.query = query;
    this.list.bumpNow();
  }

  /** A session that is not in the list, by its exact clientId. */
  async find(clientId: string): Promise<void> {
    try {
      this.take(await this.rest.call<SessionRow>('GET', `sessions/${segment(clientId)}`));
      this.show(clientId);
    } catch (error) {
      const failure = asFailure(error);
      this.say(failure.status === 404 ? 'There is no session with this name.' : 'That did not work. Try again.');
    }
  }

  /** More of the closed sessions, if there are. */
  loadClosed(): void {
    if (this.closedLoading || !this.closedNext) return;
    this.closedLoading = true;
    this.page(this.closedNext)
      .then(({ rows, next }) => {
        this.closedNext = next;
        this.sessions.load(rows);
        this.list.bump();
      })
      .catch(() => this.say('The closed conversations could not be loaded.'))
      .finally(() => (this.closedLoading = false));
  }

  async closeSession(clientId: string): Promise<void> {
    await this.tryTo('The conversation is closed.', () => this.rest.close(clientId));
  }

  async reopenSession(clientId: string): Promise<void> {
    await this.tryTo('The conversation is open again.', () => this.rest.initialize(clientId));
  }

  get maySupervise(): boolean {
    return this.me?.role === 'supervisor';
  }

  /** seconds: undefined bans until somebody lifts it. */
  async ban(clientId: string, reason: string, seconds: number | undefined): Promise<boolean> {
    return this.tryTo('The visitor is banned.', () =>
      this.rest.call('POST', 'bans', { kind: 'client', value: clientId, reason, seconds }));
  }

  bans(): Promise<Ban[]> {
    return this.rest.call<Ban[]>('GET', 'bans');
  }

  async lift(ban: Ban): Promise<boolean> {
    return this.tryTo('The ban is lifted.', () => this.rest.call('DELETE', `bans/${ban.id}`));
  }

  setAway(away: boolean): void {
    this.preferences.choose({ away });
    this.watch().catch(() => undefined);
    this.shell.bumpNow();
  }

  async setNotifications(wanted: boolean): Promise<void> {
    const allowed = wanted && (await this.alerts.allowNotifications());
    if (wanted && !allowed) this.say('This browser does not allow notifications for this page.');
    this.preferences.choose({ notifications: allowed });
  }

  setSound(sound: boolean): void {
    this.preferences.choose({ sound });
    if (sound) this.alerts.play();
  }

  /** The list is all there is room for, and nothing else is shown. */
  get showsListAlone(): boolean {
    return narrow.matches && !this.active;
  }

  get showsDetails(): boolean {
    return this.active !== undefined && (wide.matches ? this.preferences.current.details : this.drawer);
  }

  toggleDetails(): void {
    if (wide.matches) this.preferences.choose({ details: !this.preferences.current.details });
    else this.drawer = !this.drawer;
    this.shell.bumpNow();
  }

  openDialog(dialog: Dialog | undefined): void {
    this.dialog = dialog;
    this.shell.bumpNow();
  }

  /** Tells the agent for some seconds. */
  say(notice: string): void {
    this.notice = notice;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => this.say(''), 6_000);
    this.shell.bumpNow();
  }

  /** What is on the screen was read, if somebody is looking. */
  readActive(): void {
    const { active } = this;
    if (!active || active.status !== 'ready' || document.hidden || !document.hasFocus()) return;
    if ((this.sessions.get(active.clientId)?.unread.admin ?? 0) > 0) active.read();
  }

  private async whoAmI(): Promise<Me> {
    try {
      const me = await this.rest.call<Me>('GET', 'me');
      if (me.kind === 'agent') return me;
    } catch (error) {
      const failure = asFailure(error);
      if (!failure.forbidden && failure.status !== 404) throw failure;
    }
    // Where everybody may do everything (auth.mode = "open"), nobody has to sign in.
    await this.rest.call('GET', 'sessions?limit=1');
    return { kind: 'open' };
  }

  private failLater(failure: Failure): void {
    this.failure = failure;
    this.startTimer = setTimeout(() => void this.start(), Math.max(startPause, failure.retryAfter * 1_000));
  }

  private enter(me: Me): void {
    this.me = me;
    this.failure = undefined;
    this.phase = 'ready';
    for (const clientId of store.get<string[]>('open') ?? []) {
      if (typeof clientId === 'string' && this.open.length < mostOpen) {
        this.open = [...this.open, new Conversation(clientId, this.rest, this.live)];
      }
    }
    this.followHash();
    this.live.start();
  }

  private leave(): void {
    this.phase = 'signed-out';
    this.failure = undefined;
    this.live.stop();
  }

  // Whether we are still signed in.
  private async check(): Promise<void> {
    this.live.stop();
    await this.start();
  }

  private connected(): void {
    this.online.clear();
    this.typists.clear();
    this.watch().catch(() => undefined);
    this.load().catch((error: unknown) => {
      if (asFailure(error).forbidden) void this.check();
      else this.say('The list could not be loaded. It is tried again with the next connection.');
    });
    const others = this.open.filter((one) => one !== this.active);
    for (const conversation of this.active ? [this.active, ...others] : others) {
      void conversation.resume().then(() => this.readActive());
    }
  }

  private watch(): Promise<unknown> {
    return this.live.ask('watch-sessions', { presence: true, typing: true, away: this.preferences.current.away });
  }

  private async load(): Promise<void> {
    this.sessions.beginLoading();
    const loaded = new Set<string>();
    let next: string | undefined = 'sessions?limit=1000';
    for (let pages = 0; next && pages < mostPages; pages += 1) {
      const page = await this.page(next);
      this.sessions.load(page.rows);
      for (const { clientId } of page.rows) loaded.add(clientId);
      next = page.next;
      this.loaded = true;
      this.list.bump();
    }
    this.sessions.endLoading(loaded, next === undefined);
    this.loaded = true;
    this.badge();
    this.list.bump();
    this.readActive();
    // A conversation that was opened by its address may be a closed one.
    for (const { clientId } of this.open) {
      if (!this.sessions.get(clientId)) await this.lookUp(clientId);
    }
  }

  private async lookUp(clientId: string): Promise<void> {
    try {
      this.take(await this.rest.call<SessionRow>('GET', `sessions/${segment(clientId)}`));
    } catch (error) {
      if (asFailure(error).status === 404) this.closeTab(clientId);
    }
  }

  private async page(path: string): Promise<{ rows: SessionRow[]; next: string | undefined }> {
    const response = await this.rest.fetch('GET', path);
    const link = response.headers.get('Link');
    const next = link ? /<\/api\/chat\/([^>]+)>;\s*rel="next"/.exec(link)?.[1] : undefined;
    return { rows: (await response.json()) as SessionRow[], next };
  }

  private hear(name: string, data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    switch (name) {
      case 'session-updated':
        this.take(data as SessionRow, true);
        return;
      case 'session-typing': {
        const { clientId, isTyping, sender } = data as { clientId: string; isTyping: boolean; sender: string };
        if (sender === 'client' && this.typists.hear(clientId, isTyping, Date.now())) this.list.bump();
        return;
      }
      case 'visitor-presence':
        this.hearPresence(data as Presence);
        return;
    }
    const event = data as { clientId: string };
    this.open.find((one) => one.clientId === event.clientId)?.hear(name, event);
    if (name === 'new-message') this.heardMessage(event as { clientId: string; message: string; sender: string });
  }

  private hearPresence({ reset, online, offline }: Presence): void {
    if (reset) this.online.clear();
    for (const clientId of online) this.online.add(clientId);
    for (const clientId of offline) this.online.delete(clientId);
    this.list.bump();
  }

  private heardMessage({ clientId, message, sender }: { clientId: string; message: string; sender: string }): void {
    if (sender !== 'client') return;
    if (this.typists.hear(clientId, false, Date.now())) this.list.bump();
    if (this.active?.clientId !== clientId) return;
    this.announcement = `Visitor: ${message.slice(0, 500)}`;
    this.shell.bump();
  }

  private take(session: SessionRow, isNews = false): void {
    const isNew = this.sessions.hear(session);
    this.list.bump();
    this.badge();
    if (isNews && isNew) this.alert(session);
    this.readActive();
  }

  private alert({ clientId, visitor, lastMessage }: SessionRow): void {
    const { sound, notifications } = this.preferences.current;
    const looking = !document.hidden && document.hasFocus();
    if (looking && this.active?.clientId === clientId) return;
    if (sound) this.alerts.play();
    if (notifications && !looking) {
      this.alerts.notify(clientId, visitor?.name ?? clientId, lastMessage?.message ?? '', () => this.show(clientId));
    }
  }

  private badge(): void {
    this.alerts.title(this.sessions.count('unread'));
  }

  private tick(): void {
    const now = Date.now();
    const anyStopped = this.typists.expire(now);
    // Waiting times are shown in minutes.
    if (anyStopped || (now % 30_000 < 1_000 && !document.hidden)) this.list.bump();
  }

  private activate(conversation: Conversation | undefined): void {
    if (conversation !== this.active) this.drawer = false;
    this.active = conversation;
    store.set('open', this.open.map((one) => one.clientId));
    const hash = conversation ? `#${encodeURIComponent(conversation.clientId)}` : '';
    if (location.hash !== hash) history.replaceState(null, '', `${location.pathname}${hash}`);
    this.readActive();
    this.shell.bumpNow();
    this.list.bumpNow();
  }

  private followHash(): void {
    if (this.phase !== 'ready') return;
    let clientId: string;
    try {
      clientId = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    if (clientId && clientId !== this.active?.clientId) this.show(clientId);
  }

  // Room for one more: the first one that is not looked at goes.
  private withoutOldest(): readonly Conversation[] {
    const oldest = this.open.find((one) => one !== this.active && one.draft === '' && one.pending.length === 0) ?? this.open[0];
    oldest?.leave();
    return this.open.filter((one) => one !== oldest);
  }

  private async tryTo(done: string, action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      this.say(done);
      return true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.status === 401) void this.check();
      this.say(failure.status === 403 ? 'You may not do that.' : `That did not work: ${failure.message}`);
      return false;
    }
  }
}

/** What a conversation is called: the visitor's name, or the clientId. */
export function titleOf(clientId: string, row: Row | undefined): string {
  return row?.visitor?.name ?? clientId;
}
