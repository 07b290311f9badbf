// The client on pages whose scripts have put their own versions over the built-ins: each in a realm of its own, so
// that nothing here is touched.
import { fileURLToPath } from 'node:url';
import { createContext, runInContext, type Context } from 'node:vm';

import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

// What libraries and shops' own scripts are known to do, and worse of the same kind.
const pages: Record<string, string> = {
  'leaves everything as it is': '',
  'has an Array.from without a second argument (Prototype 1.7)': `
    Array.from = function (iterable) { return [].slice.call(iterable); };`,
  'makes arrays into strings in JSON (Prototype 1.6)': `
    Array.prototype.toJSON = function () { return '[' + this.map(function (one) { return JSON.stringify(one); }).join(', ') + ']'; };
    String.prototype.toJSON = function () { return '"' + this + '"'; };
    Object.prototype.toJSON = function () { return '{}'; };
    Number.prototype.toJSON = function () { return String(this); };`,
  'has another JSON.stringify': `JSON.stringify = function () { return '{"mine":true}'; };`,
  'lists inherited names (Prototype 1.6)': `
    Object.keys = Object.values = Object.entries = function (object) { var found = []; for (var name in object) found.push(name); return found; };`,
  'adds to Object.prototype': `
    Object.prototype.x = 'x'; Object.prototype.extend = function () { return this; }; Object.prototype.clone = function () { return {}; };`,
  'adds to Array.prototype': `
    Array.prototype.x = 'x'; Array.prototype.each = function () { throw new Error('each'); }; Array.prototype.remove = function () {};`,
  'has other array methods': `
    ['map', 'filter', 'find', 'findIndex', 'some', 'every', 'forEach', 'reduce', 'reduceRight', 'includes', 'indexOf', 'flat', 'flatMap', 'at',
      'fill', 'entries', 'keys', 'toArray', 'last', 'first'].forEach(function (name) {
      Object.defineProperty(Array.prototype, name, { configurable: true, writable: true, value: function () { return this.length > 1 ? this : this[0]; } });
    });
    Array.isArray = function () { return false; };`,
  'has other string methods': `
    ['startsWith', 'endsWith', 'includes', 'padStart', 'padEnd', 'repeat', 'replaceAll', 'at', 'trimStart', 'trimEnd', 'matchAll', 'codePointAt']
      .forEach(function (name) { String.prototype[name] = function () { return ''; }; });`,
  'has another bind (MooTools)': `
    Function.prototype.bind = function (context, args) { var f = this; return function () { return f.apply(context, args || []); }; };`,
  'has another Date.parse (Datejs)': `Date.parse = function () { return null; };`,
};

const entry = `
  import { browserStore, Outbox, Rest, Timeline } from './index';
  import { decode, encodeConnect, encodeEvent } from './packet';
  globalThis.client = { browserStore, decode, encodeConnect, encodeEvent, Outbox, Rest, Timeline };`;

let library: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('../../client', import.meta.url)), loader: 'ts' },
    bundle: true, write: false, format: 'iife', target: 'chrome100',
  });
  library = outputFiles[0]?.text ?? '';
});

interface Realm {
  run(code: string): unknown;
  requests: { url: string; body: unknown }[];
}

function open(page: string): Realm {
  const kept = new Map<string, string>();
  const requests: Realm['requests'] = [];
  const globals = {
    crypto,
    AbortController,
    URLSearchParams,
    setTimeout,
    clearTimeout,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    localStorage: {
      get length() {
        return kept.size;
      },
      key: (index: number) => [...kept.keys()][index] ?? null,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
    fetch: (url: string, { body }: { body: unknown }) => {
      requests.push({ url, body });
      return Promise.resolve({ ok: true, status: 200, headers: new Headers(), json: () => Promise.resolve({}) });
    },
  };
  const context: Context = createContext(globals);
  runInContext(page, context);
  runInContext(library, context);
  // What the realm gives is read here as text, since its JSON may be the page's.
  return { requests, run: (code): unknown => runInContext(code, context) };
}

describe.each(Object.entries(pages))('on a page that %s', (_title, page) => {
  test('what was written is found again after a reload, with its messageId and in order', () => {
    const realm = open(page);
    realm.run("var store = client.browserStore('livechat:'); var box = new client.Outbox(store, 'outbox:a'); box.add('one'); box.add('two'); box.refuse(box.next.messageId, 'busy')");
    realm.run("var again = new client.Outbox(client.browserStore('livechat:'), 'outbox:a')");
    expect(realm.run('again.pending.length')).toBe(2);
    expect(realm.run('again.pending[0].message')).toBe('one');
    expect(realm.run('again.pending[0].refused')).toBe('busy');
    expect(realm.run('again.next.message')).toBe('two');
    expect(realm.run('again.next.messageId === box.next.messageId')).toBe(true);
    expect(realm.run('again.next.messageId')).toMatch(/^[0-9a-f]{32}$/);
    realm.run('again.remove(again.next.messageId)');
    expect(realm.run("new client.Outbox(client.browserStore('livechat:'), 'outbox:a').pending.length")).toBe(1);
  });

  test('events and requests are what the server understands', async () => {
    const realm = open(page);
    expect(realm.run("client.encodeEvent('join', { clientId: 'a', after: 0, list: ['b'], epoch: undefined }, 7)")).toBe('27["join",{"clientId":"a","after":0,"list":["b"]}]');
    expect(realm.run("client.encodeConnect({ token: 't' })")).toBe('0{"token":"t"}');
    expect(realm.run(`client.decode('2["new-message",{"seq":1}]').data.seq`)).toBe(1);
    expect(realm.run(`client.decode('31[{"status":"ok"}]').data.status`)).toBe('ok');
    await realm.run("var rest = new client.Rest({ server: '' }); Promise.all([rest.send('a', { message: 'hi', sender: 'client', messageId: 'm' }), rest.history('..', { after: 1, limit: 2, page: undefined })])");
    expect(realm.requests).toEqual([
      { url: '/api/chat/messages/a', body: '{"message":"hi","sender":"client","messageId":"m"}' },
      { url: '/api/chat/history/%2E%2E?after=1&limit=2', body: null },
    ]);
  });

  test('messages are ordered, found and erased', () => {
    const realm = open(page);
    realm.run("var line = new client.Timeline(); function m(seq, sender) { return { seq: seq, sender: sender, message: 'm' + seq, createdAt: '' }; }");
    realm.run("line.add([m(2, 'admin'), m(1, 'client'), m(4, 'admin')]); line.add([m(3, 'client')])");
    expect(realm.run('line.messages.length')).toBe(4);
    expect(realm.run('line.lastSeq')).toBe(4);
    expect(realm.run("line.firstUnread('admin').seq")).toBe(2);
    realm.run('line.erase(2)');
    expect(realm.run('line.messages[1].erased')).toBe(true);
    expect(realm.run('line.messages[2].message')).toBe('m3');
  });
});
