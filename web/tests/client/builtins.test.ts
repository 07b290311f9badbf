import { describe, expect, test } from 'vitest';

import { contains, entries, filter, find, hex, isArray, lastOf, map, some, startsWith, toJson } from '../../client/builtins';

describe('JSON', () => {
  test.each([
    null, true, false, 0, -0, -1.5, 1e21, 'text', '', [], {}, [1, [2, null]], { a: { b: ['c'] } }, { 'with "quotes"': '\\' },
    '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028', 'äß漢😀', '\ud83d', '\ude00\ud83d', 'x\ud83d\ude00\ud83d', [undefined], { a: undefined, b: 1 },
    [Number.NaN, Number.POSITIVE_INFINITY], { left: Math.max, kept: 2 },
  ])('is what the browser makes of it: %j', (value) => {
    expect(toJson(value)).toBe(JSON.stringify(value));
  });

  test('of 64 KiB of quotes is there at once', () => {
    const text = '"\n'.repeat(32_768);
    const begin = performance.now();
    expect(JSON.parse(toJson({ message: text }))).toEqual({ message: text });
    expect(performance.now() - begin).toBeLessThan(100);
  });
});

describe('lists', () => {
  test('are read as the built-ins read them', () => {
    expect(map([1, 2], (one, index) => one * 10 + index)).toEqual([10, 21]);
    expect(filter([1, 2, 3], (one) => one !== 2)).toEqual([1, 3]);
    expect([find([1, 2, 3], (one) => one > 1), find([1], (one) => one > 1)]).toEqual([2, undefined]);
    expect([some([1], (one) => one > 1), some([2], (one) => one > 1)]).toEqual([false, true]);
    expect([contains(['a'], 'a'), contains(['a'], 'b')]).toEqual([true, false]);
    expect([lastOf([1, 2]), lastOf<number>([])]).toEqual([2, undefined]);
    expect([isArray([]), isArray({ length: 0 }), isArray(undefined)]).toEqual([true, false, false]);
  });

  test('entries are the own ones that have a value', () => {
    const object = Object.assign(Object.create({ inherited: 1 }) as object, { own: 2, nothing: undefined });
    expect(entries(object)).toEqual([['own', 2]]);
  });
});

test('texts begin and are filled as they should', () => {
  expect([startsWith('abc', 'ab'), startsWith('abc', 'b'), startsWith('a', 'ab')]).toEqual([true, false, false]);
  expect([hex(5, 2), hex(255, 2), hex(0x1f, 4)]).toEqual(['05', 'ff', '001f']);
});
