import { describe, expect, test } from 'vitest';

import { newMessageId, Outbox, type Store } from '../../client';

function memory(): Store {
  const kept = new Map<string, string>();
  return {
    get<Value>(key: string) {
      const text = kept.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as Value);
    },
    set: (key, value) => {
      if (value === undefined) kept.delete(key);
      else kept.set(key, JSON.stringify(value));
    },
  };
}

describe('an outbox', () => {
  test('keeps what was written, in order and with its messageId, over a reload', () => {
    const store = memory();
    const outbox = new Outbox(store, 'box');
    const first = outbox.add('one');
    outbox.add('two');
    const after = new Outbox(store, 'box');
    expect(after.pending.map((pending) => pending.message)).toEqual(['one', 'two']);
    expect(after.next?.messageId).toBe(first.messageId);
  });

  test('goes on behind a message that was refused, and takes it last when it is retried', () => {
    const outbox = new Outbox(memory(), 'box');
    const [one, two] = [outbox.add('one'), outbox.add('two')];
    outbox.refuse(one.messageId, 'message_too_long');
    expect(outbox.next?.messageId).toBe(two.messageId);
    outbox.retry(one.messageId);
    expect(outbox.pending.map((pending) => pending.message)).toEqual(['two', 'one']);
    expect(outbox.pending.at(-1)?.refused).toBeUndefined();
  });

  test('does not retry what was not refused, and forgets what is stored', () => {
    const store = memory();
    const outbox = new Outbox(store, 'box');
    const [one] = [outbox.add('one'), outbox.add('two')];
    outbox.retry(one.messageId);
    expect(outbox.next?.message).toBe('one');
    for (const pending of outbox.pending) outbox.remove(pending.messageId);
    expect(store.get('box')).toBeUndefined();
  });

  test.each(['nonsense', 7, { a: 1 }])('does not trust what it finds: %j', (found) => {
    const store = memory();
    store.set('box', found);
    expect(new Outbox(store, 'box').pending).toEqual([]);
  });

  test('gives each message an id of its own that the server takes', () => {
    const ids = new Set(Array.from({ length: 100 }, newMessageId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});
