import { describe, expect, test } from 'vitest';

import { newMessageId, Outbox } from '../../client';
import { Tabs } from './tabs';

const texts = (outbox: Outbox): string[] => outbox.pending.map((pending) => pending.message);

describe('an outbox', () => {
  test('keeps what was written, in order and with its messageId, over a reload', () => {
    const store = new Tabs().open();
    const outbox = new Outbox(store, 'box');
    const first = outbox.add('one');
    outbox.add('two');
    const after = new Outbox(store, 'box');
    expect(texts(after)).toEqual(['one', 'two']);
    expect(after.next?.messageId).toBe(first.messageId);
  });

  test('keeps the order of many that were written in one millisecond', () => {
    const store = new Tabs().open();
    const outbox = new Outbox(store, 'box');
    const written = Array.from({ length: 50 }, (_, index) => outbox.add(`line ${index}`).message);
    expect(texts(new Outbox(store, 'box'))).toEqual(written);
  });

  test('goes on behind a message that was refused, and takes it last when it is retried', () => {
    const outbox = new Outbox(new Tabs().open(), 'box');
    const [one, two] = [outbox.add('one'), outbox.add('two')];
    outbox.refuse(one.messageId, 'message_too_long');
    expect(outbox.next?.messageId).toBe(two.messageId);
    outbox.retry(one.messageId);
    expect(texts(outbox)).toEqual(['two', 'one']);
    expect(outbox.pending.at(-1)?.refused).toBeUndefined();
  });

  test('does not retry what was not refused, and leaves nothing of what is stored', () => {
    const store = new Tabs().open();
    const outbox = new Outbox(store, 'box');
    const [one] = [outbox.add('one'), outbox.add('two')];
    outbox.retry(one.messageId);
    expect(outbox.next?.message).toBe('one');
    for (const pending of outbox.pending) outbox.remove(pending.messageId);
    expect(store.keys('')).toEqual([]);
  });

  test.each(['nonsense', 7, { a: 1 }, { message: 7, writtenAt: Date.now() }, { message: 'old', writtenAt: 1 }])('does not trust what it finds: %j', (found) => {
    const store = new Tabs().open();
    store.set(`box:${newMessageId()}`, found);
    expect(new Outbox(store, 'box').pending).toEqual([]);
    expect(store.keys('')).toEqual([]);
  });

  test('of one conversation holds nothing of another, whatever their names are', () => {
    const store = new Tabs().open();
    new Outbox(store, 'box:a:b').add('for a:b');
    const outbox = new Outbox(store, 'box:a');
    outbox.add('for a');
    expect(texts(outbox)).toEqual(['for a']);
    expect(texts(new Outbox(store, 'box:a:b'))).toEqual(['for a:b']);
  });

  test.each(['19621810722816420513412823518811920619311', 'ABC', '-', 'x'.repeat(64)])('does not judge the form of a messageId: %s', (messageId) => {
    const store = new Tabs().open();
    store.set(`box:${messageId}`, { messageId, message: 'kept', writtenAt: Date.now() });
    const outbox = new Outbox(store, 'box');
    expect(texts(outbox)).toEqual(['kept']);
    outbox.remove(messageId);
    expect(store.keys('')).toEqual([]);
  });

  test('gives each message an id of its own that the server takes', () => {
    const ids = new Set(Array.from({ length: 100 }, newMessageId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the outboxes of two tabs', () => {
  const twoTabs = (): [Outbox, Outbox] => {
    const tabs = new Tabs();
    const outboxes: [Outbox, Outbox] = [new Outbox(tabs.open(), 'box'), new Outbox(tabs.open(), 'box')];
    for (const outbox of outboxes) outbox.watch(() => undefined);
    return outboxes;
  };

  test('hold the same, wherever it was written, refused, retried, sent or discarded', () => {
    const [here, there] = twoTabs();
    const one = here.add('one');
    const two = there.add('two');
    expect(texts(there)).toEqual(['one', 'two']);
    expect(texts(here)).toEqual(['one', 'two']);
    there.refuse(one.messageId, 'rate_limited');
    expect(here.next?.message).toBe('two');
    here.retry(one.messageId);
    expect(texts(there)).toEqual(['two', 'one']);
    here.remove(two.messageId);
    there.remove(one.messageId);
    expect([texts(here), texts(there)]).toEqual([[], []]);
  });

  test('lose nothing that both write at the same time', () => {
    const tabs = new Tabs();
    const [here, there] = [new Outbox(tabs.open(), 'box'), new Outbox(tabs.open(), 'box')];
    here.add('here');
    there.add('there');
    expect(texts(new Outbox(tabs.open(), 'box')).sort()).toEqual(['here', 'there']);
    here.reload();
    expect(texts(here).sort()).toEqual(['here', 'there']);
  });

  test('of which one is closed leave its messages to the other, with their messageId', () => {
    const tabs = new Tabs();
    const written = new Outbox(tabs.open(), 'box').add('from a tab that is gone');
    expect(new Outbox(tabs.open(), 'box').next).toEqual(written);
  });
});
