// docs/operations.md as a new administrator follows it: the commands are executed as they stand in the document.
// Here those that need no package and no service manager, while visitors and agents write at full speed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newSession } from '../harness/http.mjs';
import { Load } from '../harness/load.mjs';
import { follow } from '../harness/manual.mjs';
import { wanted as onMysql } from '../harness/mysql.mjs';
import { Stack } from '../harness/stack.mjs';
import { adminOf } from './lib/admin.mjs';

let stack;
let folder;
let load;
before(async () => {
  stack = await Stack.start();
  folder = path.join(stack.state, 'somewhere');
  fs.mkdirSync(folder);
  load = await Load.start(stack, [await newSession(stack), await newSession(stack), await newSession(stack)]);
});
after(async () => {
  await load?.stop();
  await stack?.stop();
});

const read = (file) => fs.readFileSync(path.join(folder, file), 'utf8');

test('The schema', async () => {
  const said = await follow(stack, 'The schema', folder);
  assert.match(said, /^0001_chat +20\d\d-/m);
  assert.match(said, /nothing to apply/);
  assert.match(said, /the database livechat is at version \d+/);
});

test('Starting, stopping, changing', async () => {
  assert.match(await follow(stack, 'Starting, stopping, changing', folder), /the configuration is good/);
});

test('When the disk is full', async () => {
  const said = await follow(stack, 'When the disk is full', folder);
  assert.match(said, /the disk of the database has \d+ % left/);
  assert.match(said, /nothing to remove/);
});

test('A person wants to be forgotten: he is asked, and only y erases', async () => {
  const section = 'A person wants to be forgotten';
  await stack.sql("CALL livechat_open('jane@example.org'); CALL livechat_send('jane@example.org', 'client', 'my secret')");
  await assert.rejects(follow(stack, section, folder, { answer: 'n\n' }), /\[y\/N\].*nothing was changed/s);
  const said = await follow(stack, section, folder, { answer: 'y\n' });
  assert.match(said, /\[y\/N\]/);
  assert.match(read('jane.html'), /<!doctype html>[\s\S]*my secret/i);
  assert.equal(JSON.parse(read('jane.json')).messages[0].message, 'my secret');
  assert.deepEqual(await stack.sql("SELECT COUNT(*) FROM message WHERE body = 'my secret' UNION ALL SELECT COUNT(*) FROM session WHERE client_id LIKE 'jane%'"),
    [['0'], ['0']]);
});

test('Taking over conversations from another system', async () => {
  fs.writeFileSync(path.join(folder, 'conversations.jsonl'), '{"clientId":"old","sender":"client","message":"from there"}\n');
  const said = await follow(stack, 'Taking over conversations from another system', folder);
  assert.match(said, /1 lines checked, nothing was written/);
  assert.match(said, /1 lines: 1 messages and 1 sessions were added/);
  const lines = read('conversations.jsonl').trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.some(({ clientId, message }) => clientId === 'old' && message === 'from there'));
});

test('nothing that was acknowledged meanwhile is lost or twice', async () => {
  await load.stop();
  assert.ok(load.count > 100, `${load.count} messages`);
  const rows = await stack.sql('SELECT s.client_id, m.message_id, m.seq FROM message m JOIN session s ON s.id = m.session_id');
  const stored = new Map(rows.map(([room, messageId, seq]) => [`${room} ${messageId}`, Number(seq)]));
  for (const [room, messageId, seq] of load.snapshot()) assert.equal(stored.get(`${room} ${messageId}`), seq);
  assert.equal(new Set(rows.map(([room, , seq]) => `${room} ${seq}`)).size, rows.length);
});

test('Triggers or procedures are missing', async () => {
  // What passes through the client loses its comments.
  const bare = (statement) => Buffer.from(statement.replaceAll('\\n', ''), 'base64').toString().replaceAll(/--.*/g, '').replaceAll(/\s+/g, ' ');
  const triggers = async () => (await stack.sql(`SELECT trigger_name, event_object_table, action_timing, TO_BASE64(action_statement)
    FROM information_schema.triggers WHERE trigger_schema = 'livechat' ORDER BY 1`)).map(([...row]) => [...row.slice(0, 3), bare(row[3])]);
  const routines = async () => (await stack.sql(`SELECT routine_name, routine_type, security_type, sql_data_access, TO_BASE64(routine_definition)
    FROM information_schema.routines WHERE routine_schema = 'livechat' ORDER BY 1`)).map(([...row]) => [...row.slice(0, 4), bare(row[4])]);
  const before = [await triggers(), await routines()];
  await stack.sql('DROP TRIGGER message_before_insert; DROP TRIGGER session_after_update; DROP PROCEDURE livechat_triggers');
  if (onMysql) await follow(stack, 'MySQL before 5.7', folder, { block: 2 });
  else await follow(stack, 'Triggers or procedures are missing', folder);
  assert.deepEqual([await triggers(), await routines()], before);
  const doctor = await adminOf(stack, ['doctor', '--json', '--nginx', '/nowhere', '--set', `wsd.listen=unix:${stack.sockets}/wsd-a.sock`,
    '--web-user', 'nobody-of-that-name']);
  assert.equal(doctor.code, 0, doctor.stdout);
  await stack.sql("CALL livechat_open('again'); CALL livechat_send('again', 'client', 'numbered')");
  assert.deepEqual(await stack.sql("SELECT last_seq FROM session WHERE client_id = 'again'"), [['1']]);
});
