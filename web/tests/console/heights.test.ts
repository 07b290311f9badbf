import { describe, expect, test } from 'vitest';

import { Heights } from '../../console/model/heights';

describe('heights', () => {
  test('are the estimate until they are measured', () => {
    const heights = new Heights(50);
    heights.count = 100_000;
    expect(heights.total).toBe(5_000_000);
    expect(heights.offset(99_999)).toBe(4_999_950);
    expect(heights.indexAt(4_999_950)).toBe(99_999);
  });

  test('that were measured move what is below', () => {
    const heights = new Heights(50);
    heights.count = 10;
    expect(heights.set(2, 80)).toBe(true);
    expect(heights.set(2, 80)).toBe(false);
    expect(heights.offset(2)).toBe(100);
    expect(heights.offset(3)).toBe(180);
    expect(heights.total).toBe(530);
    expect([0, 49, 50, 100, 179, 180].map((place) => heights.indexAt(place))).toEqual([0, 0, 1, 2, 2, 3]);
  });

  test('keep what was measured when the list grows', () => {
    const heights = new Heights(10);
    heights.count = 3;
    heights.set(1, 25);
    heights.count = 5_000;
    expect(heights.offset(2)).toBe(35);
    expect(heights.total).toBe(50_015);
    expect(heights.indexAt(50_014)).toBe(4_999);
  });

  test('of rows that are gone count no more', () => {
    const heights = new Heights(10);
    heights.count = 3;
    heights.set(2, 100);
    heights.count = 2;
    expect(heights.total).toBe(20);
    heights.count = 3;
    expect(heights.total).toBe(30);
  });

  test('outside of the list are those of its ends', () => {
    const heights = new Heights(10);
    expect(heights.indexAt(0)).toBe(0);
    heights.count = 4;
    expect(heights.indexAt(-100)).toBe(0);
    expect(heights.indexAt(4_000)).toBe(3);
  });

  test('agree with plain adding, whatever was measured', () => {
    const heights = new Heights(64);
    heights.count = 2_000;
    const plain = new Array<number>(2_000).fill(64);
    for (let i = 0; i < 3_000; i += 1) {
      const index = (i * 7919) % 2_000;
      plain[index] = 20 + ((i * 31) % 300);
      heights.set(index, plain[index] ?? 0);
    }
    let sum = 0;
    for (let index = 0; index < 2_000; index += 1) {
      expect(heights.offset(index)).toBe(sum);
      expect(heights.indexAt(sum)).toBe(index);
      sum += plain[index] ?? 0;
    }
    expect(heights.total).toBe(sum);
    heights.clear();
    expect(heights.total).toBe(128_000);
  });
});
