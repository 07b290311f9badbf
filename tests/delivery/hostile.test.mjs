// Slow readers, hostile writers, and a transaction that holds a room: a client that is in the way is alone in
// it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { WebSocket } from 'ws';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { Stack, memoryFactor } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from './lib/reader.mjs';
import { messagesOf, openSession, sendCall } from './lib/rooms.mjs';

const BIG = 60_000;

let stack;
let network; // past nginx
const opened = [];

before(async () => {
  stack = await Stack.start({ set: ['database.lock_timeout_s=3'] });
  network = await Network.open(stack, { daemon: 'a' });
});

after(async () => {
  for (const one of opened) one.close();
  network?.close();
  await stack?.stop();
});

async function connect(options = { url: network.url }) {
  const client = await ChatClient.connect(stack, options);
  opened.push(client);
  return client;
}

// A connection to the daemon of which nothing is read once it has joined the room.
async function deafReader(room) {
  const socket = net.connect(path.join(stack.sockets, 'wsd-a.sock'));
  opened.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Protocol: livechat.v1.json\r\n\r\n');
  let seen = '';
  socket.on('data', (data) => (seen += data.toString('latin1')));
  await waitFor(() => seen.includes('\r\n\r\n'), 'the upgrade');
  const text = Buffer.from(JSON.stringify(['join', room, 1]));
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
  await waitFor(() => seen.includes('"ack"'), 'the ack');
  socket.removeAllListeners('data');
  socket.pause();
  return socket;
}

test('sockets that do not read cost little; the others hear everything', async () => {
  const room = await newSession(stack);
  const reader = await Reader.open(network.url, [room]);
  opened.push(reader);
  const writer = await connect();
  const before = stack.memory('wsd-a');
  const deaf = await Promise.all(Array.from({ length: 20 }, () => deafReader(room)));
  const message = { clientId: room, message: 'x'.repeat(BIG), sender: 'client' };
  let most = 0;
  for (let i = 1; i <= 100; i += 1) {
    assert.equal((await writer.ask('send-message', message)).status, 'ok');
    most = Math.max(most, stack.memory('wsd-a'));
  }
  await reader.reaches(room, 100);
  assert.deepEqual(reader.problems, []);
  assert.equal(reader.connects, 1);
  for (const socket of deaf) socket.destroy();
  // The same frames are shared by all of them; beside those there are 6 MB of messages on their way.
  assert.ok(most - before < 32 * 1024 * memoryFactor, `grew by ${most - before} KiB`);
});

test('a deaf polling client and a deaf Socket.IO client cost little as well', async () => {
  const room = await newSession(stack);
  const writer = await connect();
  const polling = await connect({ url: network.url, transports: ['polling'] });
  const websocket = await connect();
  for (const one of [polling, websocket]) await one.ask('join', room);
  // The polling client's next poll never comes.
  polling.socket.io.engine.transport.doPoll = () => {};
  websocket.socket.io.engine.transport.ws._socket.pause();
  const reader = await Reader.open(network.url, [room]);
  opened.push(reader);
  const message = { clientId: room, message: 'x'.repeat(BIG), sender: 'client' };
  const before = stack.memory('wsd-a');
  for (let i = 1; i <= 100; i += 1) assert.equal((await writer.ask('send-message', message)).status, 'ok');
  await reader.reaches(room, 100);
  assert.deepEqual(reader.problems, []);
  assert.ok(stack.memory('wsd-a') - before < 32 * 1024 * memoryFactor);
});

