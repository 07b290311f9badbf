// One conversation that uses everything a database server can get in the way of: stock clients on three
// transports, messages by socket, REST and SQL, held and rolled-back transactions, a repeated messageId, a
// text of 64 KiB, emoji, a burst, read marks, closing, history and recovery. Throws what went wrong first.
import assert from 'node:assert/strict';

import { ChatClient } from '../../../harness/chat_client.mjs';
import { request, sessionPath } from '../../../harness/http.mjs';
import { literal, SqlSession } from '../../../harness/sql.mjs';
import { waitFor } from '../../../harness/wait.mjs';

const TRANSPORTS = [['websocket'], ['polling', 'websocket'], ['polling']];
const BURST = 40;
const LONG = 'ä漢'.repeat(13_000) + 'x'.repeat(536); // 65,536 bytes
const TEXTS = { socket: 'by socket ñ 👩‍🚀', rest: 'by REST ’漢’', sql: 'by SQL 🎉 é', once: 'only once', again: 'after the break' };

let conversations = 0;

export async function converse(stack) {
  const clientId = `smoke-👋-${process.pid}-${++conversations}`;
  const clients = [];
  try {
    await open(stack, clientId);
    for (const transports of TRANSPORTS) clients.push(await joined(stack, clientId, transports));
    await sendEveryWay(stack, clientId, clients);
    await holdAndRollBack(stack, clientId, clients);
    await burst(clientId, clients);
    await readAndClose(stack, clientId, clients);
    await recover(stack, clientId, clients[0]);
    await compareHistory(stack, clientId, clients);
  } finally {
    for (const client of clients) client.close();
  }
}

async function open(stack, clientId) {
  const { status, text } = await request(stack, 'POST', '/api/chat/initialize', {
    body: { clientId, visitor: { name: 'Zoë 👩‍🚀', page: 'https://example.org/ñ' } },
  });
  assert.equal(status, 200, `initialize: ${text}`);
}

async function joined(stack, clientId, transports) {
  const client = await ChatClient.connect(stack, { transports });
  const ack = await client.ask('join', clientId);
  assert.equal(ack.status, 'ok', `join over ${transports}: ${JSON.stringify(ack)}`);
  return client;
}

const sent = (ack) => assert.equal(ack.status, 'ok', `send-message: ${JSON.stringify(ack)}`);

async function sendEveryWay(stack, clientId, clients) {
  for (const client of clients) sent(await client.ask('send-message', { clientId, message: TEXTS.socket, sender: 'client' }));
  for (const messageId of ['once-ñ', 'once-ñ', undefined]) {
    const { status, text } = await request(stack, 'POST', sessionPath('messages', clientId), {
      body: { message: messageId ? TEXTS.once : TEXTS.rest, sender: 'admin', messageId },
    });
    assert.ok([200, 201].includes(status), `POST of a message: ${status} ${text}`);
  }
  await stack.sql(`CALL livechat_send(${literal(clientId)}, 'admin', ${literal(TEXTS.sql)})`);
  sent(await clients[0].ask('send-message', { clientId, message: LONG, sender: 'client', messageId: 'long' }));
  for (const client of clients) {
    await client.hears('new-message', ({ message }) => message === LONG);
    await client.hears('new-message', ({ message }) => message === TEXTS.sql);
  }
}

