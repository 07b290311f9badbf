// socket.io-client in Node, on every choice of transports and on several in one room.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { io } from 'socket.io-client';

import { newSession } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { holdConversation, soon, transports } from './lib/conversation.mjs';
import { PlainClient } from './lib/plain_client.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(() => stack?.stop());

function open(options) {
  const heard = [];
  let connects = 0;
  const socket = io(stack.url, { forceNew: true, ...soon, ...options });
  socket.on('connect', () => (connects += 1));
  socket.onAny((event, data) => heard.push({ event, data }));
  return {
    socket,
    recovers: true,
    ask: (event, data) => socket.timeout(20_000).emitWithAck(event, data),
    emit: (event, data) => void socket.emit(event, data),
    heard: (event) => heard.filter((one) => one.event === event).map(({ data }) => data),
    connects: () => connects,
    close: () => socket.close(),
  };
}

for (const [name, options] of Object.entries(transports)) {
  test(`socket.io-client with ${name} holds the whole conversation`, async () => {
    await holdConversation(stack, () => open(options));
  });
}

test('a client with default transports ends up on WebSocket', async () => {
  const client = open();
  await waitFor(() => client.socket.io.engine?.transport.name === 'websocket', 'the upgrade');
  client.close();
});

test('io() with no options at all works', async () => {
  const clientId = await newSession(stack);
  const socket = io(stack.url);
  assert.equal((await socket.timeout(20_000).emitWithAck('join', clientId)).status, 'ok');
  socket.close();
});

test('clients on every transport in one room hear the same in the same order, while they upgrade', async () => {
  const clientId = await newSession(stack);
  const clients = [...Object.values(transports).map(open), await PlainClient.open(stack)];
  for (const client of clients) assert.equal((await client.ask('join', clientId)).status, 'ok');
  const each = 40;
  await Promise.all(clients.flatMap((client, n) => Array.from({ length: each }, async (_, i) => {
    const data = { clientId, message: `${n} ${i}`, sender: n % 2 ? 'admin' : 'client' };
    assert.equal((await client.ask('send-message', data)).status, 'ok');
  })));
  const total = each * clients.length;
  for (const client of clients) {
    await waitFor(() => client.heard('new-message').length >= total, `${total} messages`);
    const heard = client.heard('new-message');
    assert.deepEqual(heard.map(({ seq }) => seq), Array.from({ length: total }, (_, i) => i + 1));
    assert.deepEqual(heard.map(({ message }) => message), clients[0].heard('new-message').map(({ message }) => message));
  }
  // What one client sent comes in its order.
  clients.forEach((_, n) => {
    const own = clients[0].heard('new-message').map(({ message }) => message).filter((text) => text.startsWith(`${n} `));
    assert.deepEqual(own, Array.from({ length: each }, (__, i) => `${n} ${i}`));
  });
  for (const client of clients) await client.close();
});
