import { describe, expect, test } from 'vitest';

import { fold, step } from '../../console/text/fold';
import { linkify } from '../../console/text/links';

const textOf = (parts: readonly { text: string }[]): string => parts.map(({ text }) => text).join('');

describe('a message', () => {
  test('of ordinary length is shown whole', () => {
    for (const text of ['', 'Hello', 'x'.repeat(step.units), 'a\n'.repeat(step.lines - 1), 'see https://a.example/ and b']) {
      const { shown, more } = fold(linkify(text), 1);
      expect([textOf(shown), more]).toEqual([text, false]);
    }
  });

  test.each([
    ['one word', 'x'.repeat(65_536)], ['lines', 'a\n'.repeat(32_000)], ['emoji', '😀'.repeat(16_000)], ['links', 'https://a.example/ '.repeat(3_400)],
    ['brackets', `http://a/${')'.repeat(65_000)}`],
  ])('of 64 KiB shows its beginning, then more and in the end all of it: %s', (_name, text) => {
    const parts = linkify(text);
    let before = '';
    for (let steps = 1; ; steps += 1) {
      const { shown, more } = fold(parts, steps);
      const seen = textOf(shown);
      expect(text.startsWith(seen)).toBe(true);
      expect(seen.length).toBeGreaterThan(before.length);
      expect(seen.length - before.length).toBeLessThanOrEqual(2 * step.units);
      expect(seen.split('\n').length).toBeLessThanOrEqual(step.lines * steps + 1);
      expect(/[\ud800-\udbff]$/.test(seen)).toBe(false);
      before = seen;
      if (!more) break;
    }
    expect(before).toBe(text);
  });
});
