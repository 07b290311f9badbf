// The console as a whole: who is signed in, the connection, the list (inbox.ts), the conversations (desk.ts),
// dialogs and notices. Views draw it and call it; it draws nothing.
import { Rest, ServerClock, type Failure } from '../client';
import { asFailure } from '../client/failure';
import { signIn, signOut, whoAmI } from './account';
import { Alerts } from './alerts';
import { Announcer } from './announcer';
import { BanList } from './ban_list';
import { Desk } from './desk';
import { Inbox } from './inbox';
import { forgetKept, keptFor } from './kept';
import { Live } from './live';
import type { Order } from './model/sessions';
import type { Ban, Me, SessionRow } from './model/types';
import { Preferences } from './preferences';
import { Signal } from './signal';
import { texts } from './text/texts';
import { titleOf } from './text/visitor';
import { cut } from '../views/cut';

export type Phase = 'starting' | 'signed-out' | 'ready';
export type Dialog = 'shortcuts' | 'settings' | 'account' | 'ban' | 'bans';

const signOutPause = 250;
const startPause = 2_000;
const noticeTime = 6_000;

// As styles/frame.css has it.
const wide = matchMedia('(min-width: 1181px)');
const narrow = matchMedia('(max-width: 760px)');

export class Console {
  /** Who is signed in, the connection, which conversations are open, dialogs. */
  readonly shell = new Signal();
  readonly preferences = new Preferences();
  readonly inbox: Inbox;
  readonly desk: Desk;

  phase: Phase = 'starting';
  me: Me | undefined;
  /** Why the console could not start. */
  failure: Failure | undefined;
  dialog: Dialog | undefined;
  /** Where there is no room for a column of details: whether they are shown over the rest. */
  drawer = false;
  readonly announcer = new Announcer(() => this.shell.bump(), texts.announce.elsewhere);
  readonly banned: BanList;
  /** Something that went wrong or well, for some seconds. */
  notice = '';

