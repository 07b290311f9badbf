import { beforeEach, describe, expect, test, vi } from 'vitest';

import { Failure, Outbox, type Pending, type Store } from '../../client';
import { Delivery } from '../../client/delivery';
import { Tabs } from './tabs';

let store: Store;
let outbox: Outbox;
let isReady: boolean;
let sent: string[];

function deliveryOf(send: (pending: Pending) => Promise<void>, repair?: (failure: Failure) => Promise<boolean>): Delivery {
  return new Delivery({ outbox, name: 'box', store, ready: () => isReady, send, changed: () => undefined, ...(repair ? { repair } : {}) });
}

const record = ({ message }: Pending): Promise<void> => {
  sent.push(message);
  return Promise.resolve();
};

beforeEach(() => {
  vi.useRealTimers();
  store = new Tabs().open();
  outbox = new Outbox(store, 'box');
  isReady = true;
  sent = [];
});

describe('a delivery', () => {
  test('sends in the order of writing, one at a time, also what is written meanwhile', async () => {
    let busy = false;
    const delivery = deliveryOf(async (pending) => {
      expect(busy).toBe(false);
      busy = true;
      if (pending.message === 'one') outbox.add('three');
      await Promise.resolve();
      busy = false;
      await record(pending);
    });
    outbox.add('one');
    outbox.add('two');
    await Promise.all([delivery.flush(), delivery.flush()]);
    expect(sent).toEqual(['one', 'two', 'three']);
    expect(outbox.pending).toEqual([]);
  });

  test('waits for a way to the server', async () => {
    const delivery = deliveryOf(record);
    isReady = false;
    outbox.add('later');
    await delivery.flush();
    expect(sent).toEqual([]);
    isReady = true;
    await delivery.flush();
    expect(sent).toEqual(['later']);
  });

  test('refuses what the server refuses, and goes on behind it', async () => {
    const delivery = deliveryOf((pending) => (pending.message === 'bad' ? Promise.reject(new Failure('message_too_long', '', 413)) : record(pending)));
    outbox.add('bad');
    outbox.add('good');
    await delivery.flush();
    expect(sent).toEqual(['good']);
    expect(outbox.pending.map((one) => one.refused)).toEqual(['message_too_long']);
  });

  test('tries five times what fails in passing, and waits as long as it is told to', async () => {
    vi.useFakeTimers();
    const times: number[] = [];
    const delivery = deliveryOf(() => {
      times.push(Date.now());
      return Promise.reject(new Failure('rate_limited', '', 429, 3));
    });
    outbox.add('too fast');
    const end = delivery.flush();
    await vi.runAllTimersAsync();
    await end;
    expect(times.map((time) => Math.round((time - (times[0] ?? 0)) / 1000))).toEqual([0, 3, 6, 9, 12]);
    expect(outbox.pending[0]?.refused).toBe('rate_limited');
  });

  test('repairs once what can be repaired', async () => {
    let isRepaired = false;
    const delivery = deliveryOf(
      (pending) => (isRepaired ? record(pending) : Promise.reject(new Failure('session_not_found', '', 404))),
      () => Promise.resolve((isRepaired = true)),
    );
    outbox.add('one');
    await delivery.flush();
    expect(sent).toEqual(['one']);
  });

  test('keeps what it is not let in for, and sends it when it is', async () => {
    let isLetIn = false;
    const delivery = deliveryOf(
      (pending) => (isLetIn ? record(pending) : Promise.reject(new Failure('banned', ''))),
      () => Promise.resolve((isReady = false)),
    );
    outbox.add('one');
    await delivery.flush();
    expect(outbox.pending.map((one) => one.refused)).toEqual([undefined]);
    isReady = isLetIn = true;
    await delivery.flush();
    expect(sent).toEqual(['one']);
  });

  test.each(['closed', 'timeout'])('remembers, also over a reload, that a socket did not answer for a message: %s', async (code) => {
    vi.useFakeTimers();
    const ways: (boolean | undefined)[] = [];
    const fragile = ({ message, unanswered }: Pending): Promise<void> => {
      if (message !== 'poison') return record({ message } as Pending);
      ways.push(unanswered);
      if (unanswered) return Promise.reject(new Failure('message_too_long', '', 413));
      if (code === 'closed') isReady = false;
      return Promise.reject(new Failure(code, ''));
    };
    outbox.add('poison');
    outbox.add('good');
    for (let reloads = 0; reloads < 2; reloads += 1) {
      const end = deliveryOf(fragile).flush();
      await vi.runAllTimersAsync();
      await end;
      outbox = new Outbox(store, 'box');
      isReady = true;
    }
    expect(ways).toEqual([undefined, true]);
    expect(sent).toEqual(['good']);
    expect(outbox.pending.map((one) => one.refused)).toEqual(['message_too_long']);
  });

  test('sends without a lock when another tab does not give it back', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('navigator', {
      locks: {
        request: (_name: string, { signal }: { signal: AbortSignal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      },
    });
    outbox.add('one');
    const end = deliveryOf(record).flush();
    await vi.advanceTimersByTimeAsync(4_900);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    await end;
    expect(sent).toEqual(['one']);
    vi.unstubAllGlobals();
  });
});
