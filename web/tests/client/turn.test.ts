import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Store } from '../../client';
import { takeTurn } from '../../client/turn';
import { Tabs } from './tabs';

// Where there are no locks: what the tabs of a page without https do.
describe('a lease', () => {
  let tabs: Tabs;
  let done: string[];
  let left: number;
  const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

  // Takes so many milliseconds, and all that is left to do.
  const work = (who: string, store: Store, milliseconds: number): Promise<void> =>
    takeTurn('box', store, () => left > 0, async () => {
      done.push(`${who} begins`);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      left = 0;
      done.push(`${who} ends`);
    });

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('navigator', {});
    tabs = new Tabs();
    done = [];
    left = 1;
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('is taken at once, and leaves nothing behind', async () => {
    const store = tabs.open();
    const end = work('a', store, 10);
    await pass(60);
    await end;
    expect(done).toEqual(['a begins', 'a ends']);
    expect(store.keys('')).toEqual([]);
  });

  test('is one tab’s when several want it at the same time, and the others do not do what is done', async () => {
    tabs = new Tabs(20);
    const three = ['a', 'b', 'c'].map((who) => ({ who, store: tabs.open() }));
    const ends = three.map(({ who, store }) => work(who, store, 4_000));
    await pass(4_500);
    await Promise.all(ends);
    expect(done).toEqual(['c begins', 'c ends']);
  });

  test('is the next tab’s when there is more to do', async () => {
    const ends = [work('a', tabs.open(), 300), work('b', tabs.open(), 300)];
    await pass(355);
    left = 1;
    await pass(600);
    await Promise.all(ends);
    expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('of a tab that is gone runs out', async () => {
    tabs.open().set('turn:box', { holder: 'gone', until: Date.now() + 2_000 });
    const end = work('b', tabs.open(), 10);
    await pass(1_900);
    expect(done).toEqual([]);
    await pass(300);
    await end;
    expect(done).toEqual(['b begins', 'b ends']);
  });

  test('that was taken before the clock was put back is none', async () => {
    tabs.open().set('turn:box', { holder: 'gone', until: Date.now() + 3_600_000 });
    const end = work('b', tabs.open(), 10);
    await pass(60);
    await end;
    expect(done).toEqual(['b begins', 'b ends']);
  });

  test('is not waited for for long', async () => {
    const ends = [work('a', tabs.open(), 60_000)];
    await pass(100);
    ends.push(work('b', tabs.open(), 10));
    await pass(4_900);
    expect(done).toEqual(['a begins']);
    await pass(400);
    expect(done).toEqual(['a begins', 'b begins', 'b ends']);
    await pass(60_000);
    await Promise.all(ends);
  });
});