// A transaction that is open for a while delays no other sender, and one that is rolled back is never heard.
async function holdAndRollBack(stack, clientId, clients) {
  const other = `${clientId}-held`;
  await open(stack, other);
  const ack = await clients[0].ask('join', other);
  assert.equal(ack.status, 'ok', 'join of the second room');
  const session = new SqlSession(stack.admin);
  for (const [text, end] of [['never', 'ROLLBACK'], ['held', 'COMMIT']]) {
    await session.run('START TRANSACTION');
    await session.run(`CALL livechat_send(${literal(other)}, 'client', '${text}')`);
    sent(await clients[1].ask('send-message', { clientId, message: `while it is ${text}`, sender: 'client' }));
    await clients[2].hears('new-message', ({ message }) => message === `while it is ${text}`);
    await session.run(end);
  }
  await session.end();
  await clients[0].hears('new-message', ({ message }) => message === 'held');
  const texts = clients[0].all('new-message').map(({ message }) => message);
  assert.ok(!texts.includes('never'), 'a message that was rolled back was heard');
  const { body } = await request(stack, 'GET', sessionPath('history', other));
  assert.deepEqual(body.messages.map(({ seq, message }) => [seq, message]), [[1, 'held']]);
}

async function burst(clientId, clients) {
  const acks = await Promise.all(Array.from({ length: BURST }, (_, i) => clients[i % clients.length]
    .ask('send-message', { clientId, message: `burst ${i}`, sender: 'client' })));
  acks.forEach(sent);
}

async function readAndClose(stack, clientId, clients) {
  const read = await request(stack, 'PUT', sessionPath('read', clientId), { body: { sender: 'admin' } });
  assert.equal(read.status, 200, `read: ${read.text}`);
  await clients[1].hears('messages-read', () => true);
  const [unread] = await stack.sql(`SELECT admin_unread FROM session WHERE client_id = ${literal(clientId)}`);
  assert.deepEqual(unread, ['0'], 'the read mark is in the database');
  const closed = await request(stack, 'PUT', sessionPath('close', clientId));
  assert.equal(closed.status, 200, `close: ${closed.text}`);
  const [status] = await stack.sql(`SELECT status FROM session WHERE client_id = ${literal(clientId)}`);
  assert.deepEqual(status, ['closed'], 'the closed session is closed in the database');
}

// The connection breaks, a message comes, and the client comes back without asking for anything.
async function recover(stack, clientId, client) {
  client.socket.io.engine.close();
  await waitFor(() => client.disconnects.length > 0, 'the break');
  const { status, text } = await request(stack, 'POST', sessionPath('messages', clientId), {
    body: { message: TEXTS.again, sender: 'admin' },
  });
  assert.equal(status, 201, `POST after the break: ${text}`);
  await waitFor(() => client.socket.connected, 'the return');
  await client.hears('new-message', ({ message }) => message === TEXTS.again);
  assert.equal(client.socket.recovered, true, 'the connection was not recovered');
}

// What everybody heard, what is stored and what history says are the same, dense and in order.
async function compareHistory(stack, clientId, clients) {
  const total = TRANSPORTS.length + 4 + 2 + BURST + 1;
  const { body } = await request(stack, 'GET', sessionPath('history', clientId, '?after=0&limit=200'));
  assert.equal(body.total, total, 'the number of messages');
  const history = body.messages.map(({ seq, message }) => `${seq} ${message}`);
  assert.deepEqual(body.messages.map(({ seq }) => seq), Array.from({ length: total }, (_, i) => i + 1));
  for (const text of Object.values(TEXTS)) assert.ok(history.some((line) => line.endsWith(` ${text}`)), `history lacks ${text}`);
  const rows = await stack.sql('SELECT m.seq, HEX(m.body) FROM message m JOIN session s ON s.id = m.session_id'
    + ` WHERE s.client_id = ${literal(clientId)} ORDER BY m.seq`);
  assert.deepEqual(rows.map(([seq, hex]) => `${seq} ${Buffer.from(hex, 'hex')}`), history, 'the database has other bytes');
  for (const [i, client] of clients.entries()) {
    const heard = () => client.all('new-message').filter((one) => one.clientId === clientId);
    await waitFor(() => heard().length >= total, () => `all messages over ${TRANSPORTS[i]}: ${heard().length} of ${total}`);
    const lines = heard().map(({ seq, message }) => `${seq} ${message}`);
    assert.deepEqual(lines, history, `heard over ${TRANSPORTS[i]}`);
  }
}
