// livechat-admin erase and purge.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { adminOf, sentence } from './lib/admin.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

async function filled(clientId, count) {
  const rows = Array.from({ length: count }, (_, i) => `(@id, '${i % 2 ? 'admin' : 'client'}', 'secret ${clientId} ${i + 1}', 'id-${i}')`);
  await stack.sql(`CALL livechat_open('${clientId}'); SELECT id INTO @id FROM session WHERE client_id = '${clientId}';
    INSERT INTO message (session_id, sender, body, message_id) VALUES ${rows.join(',')}`);
}

async function age(clientId, days) {
  await stack.sql(`UPDATE session SET last_message_at = UTC_TIMESTAMP(3) - INTERVAL ${days} DAY,
    created_at = UTC_TIMESTAMP(3) - INTERVAL ${days} DAY WHERE client_id = '${clientId}'`);
}

// Something is known of the visitor.
async function meet(clientId) {
  await stack.sql(`SELECT id INTO @id FROM session WHERE client_id = '${clientId}';
    INSERT INTO visitor (session_id, name, email) VALUES (@id, 'Jane', 'jane@example.org')`);
}

async function ids() {
  return (await stack.sql('SELECT client_id FROM session ORDER BY client_id')).map(([clientId]) => clientId);
}

test('what a person wrote is gone, seq stays dense, and open sockets hear of it', async () => {
  await filled('erase', 1234);
  await meet('erase');
  const client = await ChatClient.connect(stack);
  await client.ask('join', 'erase');
  const erased = await adminOf(stack, ['erase', 'erase', '--yes', '--json']);
  assert.equal(erased.code, 0, erased.stderr);
  assert.deepEqual(erased.json, { clientId: 'erase', messages: 1234 });
  assert.deepEqual(await client.hears('session-erased'), { clientId: 'erase', upTo: 1234 });
  await stack.sql("CALL livechat_send('erase', 'client', 'afterwards')");
  await client.hears('new-message', ({ seq, erased: gone }) => seq === 1235 && gone === undefined);
  client.close();

  assert.deepEqual(await stack.sql("SELECT COUNT(*), MIN(seq), MAX(seq), SUM(body = ''), COUNT(message_id) FROM message"),
    [['1235', '1', '1235', '1234', '0']]);
  assert.deepEqual(await stack.sql('SELECT COUNT(*) FROM visitor'), [['0']]);
  const { body } = await request(stack, 'GET', sessionPath('history', 'erase', '?limit=1'));
  assert.equal(body.total, 1235);
  assert.deepEqual({ ...body.messages[0], createdAt: '' },
    { message: '', sender: 'client', createdAt: '', seq: 1, read: false, erased: true });

  const late = await ChatClient.connect(stack);
  await late.ask('join', { clientId: 'erase', after: 1232 });
  const replayed = await late.hearsAll('new-message', 3);
  assert.deepEqual(replayed.map(({ seq, message, erased: gone }) => [seq, message, gone]),
    [[1233, '', true], [1234, '', true], [1235, 'afterwards', undefined]]);
  late.close();

  const again = await adminOf(stack, ['erase', 'erase', '--yes', '--json']);
  assert.equal(again.json.messages, 1235);
});

test('with --anonymous the clientId goes as well', async () => {
  await filled('jane@example.org', 3);
  const { json } = await adminOf(stack, ['erase', 'jane@example.org', '--anonymous', '--yes', '--json']);
  assert.match(json.clientId, /^erased-[\w-]{20}$/);
  const everything = await stack.sql('SELECT client_id FROM session UNION ALL SELECT body FROM message UNION ALL SELECT rooms FROM recovery');
  assert.ok(!everything.flat().some((text) => text.includes('jane@')));
  assert.deepEqual(await stack.sql(`SELECT status, last_seq FROM session WHERE client_id = '${json.clientId}'`), [['closed', '3']]);
  assert.equal((await adminOf(stack, ['erase', 'jane@example.org', '--yes'])).code, 1);
});

