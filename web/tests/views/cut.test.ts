import { describe, expect, test } from 'vitest';

import { cut, urlAtMost, visibleName } from '../../views/cut';

describe('a text that is cut', () => {
  test.each([
    [`${'x'.repeat(127)}😀`, 128, 127], [`${'x'.repeat(126)}😀`, 128, 128], [`${'x'.repeat(127)}e\u0301`, 128, 127],
    [`${'x'.repeat(120)}👨‍👩‍👧`, 126, 120], ['short', 128, 5], ['e\u0301'.repeat(64), 127, 126], ['\u0301'.repeat(1000), 128, 128],
  ])('%j to %i keeps whole characters', (text, most, length) => {
    const short = cut(text, most);
    expect(short.length).toBe(length);
    expect(text.startsWith(short)).toBe(true);
    expect(/\p{Cs}/u.test(short)).toBe(false);
  });

  test('ends between two code points in browsers that know no more of characters', () => {
    const { Segmenter } = Intl;
    Object.assign(Intl, { Segmenter: undefined });
    try {
      expect(cut(`${'x'.repeat(127)}😀`, 128).length).toBe(127);
    } finally {
      Object.assign(Intl, { Segmenter });
    }
  });
});

test('an address is cut where a character of it ends', () => {
  const url = `https://a.example/${'x'.repeat(20)}${encodeURIComponent('😀')}`;
  for (let most = url.length - 12; most < url.length; most += 1) expect(urlAtMost(url, most)).toBe(`https://a.example/${'x'.repeat(20)}`);
  expect(urlAtMost(url, url.length)).toBe(url);
});

describe('a name', () => {
  test.each(['', '   ', '\u2800', '\u3164\u2800 ', '\u200b', '\ufeff\u00ad', '\u202e', '\u0301', '\u0007', '\u2062'])('%j is none', (name) => expect(visibleName(name, 128)).toBeUndefined());
  test.each([['  Ada ', 'Ada'], ['A\nda', 'A da'], ['李', '李'], ['😀', '😀'], ['\ud83d!', '\ufffd!'], [`${'x'.repeat(127)}😀`, 'x'.repeat(127)]])('%j is %j', (name, shown) =>
    expect(visibleName(name, 128)).toBe(shown));
});
