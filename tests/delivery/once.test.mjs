// Exactly once for the sender: a messageId names a message within its session, whichever way it comes;
// a second send changes nothing and answers what the first one answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { Reader } from './lib/reader.mjs';
import { messagesOf, openSession, plainInsert, sendOnceCall, sessionId } from './lib/rooms.mjs';

let stack;
const opened = [];

before(async () => {
  stack = await Stack.start({ wsDaemons: 2, fcgiWorkers: 4 });
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

async function connect() {
  const client = await ChatClient.connect(stack);
  opened.push(client);
  return client;
}

function session() {
  const one = openSession(stack);
  opened.push({ close: () => one.kill() });
  return one;
}

function post(clientId, body) {
  return request(stack, 'POST', sessionPath('messages', clientId), { body: { sender: 'client', ...body } });
}

test('a resend over the socket answers what the first one answered, whatever it says', async () => {
  const clientId = await newSession(stack);
  const client = await connect();
  await client.ask('join', clientId);
  const message = { clientId, message: 'once', sender: 'client', messageId: 'id 1' };
  const first = await client.ask('send-message', message);
  assert.equal(first.status, 'ok');
  assert.deepEqual(await client.ask('send-message', message), first);
  assert.deepEqual(await client.ask('send-message', { ...message, message: 'other', sender: 'admin' }), first);
  const next = await client.ask('send-message', { clientId, message: 'next', sender: 'client' });
  assert.equal(next.seq, 2);
  await client.hears('new-message', ({ seq }) => seq === 2);
  assert.deepEqual(client.all('new-message').map(({ seq, message: text, messageId }) => [seq, text, messageId]),
    [[1, 'once', 'id 1'], [2, 'next', undefined]]);
});

test('a resend over REST, and over the other ways, answers what the first one answered', async () => {
  const clientId = await newSession(stack);
  const client = await connect();
  const sent = await post(clientId, { message: 'once', messageId: 'é😀' });
  assert.equal(sent.status, 201);
  const again = await post(clientId, { message: 'twice', messageId: 'é😀' });
  assert.ok([200, 201].includes(again.status));
  assert.deepEqual(again.body, sent.body);
  const socket = await client.ask('send-message', { clientId, message: 'thrice', sender: 'client', messageId: 'é😀' });
  assert.deepEqual(socket, { status: 'ok', ...sent.body });
  await stack.sql(sendOnceCall(clientId, 'four times', 'é😀') + ';');
  await assert.rejects(stack.sql(plainInsert(await sessionId(stack, clientId), 'five times', 'é😀') + ';'), /ERROR 1062/);
  assert.deepEqual(await messagesOf(stack, clientId), [{ seq: 1, text: 'once', messageId: 'é😀' }]);
});

test('a messageId that SQL has given is known to the socket and to REST', async () => {
  const clientId = await newSession(stack);
  await stack.sql(sendOnceCall(clientId, 'by CALL', 'c') + ';' + plainInsert(await sessionId(stack, clientId), 'by INSERT', 'i') + ';');
  const client = await connect();
  const [c, i] = await Promise.all(['c', 'i'].map((messageId) =>
    client.ask('send-message', { clientId, message: 'again', sender: 'client', messageId })));
  assert.deepEqual([c.seq, i.seq], [1, 2]);
  assert.equal((await post(clientId, { message: 'again', messageId: 'i' })).body.seq, 2);
  assert.deepEqual((await messagesOf(stack, clientId)).map(({ text }) => text), ['by CALL', 'by INSERT']);
});

test('a messageId compares byte for byte and belongs to its session alone', async () => {
  const [one, other] = [await newSession(stack), await newSession(stack)];
  const client = await connect();
  const names = ['a', 'A', 'a ', 'ä', 'a\u0308', '😀', '😁'];
  for (const messageId of names) {
    const answer = await client.ask('send-message', { clientId: one, message: messageId, sender: 'client', messageId });
    assert.equal(answer.messageId, messageId);
  }
  assert.equal((await messagesOf(stack, one)).length, names.length);
  const there = await client.ask('send-message', { clientId: other, message: 'x', sender: 'client', messageId: 'a' });
  assert.equal(there.seq, 1);
});

test('the same messageId twice in one batch of the daemon is one message', async () => {
  const clientId = await newSession(stack);
  const client = await connect();
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) =>
    client.ask('send-message', { clientId, message: `m${i}`, sender: 'client', messageId: `id${i % 10}` })));
  for (const [i, answer] of answers.entries()) {
    assert.equal(answer.status, 'ok');
    assert.equal(answer.seq, answers[i % 10].seq);
    assert.equal(answer.createdAt, answers[i % 10].createdAt);
  }
  assert.equal((await messagesOf(stack, clientId)).length, 10);
});

