import { describe, expect, test } from 'vitest';

import type { Store } from '../../client';
import { Drafts } from '../../console/drafts';

function memory(): Pick<Store, 'get' | 'set'> & { kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept,
    get: <Value>(key: string) => structuredClone(kept.get(key)) as Value | undefined,
    set(key, value) {
      if (value === undefined) kept.delete(key);
      else kept.set(key, value);
    },
  };
}

describe('drafts', () => {
  test('are found again by who comes after a reload', () => {
    const store = memory();
    new Drafts(store).set('ann', 'half an answer');
    const drafts = new Drafts(store);
    expect(drafts.get('ann')).toBe('half an answer');
    expect(drafts.get('bob')).toBe('');
  });

  test('leave nothing behind when they are sent', () => {
    const store = memory();
    const drafts = new Drafts(store);
    drafts.set('ann', 'half an answer');
    drafts.set('ann', '');
    expect(drafts.get('ann')).toBe('');
    expect(store.kept.size).toBe(0);
  });

  test('are fifty at most: the one touched least recently is given up', () => {
    const store = memory();
    const drafts = new Drafts(store);
    for (let i = 0; i < 50; i += 1) drafts.set(`visitor-${i}`, 'x');
    drafts.set('visitor-0', 'touched');
    drafts.set('visitor-50', 'x');
    expect(drafts.get('visitor-0')).toBe('touched');
    expect(drafts.get('visitor-1')).toBe('');
    expect(new Drafts(store).get('visitor-2')).toBe('x');
  });

  test('that are nonsense in the storage are ignored', () => {
    const store = memory();
    store.set('drafts', [['ann', 'good'], ['bob', 7], 'eve']);
    expect(new Drafts(store).get('ann')).toBe('good');
    expect(new Drafts(store).get('bob')).toBe('');
    store.set('drafts', { ann: 'x' });
    expect(new Drafts(store).get('ann')).toBe('');
  });
});
