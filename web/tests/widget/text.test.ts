import { describe, expect, test } from 'vitest';

import { isOnlyEmoji, linkify } from '../../widget/panel/linkify';

const links = (text: string): string[] => linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.href]));
const whole = (text: string): string => linkify(text).map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');

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
    expect(linkify(text)).toEqual([text]);
  });

  test('end where a quotation mark, a bracket or a change of direction begins', () => {
    expect(links('https://example.com/"onmouseover="x')).toEqual(['https://example.com/']);
    expect(links('https://example.com/<b>')).toEqual(['https://example.com/']);
    expect(links('https://example.com/\u202Egpj.exe')).toEqual(['https://example.com/']);
  });
});

describe('a message of emoji alone', () => {
  test.each(['🎉', '👍🏽', '👨‍👩‍👧', '❤️', '🙂 🙂', '😀😀😀'])('is large: %s', (text) => expect(isOnlyEmoji(text)).toBe(true));
  test.each(['', '1', '1 🎉', 'a🎉', '😀😀😀😀', '#', '©'.repeat(4)])('is not: %j', (text) => expect(isOnlyEmoji(text)).toBe(false));
});
