import { describe, expect, test } from 'vitest';

import { isOnlyEmoji } from '../../widget/panel/emoji_only';

describe('a message of emoji alone', () => {
  test.each(['🎉', '👍🏽', '👨‍👩‍👧', '❤️', '🙂 🙂', '😀😀😀'])('is large: %s', (text) => expect(isOnlyEmoji(text)).toBe(true));
  test.each(['', '1', '1 🎉', 'a🎉', '😀😀😀😀', '#', '©'.repeat(4)])('is not: %j', (text) => expect(isOnlyEmoji(text)).toBe(false));
});

test('a text of 64 KiB is no such message, and that is found at once', () => {
  for (const text of ['👨‍👩‍👧'.repeat(8_000), '👍🏽'.repeat(16_000), '❤\u200d'.repeat(20_000), `🎉${' '.repeat(65_000)}`]) {
    const begin = performance.now();
    expect(isOnlyEmoji(text)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(100);
  }
});
