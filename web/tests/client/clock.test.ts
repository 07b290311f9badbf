import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ServerClock } from '../../client';

const noon = Date.UTC(2025, 2, 10, 12);
const header = (time: number): string => new Date(time).toUTCString();

describe("the server's clock", () => {
  beforeEach(() => vi.useFakeTimers({ now: noon }));
  afterEach(() => vi.useRealTimers());

  test('is ours until something is known of it', () => {
    const clock = new ServerClock();
    for (const nothing of [null, '', 'soon']) clock.learn(nothing, noon);
    expect(clock.now()).toBe(noon);
  });

  test.each([0, 2, -2, 26, -400 * 24])('is known to the second where ours is wrong by %d hours', (hours) => {
    const real = noon + hours * 3_600_000;
    const clock = new ServerClock();
    vi.setSystemTime(noon + 80);
    clock.learn(header(real), noon);
    expect(Math.abs(clock.now() - (real + 80))).toBeLessThan(1_000);
  });

  test('is not moved by an answer that says less, and is by a clock that was set', () => {
    const clock = new ServerClock();
    clock.learn(header(noon + 60_000), noon);
    const before = clock.now();
    vi.setSystemTime(noon + 9_000);
    clock.learn(header(noon + 64_000), noon);
    expect(clock.now()).toBe(before + 9_000);
    vi.setSystemTime(noon + 3_600_000);
    clock.learn(header(noon + 70_000), noon + 3_600_000);
    expect(Math.abs(clock.now() - (noon + 70_000))).toBeLessThan(1_000);
  });
});
