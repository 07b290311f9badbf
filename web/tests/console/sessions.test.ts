import { describe, expect, test } from 'vitest';

import { HeldOrder } from '../../console/model/held_order';
import { Loading, Sessions } from '../../console/model/sessions';
import type { SessionRow } from '../../console/model/types';

function session(clientId: string, more: Partial<SessionRow> = {}): SessionRow {
  return { clientId, status: 'active', lastMessage: null, unread: { client: 0, admin: 0 }, createdAt: '2025-03-10T10:00:00.000Z', ...more };
}
function wrote(clientId: string, seq: number, minute: number, sender: 'client' | 'admin' = 'client', unread = 1): SessionRow {
  const createdAt = `2025-03-10T12:${String(minute).padStart(2, '0')}:00.000Z`;
  return session(clientId, { lastMessage: { seq, sender, message: 'x', createdAt }, unread: { client: 0, admin: unread } });
}
const names = (sessions: Sessions, ...list: Parameters<Sessions['list']>): string[] => sessions.list(...list).map((row) => row.clientId);

describe('sessions', () => {
  test('stand with the newest message first, those without one last', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [session('new'), wrote('a', 1, 1), wrote('b', 1, 3), wrote('c', 1, 2)]);
    expect(names(sessions, 'open')).toEqual(['b', 'c', 'a', 'new']);
    sessions.hear(wrote('a', 2, 4));
    expect(names(sessions, 'open')).toEqual(['a', 'b', 'c', 'new']);
  });

  test('are filtered by state and found by a part of what they are called', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [
      wrote('a', 1, 1), wrote('b', 1, 2, 'admin', 0), session('c', { status: 'closed' }),
      session('d', { visitor: { name: 'Ann', email: 'ann@example.com', updatedAt: '' } }),
    ]);
    expect(names(sessions, 'unread')).toEqual(['a']);
    expect(names(sessions, 'closed')).toEqual(['c']);
    expect(names(sessions, 'open', 'ANN')).toEqual(['d']);
    expect(names(sessions, 'open', '@example')).toEqual(['d']);
    expect(names(sessions, 'open', ' b ')).toEqual(['b']);
    expect(sessions.count('open')).toBe(3);
  });

  test('tell a new message of the visitor from everything else', () => {
    const sessions = new Sessions();
    expect(sessions.hear(wrote('a', 1, 1))).toBe(true);
    expect(sessions.hear(wrote('a', 1, 1))).toBe(false);
    expect(sessions.hear(wrote('a', 1, 1, 'client', 0))).toBe(false);
    expect(sessions.hear(wrote('a', 2, 2, 'admin', 0))).toBe(false);
    expect(sessions.hear(wrote('a', 3, 3))).toBe(true);
    expect(sessions.hear(session('b'))).toBe(false);
    expect(sessions.hear({ ...wrote('c', 1, 1), status: 'closed' })).toBe(false);
  });

  test('are waited for longest where the first unanswered message is oldest, among the open ones', () => {
    const sessions = new Sessions();
    expect(sessions.longestWaiting()).toBeUndefined();
    sessions.hear({ ...wrote('late', 1, 5), waitingSince: '2025-03-10T12:05:00.000Z' });
    sessions.hear({ ...wrote('early', 2, 9), waitingSince: '2025-03-10T12:01:00.000Z' });
    sessions.hear({ ...wrote('answered', 2, 9, 'admin'), waitingSince: undefined });
    expect(sessions.longestWaiting()?.clientId).toBe('early');
    sessions.hear({ ...wrote('early', 2, 9), status: 'closed', waitingSince: undefined });
    expect(sessions.longestWaiting()?.clientId).toBe('late');
  });

  test('believe an event more than a list that was asked for before it', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [wrote('gone', 1, 1)]);
    const loading = sessions.beginLoading();
    sessions.hear(wrote('a', 2, 2));
    sessions.hear(wrote('late', 1, 3));
    sessions.load(loading, [wrote('a', 1, 1), wrote('b', 1, 1)]);
    sessions.endLoading(loading, true);
    expect(sessions.get('a')?.lastMessage?.seq).toBe(2);
    expect(names(sessions, 'open')).toEqual(['late', 'a', 'b']);
    expect(sessions.get('gone')).toBeUndefined();
  });

  test('stay open that are not in a list which is only a part', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [wrote('far', 1, 1)]);
    const loading = sessions.beginLoading();
    sessions.load(loading, [wrote('a', 1, 2)]);
    sessions.endLoading(loading);
    expect(names(sessions, 'open')).toEqual(['a', 'far']);
  });

  test('that a list brings with an unknown message are news', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [wrote('a', 1, 1), wrote('b', 1, 1)]);
    const news = sessions.load(new Loading(), [wrote('a', 2, 2), wrote('b', 1, 1), wrote('c', 1, 3)]);
    expect(news.map(({ clientId }) => clientId)).toEqual(['a', 'c']);
  });
});

describe('the order of waiting', () => {
  const waits = (clientId: string, minute: number): SessionRow => ({ ...wrote(clientId, 1, minute), waitingSince: `2025-03-10T12:${String(minute).padStart(2, '0')}:00.000Z` });

  test('has the longest wait first, and then the others as ever', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [waits('late', 9), wrote('answered', 2, 20, 'admin'), waits('early', 3), session('new'), waits('closed', 1)]);
    sessions.hear({ ...waits('closed', 1), status: 'closed' });
    expect(names(sessions, 'open', '', 'waiting')).toEqual(['early', 'late', 'answered', 'new']);
    sessions.hear(wrote('early', 2, 21, 'admin'));
    expect(names(sessions, 'open', '', 'waiting')).toEqual(['late', 'early', 'answered', 'new']);
    expect(names(sessions, 'open')).toEqual(['early', 'answered', 'late', 'new']);
  });
});

describe('an order that is held', () => {
  test('moves no row, puts what is new above and keeps what has left', () => {
    const sessions = new Sessions();
    sessions.load(new Loading(), [wrote('a', 1, 3), wrote('b', 1, 2), wrote('c', 1, 1)]);
    const held = new HeldOrder(sessions.list('unread'));
    sessions.hear(wrote('c', 2, 9));
    sessions.hear(wrote('b', 1, 2, 'client', 0));
    sessions.hear(wrote('d', 1, 10));
    const { rows, above } = held.arrange(sessions.list('unread'), (clientId) => sessions.get(clientId));
    expect(rows.map((row) => row.clientId)).toEqual(['d', 'a', 'b', 'c']);
    expect(above).toBe(1);
    expect(rows[3]?.lastMessage?.seq).toBe(2);
  });
});