test('oversize frames, floods and nonsense end their own connection at most', async () => {
  const room = await newSession(stack);
  const reader = await Reader.open(network.url, [room]);
  opened.push(reader);
  const before = stack.memory('wsd-a');
  const address = `${network.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  async function hostile(act) {
    const socket = new WebSocket(address);
    opened.push(socket);
    socket.on('error', () => {});
    await once(socket, 'message');
    socket.send('40');
    act(socket);
    return socket;
  }
  const closed = await Promise.all([
    (socket) => socket.send('42["send-message",{"clientId":"x","message":"' + 'x'.repeat(1_200_000) + '"}]'),
    (socket) => socket.send('4' + '['.repeat(100_000)),
    (socket) => {
      socket.send('451-["x",{"_placeholder":true,"num":0}]');
      socket.send('42["text while an attachment is due"]');
    },
    (socket) => socket.send('42["connect"]'),
    (socket) => socket.send(Buffer.alloc(100)),
    (socket) => socket.send('9'),
  ].map(hostile));
  for (const [i, socket] of closed.entries()) {
    await waitFor(() => socket.readyState === WebSocket.CLOSED, `the close after nonsense ${i}`);
  }

  // One who sends without end and waits for nothing: either answered or closed, never kept without bound.
  const flood = await hostile((socket) => {
    for (let i = 0; i < 40_000; i += 1) {
      socket.send(`42${i}["send-message",{"clientId":${JSON.stringify(room)},"message":"flood ${i}","sender":"client"}]`);
    }
  });
  const writer = await connect();
  const answers = [];
  for (let i = 0; i < 20; i += 1) {
    const answer = await writer.ask('send-message', { clientId: room, message: `calm ${i}`, sender: 'client', messageId: `c${i}` });
    answers.push(answer);
    assert.ok(answer.status === 'ok' || answer.code === 'busy', JSON.stringify(answer));
  }
  await waitFor(() => flood.bufferedAmount === 0 || flood.readyState !== WebSocket.OPEN, 'the end of the flood', 60_000);
  flood.terminate();
  await waitFor(async () => (await writer.ask('send-message',
    { clientId: room, message: 'after the flood', sender: 'client', messageId: 'last' })).status === 'ok', 'the last', 60_000);
  const stored = await messagesOf(stack, room);
  await reader.reaches(room, stored.length);
  assert.deepEqual(reader.problems, []);
  for (const [i, { status, seq }] of answers.entries()) {
    if (status === 'ok') assert.equal(stored[seq - 1].text, `calm ${i}`);
  }
  assert.ok(stack.memory('wsd-a') - before < 64 * 1024 * memoryFactor, `grew by ${stack.memory('wsd-a') - before} KiB`);
});

test('a transaction that holds one room delays only who writes there', async () => {
  const held = await newSession(stack);
  const free = await Promise.all(Array.from({ length: 5 }, () => newSession(stack)));
  const clients = await Promise.all(Array.from({ length: 4 }, () => connect()));
  const reader = await Reader.open(network.url, [held, ...free]);
  opened.push(reader);
  const holder = openSession(stack);
  opened.push({ close: () => holder.kill() });
  await holder.run('START TRANSACTION');
  await holder.run(`SELECT id FROM session WHERE client_id = '${held}' FOR UPDATE`);

  // Resent until it is taken, as a client does that is told `busy`.
  let heldAnswer;
  const waiting = (async () => {
    for (;;) {
      const answer = await clients[0].ask('send-message',
        { clientId: held, message: 'patient', sender: 'client', messageId: 'p' });
      if (answer.status === 'ok') return answer;
      assert.ok(['busy', 'unavailable'].includes(answer.code), JSON.stringify(answer));
    }
  })().then((answer) => (heldAnswer = answer));

  // MySQL before 8.0 cannot skip locked rows: there the others wait with it, but they are not refused.
  const [rounds, bound] = stack.mysql ? [3, 20_000] : [50, 2000];
  for (let i = 1; i <= rounds; i += 1) {
    const begun = Date.now();
    const answers = await Promise.all(free.map((clientId, n) =>
      clients[n % 4].ask('send-message', { clientId, message: `free ${i}`, sender: 'client' })));
    // Without the skipping they wait for lock_timeout_s each.
    assert.ok(Date.now() - begun < bound, `${Date.now() - begun} ms`);
    for (const answer of answers) assert.equal(answer.seq, i, JSON.stringify(answer));
  }
  assert.equal(heldAnswer, undefined);
  await holder.run(sendCall(held, 'by the holder'));
  await holder.run('COMMIT');
  await waiting;
  assert.equal(heldAnswer.seq, 2);
  await reader.reaches(held, 2);
  for (const room of free) await reader.reaches(room, rounds);
  assert.deepEqual(reader.problems, []);
  assert.deepEqual(reader.texts(held), ['by the holder', 'patient']);
});
