// livechat-admin session, export, tail, stats.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { Stack } from '../harness/stack.mjs';
import { literal } from '../harness/sql.mjs';
import { waitFor } from '../harness/wait.mjs';
import { adminOf, program, sentence } from './lib/admin.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

async function conversation(clientId, messages) {
  const calls = messages.map(([sender, text]) => `CALL livechat_send(${literal(clientId)}, '${sender}', ${literal(text)});`);
  await stack.sql(`CALL livechat_open(${literal(clientId)}); ${calls.join(' ')}`);
}

test('sessions are listed, shown and closed', async () => {
  await conversation('one', [['client', 'Hello'], ['admin', 'Good\nday']]);
  await conversation('two', [['client', 'Second']]);
  const listed = await adminOf(stack, ['session', 'list', '--json']);
  assert.deepEqual(listed.json.map((row) => row.clientId), ['two', 'one']);
  assert.deepEqual(listed.json[1].unread, { client: 1, admin: 1 });
  const text = await adminOf(stack, ['session', 'list', '--limit', '1']);
  assert.match(text.stdout, /^CLIENT .*\ntwo .*Second\n$/);

  const shown = await adminOf(stack, ['session', 'show', 'one', '--json']);
  assert.deepEqual(shown.json.messages.map((message) => message.message), ['Hello', 'Good\nday']);
  assert.match((await adminOf(stack, ['session', 'show', 'one'])).stdout, /#2 {2}support: Good\n {4}day\n$/);

  const watching = await ChatClient.connect(stack);
  await watching.ask('join', 'one');
  const closed = await adminOf(stack, ['session', 'close', 'one']);
  assert.equal(closed.code, 0, closed.stderr);
  await watching.hears('session-closed', ({ clientId }) => clientId === 'one');
  watching.close();
  assert.deepEqual((await adminOf(stack, ['session', 'list', '--closed', '--json'])).json.map((row) => row.clientId), ['one']);

  for (const command of [['session', 'show'], ['export']]) {
    const missing = await adminOf(stack, [...command, 'nobody']);
    assert.equal(missing.code, 1);
    assert.match(sentence(missing), /there is no session nobody: /);
  }
  assert.equal((await adminOf(stack, ['session', 'close', 'nobody'])).code, 1);
});

test('what visitors write cannot reach the terminal as commands', async () => {
  await conversation('esc\u202e', [['client', '\u001b[2J\u001b]0;owned\u0007\u009b31m']]);
  for (const args of [['session', 'list'], ['session', 'show', 'esc\u202e']]) {
    const { stdout } = await adminOf(stack, args);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

test('a conversation is exported as JSON, as a page, and as lines', async () => {
  const texts = ['<script>alert(1)</script>', '"quoted" & \'more\'', 'ä😀'];
  await conversation('export"<me>', texts.map((text) => ['client', text]));
  const json = (await adminOf(stack, ['export', 'export"<me>'])).json;
  assert.equal(json.clientId, 'export"<me>');
  assert.deepEqual(json.messages.map((message) => message.message), texts);

  const file = path.join(stack.state, 'transcript.html');
  const written = await adminOf(stack, ['export', 'export"<me>', '--format', 'html', '-o', file]);
  assert.equal(written.code, 0, written.stderr);
  const html = fs.readFileSync(file, 'utf8');
  assert.doesNotMatch(html, /<script|<me>/);
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.match(html, /ä😀/);

  const lines = (await adminOf(stack, ['export', 'export"<me>', '--format', 'jsonl'])).stdout.trimEnd().split('\n');
  assert.deepEqual(lines.map((line) => JSON.parse(line).message), [undefined, ...texts]);
  const all = (await adminOf(stack, ['export', '--all', '--format', 'jsonl'])).stdout;
  assert.ok(lines.every((line) => all.includes(line)));
  assert.equal((await adminOf(stack, ['export', '--all'])).code, 2);
  const full = await adminOf(stack, ['export', 'export"<me>', '-o', '/dev/full']);
  assert.equal(full.code, 1);
  assert.match(sentence(full), /not all of it could be written .*: make room/);
});

test('a long conversation is exported whole', async () => {
  const rows = Array.from({ length: 1203 }, (_, i) => `(@id, 'client', 'm${i + 1}')`).join(',');
  await stack.sql(`CALL livechat_open('long'); SELECT id INTO @id FROM session WHERE client_id = 'long';
    INSERT INTO message (session_id, sender, body) VALUES ${rows}`);
  const { messages } = (await adminOf(stack, ['export', 'long'])).json;
  assert.deepEqual(messages.map((message) => message.seq), Array.from({ length: 1203 }, (_, i) => i + 1));
});

test('tail shows what comes, and goes on after the database was away', async () => {
  await conversation('tail', [['client', 'before']]);
  const child = spawn(program, ['--config', path.join(stack.state, 'livechat.toml'), 'tail', 'tail', '--json']);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (data) => (said += data));
  const shows = (text) => waitFor(() => said.includes(text), `${text} in ${said}`);
  await shows('"message":"before"');
  await stack.sql("CALL livechat_send('tail', 'admin', 'live')");
  await shows('"message":"live"');
  await stack.sql("CALL livechat_close('tail')");
  await shows('"event":"closed"');
  await stack.take('mariadb', 'SIGKILL');
  await stack.bring('mariadb');
  await stack.sql("CALL livechat_send('tail', 'client', 'later')");
  await shows('"message":"later"');
  child.kill('SIGINT');
  await once(child, 'exit');
  assert.equal(said.split('"message":').length - 1, 3);
});

test('stats counts', async () => {
  const { json } = await adminOf(stack, ['stats', '--json']);
  const [[messages, sessions]] = await stack.sql('SELECT (SELECT COUNT(*) FROM message), (SELECT COUNT(*) FROM session)');
  assert.equal(json.messages, Number(messages));
  assert.equal(json.activeSessions + json.closedSessions, Number(sessions));
  assert.match(json.epoch, /^[0-9a-f-]{36}$/);
  assert.match((await adminOf(stack, ['stats'])).stdout, /^active sessions +\d/m);
});
