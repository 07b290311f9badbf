// The sessions that are known here, and the lists that are made of them. Pure.
import type { SessionRow } from './types';

export interface Row extends SessionRow {
  /** When the visitor wrote what nobody has answered yet. */
  waitingSince?: string | undefined;
}

export type Filter = 'open' | 'unread' | 'closed';

export class Sessions {
  private readonly rows = new Map<string, Row>();
  private readonly lists = new Map<Filter, readonly Row[]>();
  // Heard of while the list is on its way: what it then says of them is older.
  private heard: Set<string> | undefined;

  get(clientId: string): Row | undefined {
    return this.rows.get(clientId);
  }

  /** What an event says. Gives true if it brings a message of the visitor that was not known. */
  hear(session: SessionRow): boolean {
    const before = this.rows.get(session.clientId);
    this.heard?.add(session.clientId);
    this.put(session);
    const last = session.lastMessage;
    return last?.sender === 'client' && last.seq > (before?.lastMessage?.seq ?? 0) && session.unread.admin > 0;
  }

  /** From now on the list is on its way: call it before asking for it. */
  beginLoading(): void {
    this.heard = new Set();
  }

  /** A part of the list. */
  load(sessions: readonly SessionRow[]): void {
    for (const session of sessions) {
      if (!this.heard?.has(session.clientId)) this.put(session);
    }
  }

  /** All of the list has come; `complete`: and active sessions that were not in it are closed by now. */
  endLoading(loaded: ReadonlySet<string>, complete: boolean): void {
    const { heard } = this;
    this.heard = undefined;
    if (!complete) return;
    for (const row of this.rows.values()) {
      if (row.status === 'active' && !loaded.has(row.clientId) && !heard?.has(row.clientId)) {
        this.rows.set(row.clientId, { ...row, status: 'closed', waitingSince: undefined });
      }
    }
    this.lists.clear();
  }

  /** Newest message first, sessions without one last. query: a part of the clientId, name or email. */
  list(filter: Filter, query = ''): readonly Row[] {
    let list = this.lists.get(filter);
    if (!list) {
      list = [...this.rows.values()].filter((row) => belongs(row, filter)).sort(newestFirst);
      this.lists.set(filter, list);
    }
    const wanted = query.trim().toLowerCase();
    return wanted ? list.filter((row) => matches(row, wanted)) : list;
  }

  count(filter: Filter): number {
    return this.list(filter).length;
  }

  private put(session: SessionRow): void {
    const before = this.rows.get(session.clientId);
    this.rows.set(session.clientId, { ...session, waitingSince: waitingSince(session, before) });
    this.lists.clear();
  }
}

function waitingSince({ status, lastMessage }: SessionRow, before: Row | undefined): string | undefined {
  if (status === 'closed' || lastMessage?.sender !== 'client') return undefined;
  return before?.waitingSince ?? lastMessage.createdAt;
}

function belongs(row: Row, filter: Filter): boolean {
  if (filter === 'closed') return row.status === 'closed';
  return row.status === 'active' && (filter === 'open' || row.unread.admin > 0);
}

function newestFirst(one: Row, other: Row): number {
  const [a, b] = [one.lastMessage?.createdAt ?? '', other.lastMessage?.createdAt ?? ''];
  if (a !== b) return a < b ? 1 : -1;
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? 1 : -1;
  return one.clientId < other.clientId ? -1 : 1;
}

function matches({ clientId, visitor }: Row, wanted: string): boolean {
  return [clientId, visitor?.name, visitor?.email].some((text) => text?.toLowerCase().includes(wanted));
}
