import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Announcer } from '../../console/announcer';

describe('an announcer', () => {
  let announcer: Announcer;
  const said = (): string[] => announcer.list.map(({ text }) => text);

  beforeEach(() => {
    vi.useFakeTimers();
    announcer = new Announcer(() => undefined, (visitors) => visitors.join(' and '));
  });
  afterEach(() => vi.useRealTimers());

  test('says everything that comes at once, the same words twice as well', () => {
    announcer.say('one');
    announcer.say('two');
    announcer.say('two');
    expect(said()).toEqual(['one', 'two', 'two']);
    expect(new Set(announcer.list.map(({ number }) => number)).size).toBe(3);
  });

  test('says the first message of elsewhere at once, and sums up those that follow', () => {
    announcer.saidElsewhere('a', 'Ann');
    for (let i = 0; i < 50; i += 1) announcer.saidElsewhere('b', 'Bob');
    announcer.saidElsewhere('c', 'Cy');
    expect(said()).toEqual(['Ann']);
    vi.advanceTimersByTime(6_000);
    expect(said()).toEqual(['Ann', 'Bob and Cy']);
    vi.advanceTimersByTime(60_000);
    announcer.saidElsewhere('a', 'Ann');
    expect(said()).toEqual(['Ann', 'Bob and Cy', 'Ann']);
  });

  test('keeps no more than was said just now, and nothing that was erased', () => {
    for (let i = 0; i < 100; i += 1) announcer.say(`${i}`);
    expect(said()).toEqual(['96', '97', '98', '99']);
    announcer.clear();
    expect(said()).toEqual([]);
  });
});
