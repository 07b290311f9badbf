// A visitor and an agent talk through the stock client, nginx, the daemon and the database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { literal } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';

let stack;
const clients = [];

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(async () => {
  for (const client of clients) client.close();
  await stack?.stop();
});

async function connect(options) {
  const client = await ChatClient.connect(stack, options);
  clients.push(client);
  return client;
}

// A visitor and an agent, joined to a new session.
async function pair() {
  const clientId = await newSession(stack);
  const visitor = await connect();
  const agent = await connect();
  for (const one of [visitor, agent]) {
    assert.deepEqual(await one.ask('join', clientId), { status: 'ok', clientId, lastSeq: 0 });
  }
  return { clientId, visitor, agent };
}

const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('what one side sends with an ack is acknowledged and heard by both sides', async () => {
  const { clientId, visitor, agent } = await pair();
  const ack = await visitor.ask('send-message', { clientId, message: 'Hello', sender: 'client' });
  assert.equal(ack.status, 'ok');
  assert.equal(ack.seq, 1);
  assert.match(ack.createdAt, kTime);
  for (const one of [visitor, agent]) {
    const heard = await one.hears('new-message');
    assert.equal(heard.clientId, clientId);
    assert.equal(heard.message, 'Hello');
    assert.equal(heard.sender, 'client');
    assert.equal(heard.seq, 1);
    assert.equal(heard.createdAt, ack.createdAt);
  }
});

test('what is sent without an ack is heard as well, and stored', async () => {
  const { clientId, visitor, agent } = await pair();
  agent.emit('send-message', { clientId, message: 'How can I help? 🙂', sender: 'admin' });
  const heard = await visitor.hears('new-message');
  assert.equal(heard.message, 'How can I help? 🙂');
  assert.equal(heard.sender, 'admin');
  const { body } = await request(stack, 'GET', sessionPath('history', clientId));
  assert.equal(body.total, 1);
  assert.equal(body.messages[0].message, 'How can I help? 🙂');
});

test('a messageId of the sender is kept, and a second send answers what the first one answered', async () => {
  const { clientId, visitor, agent } = await pair();
  const send = { clientId, message: 'Once', sender: 'client', messageId: 'm-1' };
  const first = await visitor.ask('send-message', send);
  assert.equal(first.messageId, 'm-1');
  assert.deepEqual(await visitor.ask('send-message', { ...send, message: 'Twice' }), first);
  await visitor.ask('send-message', { clientId, message: 'End', sender: 'client' });
  await agent.hears('new-message', (data) => data.message === 'End');
  assert.deepEqual(agent.all('new-message').map((data) => data.message), ['Once', 'End']);
  assert.equal(agent.all('new-message')[0].messageId, 'm-1');
});

test('typing reaches the others and not the one who types, and is not stored', async () => {
  const { clientId, visitor, agent } = await pair();
  visitor.emit('typing', { clientId, isTyping: true, sender: 'client' });
  assert.deepEqual(await agent.hears('typing'), { clientId, isTyping: true, sender: 'client' });
  await visitor.ask('send-message', { clientId, message: 'After', sender: 'client' });
  await visitor.hears('new-message');
  assert.deepEqual(visitor.all('typing'), []);
  const { body } = await request(stack, 'GET', sessionPath('history', clientId));
  assert.equal(body.total, 1);
});

test('a message by REST is heard in the room', async () => {
  const { clientId, visitor, agent } = await pair();
  const answer = await request(stack, 'POST', sessionPath('messages', clientId), {
    body: { message: 'By REST', sender: 'admin' },
  });
  assert.equal(answer.status, 201);
  for (const one of [visitor, agent]) {
    const heard = await one.hears('new-message');
    assert.equal(heard.message, 'By REST');
    assert.equal(heard.seq, answer.body.seq);
  }
});

test('a message by a plain INSERT is heard in the room', async () => {
  const { clientId, visitor } = await pair();
  await stack.sql(`SET @session = (SELECT id FROM session WHERE client_id = ${literal(clientId)});
                   INSERT INTO message (session_id, sender, body) VALUES (@session, 'admin', 'By INSERT');`);
  const heard = await visitor.hears('new-message');
  assert.equal(heard.message, 'By INSERT');
  assert.equal(heard.sender, 'admin');
  assert.equal(heard.seq, 1);
  assert.match(heard.createdAt, kTime);
});

test('CALL livechat_send is heard after COMMIT and never after ROLLBACK', async () => {
  const { clientId, visitor } = await pair();
  const name = literal(clientId);
  await stack.sql(`START TRANSACTION; CALL livechat_send(${name}, 'admin', 'never said'); ROLLBACK;
                   START TRANSACTION; CALL livechat_send(${name}, 'admin', 'said'); COMMIT;`);
  assert.equal((await visitor.hears('new-message')).message, 'said');
  assert.equal(visitor.all('new-message').length, 1);
});

test('messages by socket, REST and SQL come to every socket in the same order', async () => {
  const { clientId, visitor, agent } = await pair();
  const sends = [];
  for (let i = 0; i < 10; i += 1) {
    sends.push(visitor.ask('send-message', { clientId, message: `socket ${i}`, sender: 'client' }));
    sends.push(request(stack, 'POST', sessionPath('messages', clientId), {
      body: { message: `rest ${i}`, sender: 'admin' },
    }));
    sends.push(stack.sql(`CALL livechat_send(${literal(clientId)}, 'admin', 'sql ${i}')`));
  }
  await Promise.all(sends);
  for (const one of [visitor, agent]) {
    const heard = await one.hearsAll('new-message', 30);
    assert.deepEqual(heard.map((data) => data.seq), Array.from({ length: 30 }, (_, i) => i + 1));
  }
  const { body } = await request(stack, 'GET', sessionPath('history', clientId));
  assert.deepEqual(
    visitor.all('new-message').map((data) => data.message),
    body.messages.map((message) => message.message),
  );
});