test('the same messageId at once from sixty connections of all kinds is one message', async () => {
  const clientId = await newSession(stack);
  const reader = await Reader.open(stack.url, [clientId]);
  opened.push(reader);
  const clients = await Promise.all(Array.from({ length: 20 }, connect));
  const sessions = Array.from({ length: 20 }, session);
  await Promise.all(sessions.map((one) => one.run('SELECT 1')));
  const number = await sessionId(stack, clientId);
  const rounds = 15;
  for (let round = 0; round < rounds; round += 1) {
    const messageId = `round ${round}`;
    const answers = await Promise.all([
      ...clients.map((client, i) =>
        client.ask('send-message', { clientId, message: `socket ${i}`, sender: 'client', messageId })),
      ...clients.map(async (_, i) => (await post(clientId, { message: `rest ${i}`, messageId })).body),
      ...sessions.map((one, i) => (i % 2 === 0
        ? one.run(sendOnceCall(clientId, `call ${i}`, messageId))
        : one.run(plainInsert(number, `insert ${i}`, messageId)).catch((error) => {
          assert.equal(error.code, 1062, error.message);
        }))),
    ]);
    const [first] = answers;
    assert.equal(first.status, 'ok');
    for (const answer of answers.slice(0, 40)) {
      assert.equal(answer.seq, round + 1, JSON.stringify(answer));
      assert.equal(answer.createdAt, first.createdAt);
      assert.equal(answer.messageId, messageId);
    }
  }
  const stored = await messagesOf(stack, clientId);
  assert.deepEqual(stored.map(({ messageId }) => messageId), Array.from({ length: rounds }, (_, i) => `round ${i}`));
  await reader.reaches(clientId, rounds);
  assert.deepEqual(reader.problems, []);
  assert.deepEqual(reader.texts(clientId), stored.map(({ text }) => text));
});

test('livechat_send_once, in the same instant from many connections, fails for none of them', async () => {
  const sessions = Array.from({ length: 12 }, session);
  const rooms = await Promise.all(Array.from({ length: 4 }, () => newSession(stack)));
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(sessions.map((one, i) => one.run(sendOnceCall(rooms[i % 4], `from ${i}`, `round ${round}`))));
  }
  for (const room of rooms) {
    const stored = await messagesOf(stack, room);
    assert.deepEqual(stored.map(({ messageId }) => messageId), Array.from({ length: 100 }, (_, i) => `round ${i}`));
  }
});

test('livechat_send_once knows what was committed after its transaction began', async () => {
  const clientId = await newSession(stack);
  const [one, other] = [session(), session()];
  await one.run('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  await other.run(sendOnceCall(clientId, 'first', 'id'));
  await one.run(sendOnceCall(clientId, 'second', 'id'));
  await one.run(sendOnceCall(clientId, 'another', 'other id'));
  await one.run(sendOnceCall(clientId, 'another one', 'other id'));
  await one.run('COMMIT');
  assert.deepEqual((await messagesOf(stack, clientId)).map(({ text }) => text), ['first', 'another']);
});

test('a malformed messageId is refused by name, on every way', async () => {
  const clientId = await newSession(stack);
  const client = await connect();
  for (const messageId of ['', 'x'.repeat(65), 7, {}, [], true, 'line\nfeed', '\u0000']) {
    const answer = await client.ask('send-message', { clientId, message: 'm', sender: 'client', messageId });
    assert.equal(answer.code, 'message_id_invalid', JSON.stringify(messageId));
    const { status, body } = await post(clientId, { message: 'm', messageId });
    assert.deepEqual([status, body.code], [400, 'message_id_invalid'], JSON.stringify(messageId));
  }
  const longest = '😀'.repeat(64);
  assert.equal((await post(clientId, { message: 'm', messageId: longest })).body.messageId, longest);
  assert.equal((await messagesOf(stack, clientId)).length, 1);
});