  private readonly clock = new ServerClock();
  private readonly rest = new Rest({ server: '', credentials: 'same-origin', clock: this.clock });
  private readonly alerts = new Alerts();
  private readonly live: Live;
  private startTimer: ReturnType<typeof setTimeout> | undefined;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.live = new Live({
      connected: () => this.connected(),
      changed: () => this.shell.bumpNow(),
      event: (name, data) => this.hear(name, data),
      refused: () => void this.check(),
    });
    this.banned = new BanList(this.rest, () => this.now());
    this.inbox = new Inbox(this.rest, {
      changed: (news) => this.heardRows(news),
      say: (text) => this.say(text),
    });
    this.desk = new Desk(this.rest, this.live, {
      changed: () => this.showsAnother(),
      arrived: () => this.readActive(),
    });
    this.inbox.order = this.preferences.current.order;
    // Once for all changes of a frame: to count is to look at every row.
    this.inbox.signal.subscribe(() => this.alerts.title(this.inbox.sessions.count('unread')));
    for (const width of [wide, narrow]) width.addEventListener('change', () => this.shell.bumpNow());
    addEventListener('hashchange', () => {
      if (this.phase === 'ready') this.desk.followAddress();
    });
    const look = (): void => this.readActive();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    setInterval(() => this.inbox.tick(Date.now()), 1_000);
  }

  /** What time it is at the server, in milliseconds since 1970. */
  now(): number {
    return this.clock.now();
  }

  get link(): Live['state'] {
    return this.live.state;
  }

  /** Whether a visitor is there; undefined while that cannot be known. */
  isOnline(clientId: string): boolean | undefined {
    return this.link === 'offline' ? undefined : this.inbox.online.has(clientId);
  }

  /** Finds out who is signed in. */
  async start(): Promise<void> {
    clearTimeout(this.startTimer);
    this.phase = 'starting';
    this.shell.bumpNow();
    try {
      this.enter(await whoAmI(this.rest));
    } catch (error) {
      const failure = asFailure(error);
      if (failure.forbidden) this.leave();
      else this.failLater(failure);
    }
    this.shell.bumpNow();
  }

  /** Rejects with a Failure. */
  async signIn(username: string, password: string): Promise<void> {
    this.enter(await signIn(this.rest, username, password));
    this.shell.bumpNow();
  }

  async signOut(): Promise<void> {
    this.live.stop();
    try {
      await signOut(this.rest);
    } catch {
      this.live.start();
      this.say(texts.account.signOutFailed);
      return;
    }
    forgetKept();
    this.preferences.choose({ away: false });
    // Everything that was shown goes with the page.
    setTimeout(() => location.replace(location.pathname), signOutPause);
    this.leave();
    this.shell.bumpNow();
  }

  /** A session that is not in the list, by its exact clientId. */
  async find(clientId: string): Promise<void> {
    try {
      await this.inbox.lookUp(clientId);
      this.desk.show(clientId);
    } catch (error) {
      this.say(asFailure(error).status === 404 ? texts.list.unknown : texts.list.failedOnce);
    }
  }

  closeTab(clientId: string): void {
    // No one goes on writing there.
    if (this.inbox.sessions.get(clientId)?.status === 'closed') this.desk.drafts.set(clientId, '');
    this.desk.closeTab(clientId);
  }

  async closeSession(clientId: string): Promise<void> {
    await this.tryTo(texts.conversation.wasClosed, () => this.rest.close(clientId));
  }

  async reopenSession(clientId: string): Promise<void> {
    await this.tryTo(texts.conversation.wasReopened, () => this.rest.initialize(clientId));
  }

  get maySupervise(): boolean {
    return this.me?.role === 'supervisor';
  }

  /** seconds: undefined: until it is lifted. */
  async ban(clientId: string, reason: string, seconds: number | undefined): Promise<boolean> {
    return this.tryTo(texts.bans.done, async () => {
      await this.rest.call('POST', 'bans', { kind: 'client', value: clientId, reason, seconds });
      await this.banned.load().catch(() => undefined);
    });
  }

  async lift(ban: Ban): Promise<boolean> {
    return this.tryTo(texts.bans.lifted, async () => {
      await this.rest.call('DELETE', `bans/${ban.id}`);
      await this.banned.load().catch(() => undefined);
    });
  }

  sort(order: Order): void {
    this.preferences.choose({ order });
    this.inbox.sort(order);
  }

  setAway(away: boolean): void {
    this.preferences.choose({ away });
    this.watch().catch(() => undefined);
    this.shell.bumpNow();
  }

  async setNotifications(wanted: boolean): Promise<void> {
    const allowed = wanted && (await this.alerts.allowNotifications());
    if (wanted && !allowed) this.say(texts.settings.notAllowed);
    this.preferences.choose({ notifications: allowed });
  }

  setSound(sound: boolean): void {
    this.preferences.choose({ sound });
    if (sound) this.alerts.play();
  }

  /** The list is all there is room for, and nothing else is shown. */
  get showsListAlone(): boolean {
    return narrow.matches && !this.desk.active;
  }

  get showsDetails(): boolean {
    return this.desk.active !== undefined && (wide.matches ? this.preferences.current.details : this.drawer);
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
    if (notice) this.noticeTimer = setTimeout(() => this.say(''), noticeTime);
    this.shell.bumpNow();
  }

  private failLater(failure: Failure): void {
    this.failure = failure;
    this.startTimer = setTimeout(() => void this.start(), Math.max(startPause, failure.retryAfter * 1_000));
  }

  private enter(me: Me): void {
    const isAnother = !this.me || this.me.username !== me.username;
    this.me = me;
    this.failure = undefined;
    this.phase = 'ready';
    if (isAnother) {
      this.inbox.clear();
      this.banned.clear();
      this.desk.enter(keptFor(me.username ?? ''));
    }
    this.desk.followAddress();
    this.live.start();
  }

  private leave(): void {
    this.phase = 'signed-out';
    this.dialog = undefined;
    this.failure = undefined;
    this.live.stop();
  }

  // Whether we are still signed in.
  private async check(): Promise<void> {
    this.live.stop();
    await this.start();
  }

  private connected(): void {
    this.inbox.forgetPresence();
    this.watch().catch(() => undefined);
    this.load().catch((error: unknown) => {
      if (asFailure(error).forbidden) void this.check();
      else this.say(texts.list.failed);
    });
    if (this.maySupervise) this.banned.load().catch(() => undefined);
    this.desk.resume();
  }

  private watch(): Promise<unknown> {
    return this.live.ask('watch-sessions', { presence: true, typing: true, away: this.preferences.current.away });
  }

  private async load(): Promise<void> {
    await this.inbox.load();
    // A conversation that was opened by its address may be a closed one.
    for (const { clientId } of this.desk.open) {
      if (this.inbox.sessions.get(clientId)) continue;
      await this.inbox.lookUp(clientId).catch((error: unknown) => {
        if (asFailure(error).status === 404) this.desk.closeTab(clientId);
      });
    }
  }

  private hear(name: string, data: unknown): void {
    if (typeof data !== 'object' || data === null || this.inbox.hear(name, data)) return;
    const event = data as { clientId: string };
    this.desk.find(event.clientId)?.hear(name, event);
    if (name === 'new-message') this.heardMessage(event as { clientId: string; message: string; sender: string });
    else if (name === 'session-erased') this.announcer.clear();
  }

  private heardMessage({ clientId, message, sender }: { clientId: string; message: string; sender: string }): void {
    if (sender !== 'client') return;
    this.inbox.hearTyping(clientId, false);
    if (this.desk.active?.clientId !== clientId) return;
    this.announcer.say(texts.announce.said(cut(message, 500)));
  }

  private heardRows(news: readonly SessionRow[]): void {
    const looking = !document.hidden && document.hasFocus();
    const unseen = looking ? news.filter(({ clientId }) => clientId !== this.desk.active?.clientId) : news;
    const { sound, notifications } = this.preferences.current;
    for (const row of news) {
      if (row.clientId !== this.desk.active?.clientId) this.announcer.saidElsewhere(row.clientId, titleOf(row.clientId, row));
    }
    if (sound && unseen.length > 0) this.alerts.play();
    if (notifications && !looking) this.alerts.notify(unseen, (clientId) => this.desk.show(clientId));
    this.readActive();
  }

  private showsAnother(): void {
    this.drawer = false;
    this.readActive();
    this.shell.bumpNow();
    this.inbox.signal.bumpNow();
  }

  // What is on the screen was read, if someone is looking.
  private readActive(): void {
    const { active } = this.desk;
    if (active?.status !== 'ready' || document.hidden || !document.hasFocus()) return;
    if ((this.inbox.sessions.get(active.clientId)?.unread.admin ?? 0) > 0) active.read();
  }

  private async tryTo(done: string, action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      this.say(done);
      return true;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.status === 401) void this.check();
      this.say(failure.status === 403 ? texts.failure.forbidden : texts.failure.other(failure.message));
      return false;
    }
  }
}
