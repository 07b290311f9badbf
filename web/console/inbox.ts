// The list of sessions: loaded once with every connection and then told of every change; who of them types,
// who is online; what of it the agent wants to see.
import type { Rest } from '../client';
import { asFailure } from '../client/failure';
import { segment } from '../client/rest';
import { HeldOrder } from './model/held_order';
import { Sessions, type Filter, type Loading, type Order } from './model/sessions';
import type { SessionRow } from './model/types';
import { Typists } from './model/typists';
import { Signal } from './signal';
import { texts } from './text/texts';

export interface InboxHandlers {
  /** Rows are other ones than before. `news`: those with a message of the visitor that was not known. */
  changed(news: readonly SessionRow[]): void;
  say(text: string): void;
}

const firstOpen = 'sessions?limit=1000';
const firstClosed = 'sessions?status=closed&limit=200';
// Pages of open sessions that are loaded unasked: the newest 20,000.
const pagesAtOnce = 20;
const holding = 3_000; // milliseconds after the pointer was moved
const probeAfter = 300; // milliseconds after the last key

interface Presence {
  reset?: boolean;
  online: string[];
  offline: string[];
}

export class Inbox {
  readonly signal = new Signal();
  readonly sessions = new Sessions();
  readonly typists = new Typists();
  readonly online = new Set<string>();
  loaded = false;
  filter: Filter = 'open';
  query = '';
  order: Order = 'newest';
  /** How many rows stand above those that are held under the pointer. */
  above = 0;
  /** The clientId that was typed into the search, where a session has it that is not in the list. */
  found: string | undefined;
  // Where the lists go on; undefined: all of them is here.
  private readonly next: Record<'open' | 'closed', string | undefined> = { open: undefined, closed: firstClosed };
  private held: HeldOrder | undefined;
  private heldUntil = 0;
  private probing: ReturnType<typeof setTimeout> | undefined;
  private readonly loadingMore = new Set<'open' | 'closed'>();

  constructor(
    private readonly rest: Rest,
    private readonly handlers: InboxHandlers,
  ) {}

  /** What is shown: of the chosen filter those that match what is looked for. */
  get shown(): readonly SessionRow[] {
    const list = this.sessions.list(this.filter, this.query, this.order);
    if (!this.held) return list;
    const { rows, above } = this.held.arrange(list, (clientId) => this.sessions.get(clientId));
    this.above = above;
    return rows;
  }

  /** The pointer is over a row: for a moment none of them moves. */
  hold(): void {
    this.held ??= new HeldOrder(this.shown);
    this.heldUntil = Date.now() + holding;
  }

  /** All rows go where they belong. */
  letGo(): void {
    if (!this.held) return;
    this.held = undefined;
    this.above = 0;
    this.signal.bump();
  }

  /** There are more open sessions than were loaded: counts and what is found are of the newest only. */
  get hasMoreOpen(): boolean {
    return this.next.open !== undefined;
  }

  /** The connection is new: who is online and who types is told again. */
  forgetPresence(): void {
    this.online.clear();
    this.typists.clear();
  }

  /** All of the open sessions. Rejects with a Failure. */
  async load(): Promise<void> {
    const { sessions } = this;
    const loading = sessions.beginLoading();
    const first = !this.loaded;
    let next: string | undefined = firstOpen;
    try {
      for (let pages = 0; next && pages < pagesAtOnce; pages += 1) {
        const news: SessionRow[] = [];
        next = await this.page(next, loading, news);
        this.loaded = true;
        // Who opens the console sees what is unread; what came while the connection was lost is news.
        this.handlers.changed(first ? [] : news);
        this.signal.bump();
      }
      this.next.open = next;
      this.next.closed = firstClosed;
      sessions.endLoading(loading, next === undefined);
    } catch (error) {
      sessions.endLoading(loading);
      throw error;
    }
    if (this.filter === 'closed') this.loadMore();
    this.handlers.changed([]);
    this.signal.bump();
  }

