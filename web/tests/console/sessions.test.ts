import { describe, expect, test } from 'vitest';

import { Sessions } from '../../console/model/sessions';
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
    sessions.load([session('new'), wrote('a', 1, 1), wrote('b', 1, 3), wrote('c', 1, 2)]);
    expect(names(sessions, 'open')).toEqual(['b', 'c', 'a', 'new']);
    sessions.hear(wrote('a', 2, 4));
    expect(names(sessions, 'open')).toEqual(['a', 'b', 'c', 'new']);
  });

  test('are filtered by state and found by a part of what they are called', () => {
    const sessions = new Sessions();
    sessions.load([
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
  });

  test('wait since the first message that was not answered', () => {
    const sessions = new Sessions();
    const since = (): string | undefined => sessions.get('a')?.waitingSince;
    sessions.hear(wrote('a', 1, 1));
    sessions.hear(wrote('a', 2, 5));
    expect(since()).toBe('2025-03-10T12:01:00.000Z');
    sessions.hear(wrote('a', 3, 6, 'admin', 0));
    expect(since()).toBeUndefined();
    sessions.hear(wrote('a', 4, 9));
    expect(since()).toBe('2025-03-10T12:09:00.000Z');
    sessions.hear({ ...wrote('a', 4, 9), status: 'closed' });
    expect(since()).toBeUndefined();
  });

  test('believe an event more than a list that was asked for before it', () => {
    const sessions = new Sessions();
    sessions.load([wrote('gone', 1, 1)]);
    sessions.beginLoading();
    sessions.hear(wrote('a', 2, 2));
    sessions.hear(wrote('late', 1, 3));
    sessions.load([wrote('a', 1, 1), wrote('b', 1, 1)]);
    sessions.endLoading(new Set(['a', 'b']), true);
    expect(sessions.get('a')?.lastMessage?.seq).toBe(2);
    expect(names(sessions, 'open')).toEqual(['late', 'a', 'b']);
    expect(names(sessions, 'closed')).toEqual(['gone']);
  });
});
