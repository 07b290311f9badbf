// The sessions that are known here, and the lists that are made of them. Pure.
import type { SessionRow } from './types';

export type Filter = 'open' | 'unread' | 'closed';
export type Order = 'newest' | 'waiting';

/** A list that is on its way: what is heard of a session meanwhile is newer than what it will say. */
export class Loading {
  readonly heard = new Set<string>();
  readonly loaded = new Set<string>();
}

export class Sessions {
  private readonly rows = new Map<string, SessionRow>();
  private readonly lists = new Map<string, readonly SessionRow[]>();
  private readonly loadings = new Set<Loading>();

  get(clientId: string): SessionRow | undefined {
    return this.rows.get(clientId);
  }

  /** What an event says. Gives true if it brings a message of the visitor that was not known. */
  hear(session: SessionRow): boolean {
    for (const loading of this.loadings) loading.heard.add(session.clientId);
    return this.put(session);
  }

  /** Call it before a list is asked for, and endLoading() when all of it has come, or nothing more will. */
  beginLoading(): Loading {
    const loading = new Loading();
    this.loadings.add(loading);
    return loading;
  }

  /** A part of the list. Gives those that bring a message of the visitor that was not known. */
  load(loading: Loading, sessions: readonly SessionRow[]): SessionRow[] {
    for (const { clientId } of sessions) loading.loaded.add(clientId);
    return sessions.filter((session) => !loading.heard.has(session.clientId) && this.put(session));
  }

  /** `complete`: it was all of the open ones. What is known of others is old: they are closed by now, or gone. */
  endLoading(loading: Loading, complete = false): void {
    this.loadings.delete(loading);
    if (!complete) return;
    for (const clientId of this.rows.keys()) {
      if (!loading.loaded.has(clientId) && !loading.heard.has(clientId)) this.rows.delete(clientId);
    }
    this.lists.clear();
  }

  /** Newest message first, sessions without one last; or before that those that wait, the longest first.
   * query: a part of the clientId, name or email. */
  list(filter: Filter, query = '', order: Order = 'newest'): readonly SessionRow[] {
    const name = `${filter} ${order}`;
    let list = this.lists.get(name);
    if (!list) {
      list = order === 'waiting' ? [...this.list(filter)].sort(longestFirst)
        : [...this.rows.values()].filter((row) => belongs(row, filter)).sort(newestFirst);
      this.lists.set(name, list);
    }
    const wanted = query.trim().toLowerCase();
    return wanted ? list.filter((row) => matches(row, wanted)) : list;
  }

  count(filter: Filter): number {
    return this.list(filter).length;
  }

  /** The open one whose visitor has waited longest. */
  longestWaiting(): SessionRow | undefined {
    let longest: SessionRow | undefined;
    for (const row of this.list('open')) {
      if (row.waitingSince && (!longest?.waitingSince || row.waitingSince < longest.waitingSince)) longest = row;
    }
    return longest;
  }

  clear(): void {
    this.rows.clear();
    this.lists.clear();
    this.loadings.clear();
  }

  private put(session: SessionRow): boolean {
    const before = this.rows.get(session.clientId);
    this.rows.set(session.clientId, session);
    this.lists.clear();
    const last = session.lastMessage;
    return session.status === 'active' && last?.sender === 'client' && last.seq > (before?.lastMessage?.seq ?? 0) && session.unread.admin > 0;
  }
}

function belongs(row: SessionRow, filter: Filter): boolean {
  if (filter === 'closed') return row.status === 'closed';
  return row.status === 'active' && (filter === 'open' || row.unread.admin > 0);
}

function newestFirst(one: SessionRow, other: SessionRow): number {
  const [a, b] = [one.lastMessage?.createdAt ?? '', other.lastMessage?.createdAt ?? ''];
  if (a !== b) return a < b ? 1 : -1;
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? 1 : -1;
  return one.clientId < other.clientId ? -1 : 1;
}

// Others keep their order.
function longestFirst(one: SessionRow, other: SessionRow): number {
  const [a, b] = [one.waitingSince ?? '~', other.waitingSince ?? '~']; // "~" comes after every date
  return a === b ? 0 : a < b ? -1 : 1;
}

function matches({ clientId, visitor }: SessionRow, wanted: string): boolean {
  return [clientId, visitor?.name, visitor?.email].some((text) => text?.toLowerCase().includes(wanted));
}
