import { describe, expect, test } from 'vitest';

import { Typists, typingExpires } from '../../console/model/typists';
import { linkify, safeUrl } from '../../console/text/links';
import { duration, localTime } from '../../console/text/time';
import { transcriptName, transcriptText } from '../../console/text/transcript';
import { browserName, colourOf, initials, languageName, placeOf, titleOf, whereabouts } from '../../console/text/visitor';

describe('links', () => {
  const links = (text: string): (string | undefined)[] => linkify(text).filter((part) => part.href).map((part) => part.href);

  test('are found, and everything else stays text', () => {
    expect(linkify('see https://a.example/x?y=1#z, please')).toEqual([
      { text: 'see ' }, { text: 'https://a.example/x?y=1#z', href: 'https://a.example/x?y=1#z' }, { text: ', please' },
    ]);
    expect(links('www.example.com and me@example.com')).toEqual(['https://www.example.com/', 'mailto:me@example.com']);
    expect(links('(https://a.example/b_(c)).')).toEqual(['https://a.example/b_(c)']);
    expect(linkify('')).toEqual([]);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//a.example', 'https://user:pass@a.example/', 'x'])(
    '%s is none', (text) => {
      expect(safeUrl(text)).toBeUndefined();
      expect(links(text).some((href) => !href?.startsWith('mailto:'))).toBe(false);
    });

  test('in a long text of nothing else cost no time', () => {
    const text = 'www.a@'.repeat(10_000);
    const start = performance.now();
    linkify(text);
    linkify('https://a.example/ '.repeat(3_000));
    linkify('a'.repeat(65_536));
    linkify(')'.repeat(65_536));
    linkify(`https://a.example/${')'.repeat(30_000)}`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('a transcript', () => {
  const message = { seq: 1, sender: 'client' as const, createdAt: '2025-03-10T12:00:00.123Z', message: 'Hello' };

  test('says who wrote what when', () => {
    expect(transcriptText('Ann', [message, { ...message, seq: 2, sender: 'admin', message: 'Hi' }])).toBe(
      'Conversation with Ann\n2 messages\n\n[2025-03-10 12:00:00 UTC] Visitor: Hello\n[2025-03-10 12:00:00 UTC] Agent: Hi\n');
  });

  test('sets in further lines, so that no one can write in another name', () => {
    const forged = 'a\n[2025-03-10 12:00:00 UTC] Agent: b\rc\u2028d';
    expect(transcriptText('A\nB', [{ ...message, message: forged }])).toBe(
      'Conversation with A B\n1 message\n\n[2025-03-10 12:00:00 UTC] Visitor: a\n    [2025-03-10 12:00:00 UTC] Agent: b\n    c\n    d\n');
  });

  test('has a name that every file system takes', () => {
    expect(transcriptName('../../etc/<b>Jürg</b>')).toBe('conversation-etc-b-Ju-rg-b.txt');
    expect(transcriptName('سارة')).toBe('conversation-visitor.txt');
  });
});

describe('a visitor', () => {
  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox 128 on Linux'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0', 'Edge 128 on Windows'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36', 'Chrome 128 on Android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 'Safari 17 on iPhone'],
    ['<script>alert(1)</script>', undefined],
    [undefined, undefined],
  ])('with %s uses %s', (userAgent, name) => expect(browserName(userAgent)).toBe(name));

  test('has initials and a colour, whatever the name is', () => {
    expect(['Anna Schneider', 'visitor-9f', '  ', '😀', 'ünal', '<b>x</b>'].map(initials)).toEqual(['AS', 'V9', '?', '?', 'Ü', 'B']);
    expect(colourOf('a', 8)).toBe(colourOf('a', 8));
    expect(colourOf('', 8)).toBe(0);
  });

  test('speaks a language that has a name, or the one that was told', () => {
    expect(languageName('de-CH')).toMatch(/German/);
    expect(languageName('x')).toBe('x');
  });
});

describe('times', () => {
  test('are told roughly', () => {
    expect([5_000, 60_000, 59 * 60_000, 3_600_000, 47 * 3_600_000, 72 * 3_600_000].map(duration)).toEqual(['< 1 min', '1 min', '59 min', '1 h', '47 h', '3 d']);
  });

  test('of an unknown time zone are not told', () => {
    expect(localTime('Europe/Berlin', 0)).toBeTruthy();
    expect(localTime('Mars/Olympus', 0)).toBeUndefined();
    expect(localTime(undefined, 0)).toBeUndefined();
  });
});

describe('typists', () => {
  test('have stopped when it is not said that they go on', () => {
    const typists = new Typists();
    expect(typists.hear('a', true, 0)).toBe(true);
    expect(typists.hear('a', true, 1_000)).toBe(false);
    expect(typists.isTyping('a', 1_000 + typingExpires - 1)).toBe(true);
    expect(typists.expire(1_000 + typingExpires - 1)).toBe(false);
    expect(typists.expire(1_000 + typingExpires)).toBe(true);
    expect(typists.hear('a', false, 20_000)).toBe(false);
  });
});

describe('what a conversation is called', () => {
  const row = (name?: string): Parameters<typeof titleOf>[1] =>
    ({ clientId: 'c', status: 'active', lastMessage: null, unread: { client: 0, admin: 0 }, createdAt: '', visitor: { updatedAt: '', ...(name && { name }) } });

  test('is the name that the visitor gave, or the clientId', () => {
    expect(titleOf('order-20417', row('Ann'))).toBe('Ann');
    expect(titleOf('order-20417', row())).toBe('order-20417');
    expect(titleOf('order-20417', undefined)).toBe('order-20417');
  });

  test('is short where the clientId is one that the widget made up', () => {
    expect(titleOf('shop-428249324441e79edeb4adb18c887d40', undefined)).toBe('Visitor 7d40');
    expect(titleOf('shop-428249324441e79edeb4adb18c887d40', row('Ann'))).toBe('Ann');
    expect(titleOf('428249324441e79edeb4adb18c887d40', undefined)).toBe('Visitor 7d40');
  });
});

test('a page is shown without what every address has', () => {
  expect(placeOf('https://www.shop.example/checkout/?step=2#top')).toBe('shop.example/checkout');
  expect(placeOf('http://shop.example/')).toBe('shop.example');
});

describe('where a visitor is', () => {
  const anonymous = `shop-${'0'.repeat(28)}7d40`;
  const at = (visitor: object): Parameters<typeof titleOf>[1] => ({ clientId: '', status: 'active', lastMessage: null, unread: { client: 0, admin: 0 }, createdAt: '', visitor: { updatedAt: '', ...visitor } });

  test('is the page, the site, an id that says something, or the language', () => {
    expect(whereabouts(anonymous, at({ page: 'https://www.shop.example/cart?step=2' }))).toBe('shop.example/cart');
    expect(whereabouts(anonymous, at({ page: 'javascript:alert(1)' }))).toBe('shop');
    expect(whereabouts('0'.repeat(32), at({ language: 'de' }))).toBe('German');
    expect(whereabouts('customer-17', at({ name: 'Ann' }))).toBe('customer-17');
    expect(whereabouts('customer-17', undefined)).toBeUndefined();
  });

  test.each(['  ', '\u2800', '\u200b\u200b'])('a name without ink is no name: %j', (name) => {
    expect(titleOf(anonymous, at({ name }))).toBe('Visitor 7d40');
    expect(titleOf(name, undefined)).toBe(JSON.stringify(name));
  });
});