test('a socket that knew the conversation by its old clientId does not write into it', async () => {
  await filled('renamed', 1);
  const client = await ChatClient.connect(stack);
  await client.ask('send-message', { clientId: 'renamed', message: 'known', sender: 'client' });
  const { json } = await adminOf(stack, ['erase', 'renamed', '--anonymous', '--yes', '--json']);
  const refused = await client.ask('send-message', { clientId: 'renamed', message: 'lost?', sender: 'client' });
  assert.equal(refused.code, 'session_not_found');
  await stack.sql("CALL livechat_open('renamed')");
  const sent = await client.ask('send-message', { clientId: 'renamed', message: 'new', sender: 'client' });
  assert.equal(sent.seq, 1);
  assert.deepEqual(await stack.sql(`SELECT last_seq FROM session WHERE client_id = '${json.clientId}'`), [['2']]);
  client.close();
});

test('purge removes whole conversations after their time, and no others', async () => {
  await stack.sql('DELETE FROM message; DELETE FROM session');
  for (const clientId of ['old-open', 'old-closed', 'young', 'young-empty', 'old-empty']) await stack.sql(`CALL livechat_open('${clientId}')`);
  for (const clientId of ['old-open', 'old-closed', 'young']) await filled(clientId, 5);
  await stack.sql("CALL livechat_close('old-closed')");
  for (const clientId of ['old-open', 'old-closed']) await age(clientId, 40);
  for (const clientId of await ids()) await meet(clientId);
  await stack.sql("UPDATE session SET created_at = UTC_TIMESTAMP(3) - INTERVAL 40 DAY WHERE client_id = 'old-empty'");

  const kept = await adminOf(stack, ['purge', '--yes']);
  assert.equal(kept.code, 0);
  assert.match(kept.stdout, /^nothing to remove: retention\.days is 0/);
  assert.match((await adminOf(stack, ['purge', '--days', '50', '--yes'])).stdout, /^nothing to remove/);
  assert.equal((await adminOf(stack, ['purge', '--days', '30', '--dry-run', '--json'])).json.sessions, 3);
  const asked = await adminOf(stack, ['purge', '--days', '30']);
  assert.equal(asked.code, 4);
  assert.match(sentence(asked), /^nothing was changed/);
  assert.equal((await ids()).length, 5);

  const closed = await adminOf(stack, ['purge', '--days', '30', '--closed-only', '--yes', '--json']);
  assert.deepEqual(closed.json, { sessions: 1, messages: 5 });
  const rest = await adminOf(stack, ['--set', 'retention.days=30', 'purge', '--yes', '--json']);
  assert.deepEqual(rest.json, { sessions: 2, messages: 5 });
  assert.deepEqual(await ids(), ['young', 'young-empty']);
  assert.deepEqual(await stack.sql('SELECT COUNT(*) FROM message'), [['5']]);
  assert.deepEqual(await stack.sql('SELECT COUNT(*) FROM visitor'), [['2']]);
});

test('a conversation that is purged can begin again, also for a daemon that knew it', async () => {
  await filled('again', 2);
  const client = await ChatClient.connect(stack);
  assert.equal((await client.ask('send-message', { clientId: 'again', message: 'x', sender: 'client' })).seq, 3);
  await age('again', 10);
  await adminOf(stack, ['purge', '--days', '5', '--yes']);
  const refused = await client.ask('send-message', { clientId: 'again', message: 'x', sender: 'client' });
  assert.equal(refused.code, 'session_not_found');
  await request(stack, 'POST', '/api/chat/initialize', { body: { clientId: 'again' } });
  const sent = await client.ask('send-message', { clientId: 'again', message: 'x', sender: 'client' });
  assert.equal(sent.seq, 1);
  client.close();
});

test('thousands of conversations and a very long one go in small batches', async () => {
  await filled('huge', 6000);
  await age('huge', 100);
  const many = Array.from({ length: 3000 }, (_, i) => `('many-${i}')`);
  await stack.sql(`SET SESSION innodb_lock_wait_timeout = 1;
    INSERT INTO session (client_id) VALUES ${many};
    UPDATE session SET created_at = UTC_TIMESTAMP(3) - INTERVAL 100 DAY WHERE client_id LIKE 'many-%'`);
  const { json } = await adminOf(stack, ['purge', '--days', '90', '--yes', '--json']);
  assert.deepEqual(json, { sessions: 3001, messages: 6000 });
});