  /** More of the list that is shown, if there is more. */
  loadMore(): void {
    const which = this.filter === 'closed' ? 'closed' : 'open';
    const next = this.next[which];
    if (!next || this.loadingMore.has(which)) return;
    this.loadingMore.add(which);
    const loading = this.sessions.beginLoading();
    this.page(next, loading, [])
      .then((following) => {
        this.next[which] = following;
        this.handlers.changed([]);
      })
      .catch(() => this.handlers.say(texts.list.moreFailed))
      .finally(() => {
        this.sessions.endLoading(loading);
        this.loadingMore.delete(which);
        this.signal.bump();
      });
  }

  /** Reads the row of one session, which may be in no list. Rejects with a Failure. */
  async lookUp(clientId: string): Promise<void> {
    this.take(await this.rest.call<SessionRow>('GET', `sessions/${segment(clientId)}`), false);
  }

  choose(filter: Filter): void {
    this.letGo();
    this.filter = filter;
    if (filter === 'closed' && this.next.closed === firstClosed) this.loadMore();
    this.signal.bumpNow();
  }

  search(query: string): void {
    this.letGo();
    this.query = query;
    this.found = undefined;
    clearTimeout(this.probing);
    if (query.trim() !== '' && this.shown.length === 0) this.probing = setTimeout(() => void this.probe(query.trim()), probeAfter);
    this.signal.bumpNow();
  }

  sort(order: Order): void {
    this.letGo();
    this.order = order;
    this.signal.bumpNow();
  }

  // What is in no list is offered only where it exists.
  private async probe(query: string): Promise<void> {
    try {
      await this.lookUp(query);
    } catch {
      return;
    }
    if (this.query.trim() === query) this.found = query;
    this.signal.bump();
  }

  /** An event of those who watch. Gives whether it was one. */
  hear(name: string, data: object): boolean {
    switch (name) {
      case 'session-updated':
        this.take(data as SessionRow, true);
        return true;
      case 'session-typing': {
        const { clientId, isTyping, sender } = data as { clientId: string; isTyping: boolean; sender: string };
        if (sender === 'client') this.hearTyping(clientId, isTyping);
        return true;
      }
      case 'visitor-presence':
        this.hearPresence(data as Presence);
        return true;
      default:
        return false;
    }
  }

  hearTyping(clientId: string, isTyping: boolean): void {
    if (this.typists.hear(clientId, isTyping, Date.now())) this.signal.bump();
  }

  /** Once a second: who has stopped typing; waiting times, which are shown in minutes. */
  tick(now: number): void {
    const anyStopped = this.typists.expire(now);
    if (now > this.heldUntil) this.letGo();
    if (anyStopped || (now % 30_000 < 1_000 && !document.hidden)) this.signal.bump();
  }

  /** Someone else looks at it now. */
  clear(): void {
    this.forgetPresence();
    this.sessions.clear();
    this.loaded = false;
    this.next.open = undefined;
    this.next.closed = firstClosed;
  }

  private take(session: SessionRow, isEvent: boolean): void {
    const isNews = this.sessions.hear(session);
    this.signal.bump();
    this.handlers.changed(isEvent && isNews ? [session] : []);
  }

  private hearPresence({ reset, online, offline }: Presence): void {
    if (reset) this.online.clear();
    for (const clientId of online) this.online.add(clientId);
    for (const clientId of offline) this.online.delete(clientId);
    this.signal.bump();
  }

  // Gives where the next page is. Rejects with a Failure.
  private async page(path: string, loading: Loading, news: SessionRow[]): Promise<string | undefined> {
    const response = await this.rest.fetch('GET', path);
    try {
      news.push(...this.sessions.load(loading, (await response.json()) as SessionRow[]));
    } catch (error) {
      throw asFailure(error);
    }
    const link = response.headers.get('Link');
    return link ? /<\/api\/chat\/([^>]+)>;\s*rel="next"/.exec(link)?.[1] : undefined;
  }
}