test('join with "after" brings what was missed, in order, before anything newer', async () => {
  const { clientId, visitor } = await pair();
  for (let i = 1; i <= 5; i += 1) {
    await visitor.ask('send-message', { clientId, message: `m${i}`, sender: 'client' });
  }
  const late = await connect();
  const joined = late.ask('join', { clientId, after: 2 });
  await visitor.ask('send-message', { clientId, message: 'm6', sender: 'client' });
  assert.equal((await joined).status, 'ok');
  const heard = await late.hearsAll('new-message', 4);
  assert.deepEqual(heard.map((data) => data.seq), [3, 4, 5, 6]);
});

test('a socket in many rooms hears each of them, and those of others not', async () => {
  const agent = await connect();
  const rooms = [];
  for (let i = 0; i < 16; i += 1) {
    const clientId = await newSession(stack, 'room');
    assert.equal((await agent.ask('join', clientId)).status, 'ok');
    rooms.push(clientId);
  }
  const other = await newSession(stack, 'other');
  await stack.sql(`CALL livechat_send(${literal(other)}, 'client', 'not for you')`);
  await stack.sql(rooms.map((room) => `CALL livechat_send(${literal(room)}, 'client', 'to ${room}');`).join('\n'));
  const heard = await agent.hearsAll('new-message', rooms.length);
  assert.deepEqual(heard.map((data) => data.clientId).sort(), [...rooms].sort());
  for (const data of heard) assert.equal(data.message, `to ${data.clientId}`);
});

test('who left a room hears no more of it', async () => {
  const { clientId, visitor, agent } = await pair();
  assert.equal((await agent.ask('leave', clientId)).status, 'ok');
  await visitor.ask('send-message', { clientId, message: 'alone', sender: 'client' });
  await visitor.hears('new-message');
  assert.equal((await agent.ask('join', { clientId, after: 1 })).status, 'ok');
  await visitor.ask('send-message', { clientId, message: 'together', sender: 'client' });
  await agent.hears('new-message');
  assert.deepEqual(agent.all('new-message').map((data) => data.message), ['together']);
});

test('reading and closing are heard in the room', async () => {
  const { clientId, visitor, agent } = await pair();
  await visitor.ask('send-message', { clientId, message: 'Read me', sender: 'client' });
  await request(stack, 'PUT', sessionPath('read', clientId), { body: { sender: 'admin' } });
  assert.deepEqual(await visitor.hears('messages-read'), { clientId, reader: 'admin', upTo: 1 });
  await request(stack, 'PUT', sessionPath('close', clientId));
  assert.deepEqual(await agent.hears('session-closed'), { clientId });
  assert.equal((await visitor.ask('send-message', { clientId, message: 'Wait', sender: 'client' })).status, 'ok');
  assert.deepEqual(await agent.hears('session-opened'), { clientId });
});

for (const [what, payload, code] of [
  ['without a message', { sender: 'client' }, 'message_required'],
  ['of white space', { message: ' \n\t', sender: 'client' }, 'message_required'],
  ['of more than 64 KiB', { message: 'x'.repeat(65_537), sender: 'client' }, 'message_too_long'],
]) {
  test(`a message ${what} is refused with ${code}`, async () => {
    const { clientId, visitor } = await pair();
    const ack = await visitor.ask('send-message', { clientId, ...payload });
    assert.equal(ack.status, 'error');
    assert.equal(ack.code, code);
    assert.equal(typeof ack.message, 'string');
  });
}

test('a failed send without an ack is told by chat-error', async () => {
  const { clientId, visitor } = await pair();
  visitor.emit('send-message', { clientId, message: '', sender: 'client' });
  assert.equal((await visitor.hears('chat-error')).code, 'message_required');
});

test('odd events and payloads do no harm', async () => {
  const { clientId, visitor, agent } = await pair();
  for (const args of [
    ['no-such-event', 1], ['join'], ['join', null], ['join', 7], ['join', ['a']], ['send-message'],
    ['send-message', 'text'], ['send-message', { clientId: {}, message: [], sender: 1 }], ['typing', null],
    ['typing', { clientId, isTyping: 'perhaps', sender: 'robot' }], ['__proto__', {}], ['', ''],
    ['mark-read', {}], ['leave', { a: 1 }],
  ]) visitor.emit(...args);
  assert.equal((await visitor.ask('send-message', { clientId, message: 'fine', sender: 'client' })).status, 'ok');
  assert.equal((await agent.hears('new-message')).message, 'fine');
  assert.deepEqual(visitor.disconnects, []);
});

test('a hundred visitors talk at once and each hears only its own conversation', async () => {
  const visitors = await Promise.all(Array.from({ length: 100 }, async () => {
    const clientId = await newSession(stack, 'crowd');
    const client = await connect();
    await client.ask('join', clientId);
    return { clientId, client };
  }));
  await Promise.all(visitors.map(async ({ clientId, client }) => {
    for (let i = 1; i <= 5; i += 1) {
      const ack = await client.ask('send-message', { clientId, message: `${clientId} ${i}`, sender: 'client' });
      assert.equal(ack.seq, i);
    }
  }));
  for (const { clientId, client } of visitors) {
    const heard = await client.hearsAll('new-message', 5);
    assert.deepEqual(heard.map((data) => data.message), [1, 2, 3, 4, 5].map((i) => `${clientId} ${i}`));
  }
});
