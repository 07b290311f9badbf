// What agents see of the page that a visitor is on.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { addressFor } from '../../widget/loader/address';

describe('the address of a page', () => {
  beforeEach(() => vi.stubGlobal('location', { href: 'https://shop.example/cart?token=secret#access_token=x' }));
  afterEach(() => vi.unstubAllGlobals());

  test('has neither its query nor what follows "#", where sites keep secrets', () => {
    expect(addressFor(location.href, false)).toBe('https://shop.example/cart');
    expect(addressFor('https://shop.example/reset?key=1', false)).toBe('https://shop.example/reset');
  });

  test('has the query where the site wants it, and never what follows "#"', () => {
    expect(addressFor(location.href, true)).toBe('https://shop.example/cart?token=secret');
  });

  test('never says who is signed in by it', () => {
    expect(addressFor('https://user:password@shop.example/a', true)).toBe('https://shop.example/a');
  });

  test('is relative to the page', () => expect(addressFor('/other?x#y', false)).toBe('https://shop.example/other'));

  test('of nothing on the web is none', () => {
    expect(addressFor('about:blank', false)).toBeUndefined();
    expect(addressFor('data:text/html,x', false)).toBeUndefined();
    expect(addressFor('http://', false)).toBeUndefined();
  });
});
