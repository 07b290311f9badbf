import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { isRightToLeft, languageOf, languages } from '../../widget/loader/config';
import en from '../../widget/lang/en.json';

const folder = new URL('../../widget/lang/', import.meta.url);
const read = (name: string): Record<string, string> => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, string>;
const files = readdirSync(folder);
const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the message files', () => {
  test('are those of the languages', () => {
    expect(files.map((name) => name.replace('.json', '')).sort()).toEqual([...languages].sort());
  });

  test.each(files)('%s has every text, and no other', (name) => {
    const texts = read(name);
    expect(Object.keys(texts)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), key).not.toBe('');
      expect(places(text), key).toEqual(places((en as Record<string, string>)[key] ?? ''));
    }
  });
});

describe('the language of a page', () => {
  test.each([['de', 'de'], ['de-AT', 'de'], ['PT-br', 'pt'], ['zh-Hant-TW', 'zh'], ['ar_EG', 'ar'], ['nl', 'en'], ['', 'en'], ['x<y', 'en']])(
    '%j is served in %s',
    (tag, expected) => expect(languageOf(tag)).toBe(expected),
  );

  test('is written from right to left in Arabic only', () => {
    expect(languages.filter(isRightToLeft)).toEqual(['ar']);
  });
});
