import { describe, expect, test } from 'vitest';

import { Timeline, type Message, type Side } from '../../client';

const at = (seq: number, sender: Side = 'admin', read = false): Message => ({
  seq,
  sender,
  read,
  message: `number ${seq}`,
  createdAt: '2025-03-10T12:00:00.000Z',
});
const seqs = (messages: readonly Message[]): number[] => messages.map((message) => message.seq);

describe('a timeline', () => {
  test('keeps messages in the order of seq, each once, however they come', () => {
    const timeline = new Timeline();
    timeline.add([at(1), at(2)]);
    timeline.add([at(4), at(2), at(3)]);
    timeline.add([at(3)]);
    expect(seqs(timeline.messages)).toEqual([1, 2, 3, 4]);
  });

  test('does not show what comes beyond a gap until the gap is filled', () => {
    const timeline = new Timeline();
    timeline.add([at(1)]);
    expect(timeline.add([at(3), at(4)])).toEqual([]);
    expect(timeline.hasGap).toBe(true);
    expect(timeline.lastSeq).toBe(1);
    expect(seqs(timeline.add([at(2)]))).toEqual([2, 3, 4]);
    expect(timeline.hasGap).toBe(false);
  });

  test('may begin in the middle of a conversation, and takes older messages in front', () => {
    const timeline = new Timeline();
    timeline.add([at(51), at(52)]);
    timeline.addOlder([at(49), at(50)]);
    timeline.addOlder([at(40)]);
    expect(seqs(timeline.messages)).toEqual([49, 50, 51, 52]);
    expect(timeline.firstSeq).toBe(49);
  });

  test('an older message that is known already is not new', () => {
    const timeline = new Timeline();
    timeline.add([at(51), at(52)]);
    expect(timeline.add([at(50), at(51)])).toEqual([]);
    expect(timeline.hasGap).toBe(false);
  });

  test('counts what a side has not read, and only of the other side', () => {
    const timeline = new Timeline();
    timeline.add([at(1, 'admin', true), at(2, 'client'), at(3), at(4)]);
    expect(timeline.unread('client')).toBe(2);
    expect(timeline.markRead('client', 3)).toBe(true);
    expect(timeline.unread('client')).toBe(1);
    expect(timeline.markRead('client', 2)).toBe(false);
    expect(timeline.unread('client')).toBe(1);
  });

  test('forgets texts that were erased, and keeps their places', () => {
    const timeline = new Timeline();
    timeline.add([at(1), at(2), at(3)]);
    timeline.erase(2);
    expect(timeline.messages.map(({ message, erased }) => [message, erased ?? false])).toEqual([['', true], ['', true], ['number 3', false]]);
    expect(seqs(timeline.messages)).toEqual([1, 2, 3]);
  });

  test('starts over when the conversation on the server is another one', () => {
    const timeline = new Timeline();
    timeline.add([at(1), at(2, 'admin', true), at(4)]);
    timeline.clear();
    expect([timeline.lastSeq, timeline.hasGap]).toEqual([0, false]);
    timeline.add([at(1)]);
    expect(timeline.unread('client')).toBe(1);
  });

  test('everything before a message that is read is read', () => {
    const timeline = new Timeline();
    timeline.add([at(1, 'client'), at(2, 'client', true), at(3, 'client')]);
    expect(timeline.messages.map((message) => timeline.isRead(message))).toEqual([true, true, false]);
  });
});
