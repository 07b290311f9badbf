import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { History, Message, Range, Rest } from '../../client';
import { Inbox } from '../../client/inbox';

const at = (seq: number, more: Partial<Message> = {}): Message => ({ seq, message: `${seq}`, sender: 'admin', createdAt: '2024-01-01T00:00:00.000Z', ...more });
const numbers = (first: number, last: number): Message[] => Array.from({ length: last - first + 1 }, (_, index) => at(first + index));

let stored: Message[];
let asked: Range[];
let erased: number[];
let missing: number;
let inbox: Inbox;

// The server, as far as an inbox can see.
const rest: Pick<Rest, 'history'> = {
  history(_clientId, range): Promise<History> {
    asked.push(range);
    const { after, before, limit = 50 } = range;
    const messages = before === undefined
      ? stored.filter(({ seq }) => seq > (after ?? 0)).slice(0, limit)
      : stored.filter(({ seq }) => seq < before).slice(-limit);
    return Promise.resolve({ messages, total: stored.at(-1)?.seq ?? 0, page: null, totalPages: 1 });
  },
};

const seqs = (): number[] => inbox.timeline.messages.map(({ seq }) => seq);

beforeEach(() => {
  vi.useFakeTimers();
  [stored, asked, erased, missing] = [[], [], [], 0];
  inbox = new Inbox({
    rest: rest as Rest, clientId: 'c', stored: () => undefined, arrived: () => undefined,
    erased: (upTo) => erased.push(upTo), missing: () => (missing += 1),
  });
});

afterEach(() => vi.useRealTimers());

describe('an inbox', () => {
  test('catches up over as many pages as it takes', async () => {
    inbox.take([at(1)]);
    stored = numbers(1, 450);
    expect(await inbox.catchUp()).toBe(true);
    expect(seqs()).toEqual(stored.map(({ seq }) => seq));
    expect(asked.length).toBe(3);
  });

  test('asks for the last one once more, and knows by it that all before was erased', async () => {
    inbox.take(numbers(1, 3));
    stored = numbers(1, 4).map((message) => ({ ...message, message: '', erased: message.seq <= 3 }));
    await inbox.catchUp();
    expect(inbox.timeline.messages.map((message) => message.erased ?? false)).toEqual([true, true, true, false]);
    expect(erased).toEqual([3]);
  });

  test('notices that the server has less than is here', async () => {
    inbox.take(numbers(1, 5));
    stored = numbers(1, 4);
    expect(await inbox.catchUp()).toBe(false);
  });

  test('waits a moment for what was overtaken, and says then that it is missing', () => {
    inbox.take([at(1), at(3)]);
    vi.advanceTimersByTime(200);
    inbox.take([at(2)]);
    vi.advanceTimersByTime(1_000);
    expect(missing).toBe(0);
    inbox.take([at(5)]);
    vi.advanceTimersByTime(1_000);
    expect(missing).toBe(1);
  });

  test('takes older pages until there are none, also where the first messages are not there any more', async () => {
    stored = numbers(31, 300);
    inbox.take(await inbox.newest());
    expect(seqs()[0]).toBe(251);
    await Promise.all([inbox.older(), inbox.older()]);
    expect(seqs()[0]).toBe(201);
    await inbox.allOlder();
    expect(seqs()).toEqual(stored.map(({ seq }) => seq));
    expect(inbox.hasOlder).toBe(false);
  });
});
