import { describe, expect, test } from 'vitest';

import { OwnWords } from '../../console/own_words';
import { Tabs } from '../client/tabs';

describe('own words', () => {
  test('are those of this browser, also over a reload', () => {
    const store = new Tabs().open();
    const own = new OwnWords(store);
    own.wrote('a', 3);
    own.wrote('a', 2);
    expect([own.isOwn('a', 3), own.isOwn('a', 4), own.isOwn('a', 2), own.isOwn('b', 3)]).toEqual([true, false, false, false]);
    expect(new OwnWords(store).isOwn('a', 3)).toBe(true);
  });

  test.each(['nonsense', 7, [1, ['a', 'b'], null]])('do not trust what they find: %j', (found) => {
    const store = new Tabs().open();
    store.set('own', found);
    expect(new OwnWords(store).isOwn('a', 1)).toBe(false);
  });

  test('are remembered of the last two hundred conversations', () => {
    const store = new Tabs().open();
    const own = new OwnWords(store);
    for (let i = 0; i < 300; i += 1) own.wrote(`${i}`, 1);
    expect([own.isOwn('99', 1), own.isOwn('100', 1)]).toEqual([false, true]);
    expect(store.get<unknown[]>('own')).toHaveLength(200);
  });
});
