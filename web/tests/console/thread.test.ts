import { describe, expect, test } from 'vitest';

import { Thread } from '../../console/model/thread';
import type { Message } from '../../client';

function message(seq: number, more: Partial<Message> = {}): Message {
  return { seq, message: `m${seq}`, sender: 'client', createdAt: '2025-03-10T12:00:00.000Z', ...more };
}
function range(first: number, last: number): Message[] {
  return Array.from({ length: last - first + 1 }, (_, i) => message(first + i));
}

describe('a thread', () => {
  test('knows where a message is before it is here', () => {
    const thread = new Thread();
    thread.grow(100_000);
    expect(thread.lastSeq).toBe(100_000);
    expect(thread.at(50_000)).toBeUndefined();
    expect(thread.missing(49_990, 50_010)).toEqual([{ after: 49_900, limit: 100 }, { after: 50_000, limit: 100 }]);
  });

  test('asks for nothing that is here, and for nothing beyond the newest', () => {
    const thread = new Thread();
    thread.take(range(1, 130));
    expect(thread.missing(1, 130)).toEqual([]);
    expect(thread.missing(-5, 500)).toEqual([]);
    expect(thread.has(1, 130)).toBe(true);
    thread.grow(131);
    expect(thread.missing(120, 140)).toEqual([{ after: 100, limit: 100 }]);
  });

  test('takes messages in any order and twice', () => {
    const thread = new Thread();
    thread.take([message(3), message(1)]);
    thread.take([message(2), message(3)]);
    expect([1, 2, 3].map((seq) => thread.at(seq)?.message)).toEqual(['m1', 'm2', 'm3']);
    expect(thread.lastSeq).toBe(3);
  });

  test('learns what is read from messages and from events, and never forgets it', () => {
    const thread = new Thread();
    thread.take([message(1, { sender: 'admin' }), message(2, { sender: 'admin', read: true }), message(3, { sender: 'admin' })]);
    const read = (): boolean[] => [1, 2, 3].map((seq) => thread.isRead(message(seq, { sender: 'admin' })));
    expect(read()).toEqual([true, true, false]);
    thread.markRead('client', 3);
    thread.markRead('client', 1);
    expect(read()).toEqual([true, true, true]);
    expect(thread.isRead(message(1))).toBe(false);
  });

  test('shows nothing of what was erased', () => {
    const thread = new Thread();
    thread.take(range(1, 3));
    thread.erase(2);
    expect([1, 2, 3].map((seq) => thread.at(seq)?.message)).toEqual(['', '', 'm3']);
    expect(thread.at(1)?.erased).toBe(true);
    thread.take([message(1)]);
    expect(thread.at(1)?.message).toBe('');
  });

  test('gives up what is far away, but not the newest', () => {
    const thread = new Thread();
    thread.take(range(1, 10_000));
    thread.trim(2_000, 2_050);
    expect(thread.has(1_000, 3_000)).toBe(true);
    expect(thread.has(9_901, 10_000)).toBe(true);
    expect(thread.at(8_000)).toBeUndefined();
    expect(thread.lastSeq).toBe(10_000);
  });

  test('forgets everything when the database is another one', () => {
    const thread = new Thread();
    thread.take(range(1, 5));
    thread.forget();
    expect(thread.lastSeq).toBe(0);
    expect(thread.at(1)).toBeUndefined();
  });
});
