import { describe, expect, test } from 'vitest';

import { linkify } from '../../views/links';

const links = (text: string): string[] => linkify(text).flatMap(({ href }) => (href ? [href] : []));
const whole = (text: string): string => linkify(text).map((piece) => piece.text).join('');

describe('links in a text', () => {
  test.each([
    ['see https://example.com.', ['https://example.com/']],
    ['(https://example.com/a_(b))', ['https://example.com/a_(b)']],
    ['www.example.org, HTTP://Example.com/X?y=1&z=2#f!', ['https://www.example.org/', 'http://example.com/X?y=1&z=2#f']],
    ['https://example.com/“quoted”', ['https://example.com/%E2%80%9Cquoted%E2%80%9D']],
    ['好的 https://例子.测试/路径。谢谢', ['https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF%E5%BE%84%E3%80%82%E8%B0%A2%E8%B0%A2']],
    ['http://localhost:8080/x', ['http://localhost:8080/x']],
  ])('are found: %s', (text, expected) => {
    expect(links(text)).toEqual(expected);
    expect(whole(text)).toBe(text);
  });

  test.each([
    'javascript:alert(1)', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', 'mailto:a@b.c', 'http://', 'https://:80',
    'https://user:secret@example.com/', 'xhttp://', 'example.com', '<a href="x">', 'https:/example.com',
  ])('are nothing else: %s', (text) => {
    expect(links(text)).toEqual([]);
    expect(linkify(text)).toEqual([{ text }]);
  });

  test('end where a quotation mark, a bracket or a change of direction begins', () => {
    expect(links('https://example.com/"onmouseover="x')).toEqual(['https://example.com/']);
    expect(links('https://example.com/<b>')).toEqual(['https://example.com/']);
    expect(links('https://example.com/\u202Egpj.exe')).toEqual(['https://example.com/']);
  });
});

describe('a text of 64 KiB', () => {
  const size = 65_536;
  const fill = (text: string): string => text.repeat(Math.ceil(size / text.length)).slice(0, size);
  test.each([
    `http://a/${')'.repeat(size)}`, `http://a/${'('.repeat(size / 2)}${')'.repeat(size / 2)}`, `http://a/${fill('.,)]}')}`, `http://a/${fill('[)')}`,
    fill('www.'), fill('http://a/) '), fill('http://x '), fill('https://例子.测试/ '), fill('a.'), fill('a@'), fill('a@a.'), fill('-.'), fill('http://'),
    fill('https://u:p@h/ '), fill('https://[::1 '), `www.${fill('a.')}`, fill(' '), fill('\n'), fill('_'), fill('😀'),
  ])('is split in a moment: %#', (text) => {
    for (const withMail of [false, true]) {
      const begin = performance.now();
      const pieces = linkify(text, withMail);
      expect(performance.now() - begin).toBeLessThan(100);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      expect(pieces.filter(({ href }) => href).length).toBeLessThanOrEqual(200);
    }
  });
});

test('a closing bracket belongs to the address if it was opened there', () => {
  expect(links('(https://a.example/b_(c)_[d]).')).toEqual(['https://a.example/b_(c)_[d]']);
  expect(links('https://a.example/b))')).toEqual(['https://a.example/b']);
  expect(links('{https://a.example/(b}')).toEqual(['https://a.example/(b']);
});

test('addresses of e-mail are links where they are wanted', () => {
  expect(linkify('to a.b+c@example.org.', true)[1]).toEqual({ text: 'a.b+c@example.org', href: 'mailto:a.b%2Bc@example.org' });
  expect(linkify('to a@example.org')).toEqual([{ text: 'to a@example.org' }]);
});
