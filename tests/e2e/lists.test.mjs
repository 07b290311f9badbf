// A list is written once: what the documents and the pages repeat of it is compared with it here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { root } from '../harness/stack.mjs';

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

// [{ code, status, by, meaning }]
const errors = [...read('core/domain/error_codes.def').matchAll(/^LIVECHAT_ERROR\((\w+), (\d+), (\w+), "(.*)"\)$/gm)]
  .map(([, code, status, by, meaning]) => ({ code, status, by, meaning }));

test('docs/errors.md has every error code, with its status and meaning', () => {
  const toldBy = { rest: 'REST', sockets: 'sockets', rest_and_sockets: 'REST, sockets', admin: '`livechat-admin`' };
  const expected = errors.map(({ code, status, by, meaning }) =>
    `| \`${code}\` | ${by.startsWith('rest') ? `${status} ` : ''}| ${toldBy[by]} | ${meaning} |`);
  assert.deepEqual(read('docs/errors.md').split('\n').filter((line) => line.startsWith('| `')), expected);
  assert.ok(errors.length > 40);
});

test('docs/openapi.yaml has every error code of REST', () => {
  const [, list] = read('docs/openapi.yaml').match(/\n {4}Code:\n[\s\S]*?\n {6}enum:\n((?: {8}- \w+\n)+)/);
  const codes = [...list.matchAll(/- (\w+)/g)].map(([, code]) => code);
  const expected = errors.filter(({ by }) => by.startsWith('rest')).map(({ code }) => code);
  assert.deepEqual(codes.sort(), [...expected, 'bad_request'].sort()); // which nginx says
});

// [{ kind, event }]
const notifications = [...read('core/domain/notifications.def').matchAll(/^LIVECHAT_NOTIFICATION\((\w+), +"([\w-]*)", +\w+\)/gm)]
  .map(([, kind, event]) => ({ kind, event }));

// The names in the first column of a table of docs/protocol.md that begins with `head`.
function namesIn(head) {
  const [, rows] = read('docs/protocol.md').split(`\n${head}`)[1].match(/.*\n\| --- .*\n((?:\|.*\n)*)/);
  return [...rows.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).sort();
}

test('the column notification.kind has every kind, and the rooms hear the events of docs/protocol.md', () => {
  const [, words] = read('sql/schema.sql').match(/CREATE TABLE notification \([\s\S]*?kind +ENUM\(([^)]*)\)/);
  assert.deepEqual(words.replaceAll("'", '').split(','), notifications.map(({ kind }) => kind));
  const told = new Set([...notifications.map(({ event }) => event).filter(Boolean), 'typing']); // which is never stored
  assert.deepEqual(namesIn("| a room's sockets get |"), [...told].sort());
  const [, events] = read('web/client/types.ts').match(/interface RoomEvents \{\n([\s\S]*?)\n\}/);
  const typed = [...events.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, name]) => name);
  assert.deepEqual(typed.sort(), [...told, 'presence'].sort());
});

test('what clients may emit stands in docs/protocol.md', () => {
  const dispatched = [...read('ws-daemon/gateway/gateway.cpp').matchAll(/\{"([\w-]+)", &Gateway::/g)].map(([, name]) => name);
  assert.deepEqual(namesIn('| client emits | data |'), dispatched.sort());
});

// The words that `pattern` finds in files of the repository, without what stands before and behind them.
function words(pattern, ...files) {
  const found = execFileSync('git', ['grep', '-hoP', pattern, '--', ...files], { cwd: root, encoding: 'utf8' });
  return new Set(found.split('\n').filter(Boolean));
}

test('every error code is in use', () => {
  const used = words('ErrorCode::\\K\\w+', 'core', 'fcgi-app', 'ws-daemon', 'admin-cli');
  assert.deepEqual(errors.map(({ code }) => code).filter((code) => !used.has(code)), []);
});

test('the pages know no error code that is never told', () => {
  const own = ['closed', 'timeout', 'unreachable']; // web/client/failure.ts
  const known = words("code === '\\K\\w+", 'web/client', 'web/console', 'web/widget');
  assert.ok(known.size >= 8);
  assert.deepEqual([...known].filter((code) => !own.includes(code) && !errors.some((error) => error.code === code)), []);
});
