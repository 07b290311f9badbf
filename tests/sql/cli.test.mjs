// SQL as a client, from the mariadb command line: what docs/sql.md promises.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { literal } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { messagesOf, openSession, plainInsert, sendCall, sendOnceCall, sessionId } from '../delivery/lib/rooms.mjs';

let stack;
const opened = [];

before(async () => {
  stack = await Stack.start();
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

function session() {
  const one = openSession(stack);
  opened.push({ close: () => one.kill() });
  return one;
}

async function listener(room) {
  const client = await ChatClient.connect(stack);
  opened.push(client);
  await client.ask('join', room);
  return client;
}

async function refused(statement, code, message) {
  const one = session();
  await assert.rejects(one.run(statement), (error) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
  await one.end();
}

test('open, send, read and close reach the sockets and REST', async () => {
  const room = 'sql 1';
  const client = await listener(room);
  const writer = session();
  await writer.run(`CALL livechat_open('${room}')`);
  await client.hears('session-opened', ({ clientId }) => clientId === room);
  await writer.run(`CALL livechat_send('${room}', 'admin', 'Hello from SQL')`);
  const message = await client.hears('new-message');
  assert.deepEqual([message.clientId, message.message, message.sender, message.seq], [room, 'Hello from SQL', 'admin', 1]);
  await writer.run(`CALL livechat_read('${room}', 'client')`);
  assert.deepEqual(await client.hears('messages-read'), { clientId: room, reader: 'client', upTo: 1 });
  await writer.run(`CALL livechat_close('${room}')`);
  assert.deepEqual(await client.hears('session-closed'), { clientId: room });
  const history = await request(stack, 'GET', sessionPath('history', room));
  assert.equal(history.body.messages[0].read, true);
  const closed = await request(stack, 'GET', '/api/chat/sessions?status=closed');
  assert.deepEqual(closed.body.map(({ clientId }) => clientId), [room]);
});

test('opening and closing twice, and reading what is read, change nothing', async () => {
  const room = await newSession(stack);
  const client = await listener(room);
  const writer = session();
  for (let i = 0; i < 2; i += 1) await writer.run(`CALL livechat_open('${room}')`);
  for (let i = 0; i < 2; i += 1) await writer.run(`CALL livechat_close('${room}')`);
  for (let i = 0; i < 2; i += 1) await writer.run(`CALL livechat_read('${room}', 'admin')`);
  await writer.run(`CALL livechat_read('nobody', 'admin')`);
  await writer.run(sendCall(room, 'wakes it'));
  await client.hears('new-message');
  assert.deepEqual(client.heard.map(({ event }) => event), ['session-closed', 'session-opened', 'new-message']);
});

test('what is in a transaction shows on COMMIT, all at once, and never on ROLLBACK', async () => {
  const room = await newSession(stack);
  const client = await listener(room);
  const writer = session();
  await writer.run('START TRANSACTION');
  await writer.run(sendCall(room, 'rolled back'));
  await writer.run('ROLLBACK');
  await writer.run('SET autocommit = 0');
  await writer.run(sendCall(room, 'one'));
  await writer.run(sendCall(room, 'two'));
  const reader = session();
  assert.deepEqual(await reader.run(`SELECT COUNT(*) FROM message m JOIN session s ON s.id = m.session_id WHERE s.client_id = '${room}'`), [['0']]);
  assert.deepEqual(client.all('new-message'), []);
  await writer.run('COMMIT');
  await client.hearsAll('new-message', 2);
  assert.deepEqual(client.all('new-message').map(({ message, seq }) => [message, seq]), [['one', 1], ['two', 2]]);
});

test('a plain INSERT does the same: several rows, several sessions, and the id of a message of its own', async () => {
  const [one, other] = [await newSession(stack), await newSession(stack)];
  const clients = [await listener(one), await listener(other)];
  const [first, second] = [await sessionId(stack, one), await sessionId(stack, other)];
  await stack.sql('INSERT INTO message (session_id, sender, body) VALUES ' +
    `(${first}, 'client', 'a'), (${second}, 'admin', 'b'), (${first}, 'client', 'c');`);
  await stack.sql(plainInsert(first, 'named', 'my id') + ';');
  await clients[0].hearsAll('new-message', 3);
  await clients[1].hearsAll('new-message', 1);
  assert.deepEqual(clients[0].all('new-message').map(({ seq, message, messageId }) => [seq, message, messageId]),
    [[1, 'a', undefined], [2, 'c', undefined], [3, 'named', 'my id']]);
  // What the triggers set cannot be chosen.
  await stack.sql(`INSERT INTO message (session_id, seq, sender, body, created_at) VALUES (${first}, 77, 'admin', 'd', '2001-01-01');`);
  const message = await clients[0].hears('new-message', ({ seq }) => seq === 4);
  assert.ok(Math.abs(Date.parse(message.createdAt) - Date.now()) < 3_600_000, message.createdAt);
});

test('livechat_send_once: the second changes nothing', async () => {
  const room = await newSession(stack);
  await stack.sql(`${sendOnceCall(room, 'first', 'id')}; ${sendOnceCall(room, 'second', 'id')};`);
  await stack.sql(`CALL livechat_send_once(${literal(room)}, 'client', 'unnamed', NULL);`);
  assert.deepEqual((await messagesOf(stack, room)).map(({ text }) => text), ['first', 'unnamed']);
});

test('mistakes are refused with a sentence', async () => {
  const room = await newSession(stack);
  const id = await sessionId(stack, room);
  const own = 1644; // SIGNAL
  await refused("CALL livechat_send('nobody here', 'client', 'x')", own, /livechat: there is no such session/);
  await refused(`CALL livechat_send('${room}', 'visitor', 'x')`, own, /livechat: the sender is client or admin/);
  await refused(`CALL livechat_send('${room}', NULL, 'x')`, own, /livechat: the sender is client or admin/);
  await refused(`CALL livechat_send('${room}', 'client', '')`, own, /livechat: the message is empty/);
  await refused(`CALL livechat_send('${room}', 'client', '   ')`, own, /livechat: the message is empty/);
  await refused(`CALL livechat_send('${room}', 'client', NULL)`, own, /livechat: the message is empty/);
  await refused(`CALL livechat_send('${room}', 'client', REPEAT('x', 65537))`, own, /livechat: the message is longer than 65536 bytes/);
  await refused(`CALL livechat_send('${room}', 'client', REPEAT('é', 32769))`, own, /livechat: the message is longer than 65536 bytes/);
  await refused("CALL livechat_open('')", own, /livechat: the clientId is empty/);
  await refused('CALL livechat_open(NULL)', own, /livechat: the clientId is empty/);
  await refused("CALL livechat_close('nobody here')", own, /livechat: there is no such session/);
  await refused(`CALL livechat_read('${room}', 'both')`, own, /livechat: the reader is client or admin/);
  await refused("INSERT INTO message (session_id, sender, body) VALUES (0, 'client', 'x')", own, /livechat: there is no such session/);
  await refused(`INSERT INTO message (session_id, sender, body) VALUES (${id}, 'client', '')`, own, /livechat: the message is empty/);
  assert.deepEqual(await messagesOf(stack, room), []);
  await stack.sql(`CALL livechat_send('${room}', 'client', REPEAT('x', 65536));`);
  assert.equal((await messagesOf(stack, room)).length, 1);
});

test('connections in utf8mb4, latin1 and other time zones store the same', async () => {
  const room = await newSession(stack);
  const client = await listener(room);
  const [[before]] = await stack.sql('SELECT UNIX_TIMESTAMP(NOW(3));');
  await stack.sql(`SET NAMES utf8mb4; CALL livechat_send('${room}', 'client', 'é€😀');`);
  // One byte for "é", as a latin1 program sends it.
  await stack.sql(Buffer.from(`SET NAMES latin1; CALL livechat_send('${room}', 'client', 'é');`, 'latin1'));
  for (const zone of ['+05:45', '-11:00', '+00:00']) {
    await stack.sql(`SET time_zone = '${zone}'; CALL livechat_send('${room}', 'client', 'zone ${zone}');`);
  }
  await waitFor(async () => client.all('new-message').length === (await messagesOf(stack, room)).length, 'all messages');
  const messages = client.all('new-message');
  assert.equal(messages[0].message, 'é€😀');
  assert.equal(messages[1].message, 'é');
  for (const { createdAt, message } of messages) {
    assert.ok(Math.abs(Date.parse(createdAt) / 1000 - Number(before)) < 60, `${message} at ${createdAt}`);
  }
  const times = messages.map(({ createdAt }) => createdAt);
  assert.deepEqual(times, [...times].sort());
});

test('clientIds compare byte for byte', async () => {
  const names = ['Ä', 'ä', 'a', 'A', 'a ', '😀', '😁', "o'clock \"x\" \\ %"];
  for (const name of names) await stack.sql(`CALL livechat_open(${literal(name)}); CALL livechat_send(${literal(name)}, 'client', ${literal(name)});`);
  for (const name of names) {
    assert.deepEqual((await messagesOf(stack, name)).map(({ text }) => text), [name]);
    const { body } = await request(stack, 'GET', sessionPath('history', name));
    assert.equal(body.total, 1);
  }
});

test('an account that may only EXECUTE can use the procedures and nothing else', async () => {
  const room = await newSession(stack);
  await stack.sql("GRANT EXECUTE ON livechat.* TO shop@localhost IDENTIFIED BY 'word';");
  const [[socket]] = await stack.sql('SELECT @@socket;');
  const run = (text) => promisify(execFile)('mariadb', ['--no-defaults', `--socket=${socket}`, '-ushop', '-pword', 'livechat', '-e', text]);
  await run(`CALL livechat_send('${room}', 'admin', 'from the shop')`);
  assert.deepEqual((await messagesOf(stack, room)).map(({ text }) => text), ['from the shop']);
  await assert.rejects(run('SELECT * FROM message'), /denied/);
  await assert.rejects(run("INSERT INTO message (session_id, sender, body) VALUES (1, 'admin', 'x')"), /denied/);
});
