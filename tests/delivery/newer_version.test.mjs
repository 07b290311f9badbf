// A newer version writes words into the database that this one does not know: what they describe reaches
// no one, live, by recovery or by REST, and everything else goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { fillRoom, sendCall, sessionId } from './lib/rooms.mjs';

const SECRET = 'for colleagues only';
let stack;
let network;
const clients = [];

before(async () => {
  stack = await Stack.start();
  network = await Network.open(stack);
  await stack.sql(`
    ALTER TABLE notification MODIFY kind
      ENUM('message','client_read','admin_read','opened','closed','visitor','erased','note') NOT NULL;
    ALTER TABLE message MODIFY sender ENUM('client','admin','colleague') NOT NULL;
    ALTER TABLE session MODIFY last_sender ENUM('client','admin','colleague') NULL;`);
});

after(async () => {
  for (const client of clients) client.close();
  network?.close();
  await stack?.stop();
});

async function connect(options) {
  const client = await ChatClient.connect(stack, { url: network.url, reconnectionDelay: 50, ...options });
  client.packets = [];
  const listen = () => client.socket.io.engine.on('packet', ({ type, data }) => {
    if (type === 'message') client.packets.push(data);
  });
  listen();
  client.socket.io.on('open', listen);
  clients.push(client);
  return client;
}

// What a newer version writes beside a message: another kind, and a message of another kind of sender.
async function writeNotes(clientId, count = 1) {
  const id = await sessionId(stack, clientId);
  for (let i = 0; i < count; i += 1) {
    await stack.sql(`
      INSERT INTO notification (session_id, kind, seq, created_at) VALUES (${id}, 'note', 1, UTC_TIMESTAMP(3));
      INSERT INTO message (session_id, sender, body) VALUES (${id}, 'colleague', '${SECRET}');`);
  }
}

const texts = (client) => client.all('new-message').map(({ message }) => message);

for (const transports of [['websocket'], ['polling']]) {
  test(`live, not a byte of it reaches a visitor, and the feed goes on (${transports})`, async () => {
    const room = await newSession(stack);
    const visitor = await connect({ transports });
    await visitor.ask('join', room);
    visitor.packets = [];
    await writeNotes(room);
    await stack.sql(`${sendCall(room, 'for all')};`);
    await visitor.hears('new-message');
    assert.deepEqual(texts(visitor), ['for all']);
    assert.equal(visitor.packets.length, 1, JSON.stringify(visitor.packets));
  });
}

test('nor by recovery, which goes on beyond it', async () => {
  const room = await newSession(stack);
  const visitor = await connect();
  await visitor.ask('join', room);
  await fillRoom(stack, room, 1, () => 'first');
  await visitor.hears('new-message');
  network.cut();
  await waitFor(() => !visitor.socket.connected, 'the loss of the connection');
  visitor.packets = [];
  await writeNotes(room, 3);
  await fillRoom(stack, room, 1, () => 'missed');
  network.restore();
  await visitor.hears('new-message', ({ message }) => message === 'missed');
  assert.equal(visitor.socket.recovered, true);
  assert.deepEqual(texts(visitor), ['first', 'missed']);
  assert.equal(visitor.packets.length, 2, JSON.stringify(visitor.packets)); // CONNECT and the message
  await writeNotes(room);
  await fillRoom(stack, room, 1, () => 'and live again');
  await visitor.hears('new-message', ({ message }) => message === 'and live again');
});

test('nor by a replay, which goes on beyond a whole page of it', async () => {
  const room = await newSession(stack);
  await writeNotes(room);
  const id = await sessionId(stack, room);
  await stack.sql(`INSERT INTO message (session_id, sender, body) VALUES (${id}, 'colleague', '${SECRET}');`.repeat(120));
  await fillRoom(stack, room, 1, () => 'behind them');
  const visitor = await connect();
  assert.equal((await visitor.ask('join', { clientId: room, after: 0 })).lastSeq, 122);
  await visitor.hears('new-message');
  assert.deepEqual(texts(visitor), ['behind them']);
});

test('nor to those who watch all sessions, nor by REST', async () => {
  const room = await newSession(stack);
  const agent = await connect();
  await agent.ask('watch-sessions', {});
  await fillRoom(stack, room, 1, () => 'for all');
  await agent.hears('session-updated', ({ clientId }) => clientId === room);
  await writeNotes(room);
  const other = await newSession(stack);
  await agent.hears('session-updated', ({ clientId }) => clientId === other);
  const history = await request(stack, 'GET', sessionPath('history', room));
  assert.deepEqual(history.body.messages.map(({ message }) => message), ['for all']);
  const list = await request(stack, 'GET', '/api/chat/sessions');
  assert.equal(list.status, 200);
  assert.doesNotMatch(history.text + list.text + JSON.stringify(agent.heard), new RegExp(SECRET));
});

test('each word is logged once', async () => {
  const lines = stack.log('wsd-a').split('\n').filter((line) => /unknown_word/.test(line));
  assert.deepEqual(lines.map((line) => line.match(/word"?[=:]"?(\w+)/g)?.at(-1)).sort().length, 2, lines.join('\n'));
});
