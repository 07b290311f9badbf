import { describe, expect, test } from 'vitest';

import { luminance, parseRgb, readableOn, type Rgb } from '../../widget/loader/color';
import { countText, titleWith } from '../../widget/loader/title';

describe('the title of the page', () => {
  test.each([
    ['Shop', 0, 'Shop'], ['Shop', 3, '(3) Shop'], ['(3) Shop', 4, '(4) Shop'], ['(4) Shop', 0, 'Shop'], ['Shop', 120, '(99+) Shop'],
    ['(99+) Shop', 0, 'Shop'], ['(new) Shop', 1, '(1) (new) Shop'],
  ])('%j with %i unread is %j', (title, unread, expected) => expect(titleWith(title, unread)).toBe(expected));

  test('counts to 99', () => expect([countText(1), countText(99), countText(100)]).toEqual(['1', '99', '99+']));
});

describe('the site’s colour', () => {
  test('is read as browsers write it', () => {
    expect(parseRgb('rgb(49, 84, 211)')).toEqual([49, 84, 211]);
    expect(parseRgb('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
    expect(parseRgb('oklch(0.5 0.1 20)')).toBeUndefined();
  });

  test('gets the one of black and white that is easier to read, and never less than 4.5:1', () => {
    for (let value = 0; value < 4096; value += 1) {
      const color: Rgb = [(value >> 8) * 17, ((value >> 4) & 15) * 17, (value & 15) * 17];
      const light = luminance(color);
      const contrast = readableOn(color) === '#fff' ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    }
  });
});
