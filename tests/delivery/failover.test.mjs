// The database's address leads to another server, or the way to it goes silent, while connections stand.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { DatabasePair } from '../harness/database_pair.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

const MOVED_MS = 5_000;
let pair;
let stack;

before(async () => {
  pair = await DatabasePair.start();
  stack = await Stack.start({ database: pair.dsn('owner'), programDatabase: pair.dsn('livechat'), set: ['wsd.reader_threads=3'] });
}, { timeout: 180_000 });

after(async () => {
  await stack?.stop();
  await pair?.stop();
});

async function send(clientId, message) {
  const { status } = await request(stack, 'POST', sessionPath('messages', clientId), { body: { message, sender: 'client', messageId: message } });
  return status === 201 || status === 200;
}

async function said(clientId, count, word) {
  for (let i = 0; i < count; i += 1) assert.ok(await send(clientId, `${word} ${i}`));
}

// Asks every reader of the daemon and every worker, by asking more at once than there are.
async function lastSeqs(clientId) {
  const clients = await Promise.all(Array.from({ length: 6 }, () => ChatClient.connect(stack)));
  const acks = await Promise.all(clients.map((client) => client.ask('join', { clientId, after: 0 })));
  for (const client of clients) client.close();
  return acks.map((ack) => ack.lastSeq);
}

test('idle connections that go silent cost a pause of seconds, and nothing is lost', { timeout: 120_000 }, async () => {
  const clientId = await newSession(stack);
  await said(clientId, 3, 'before the silence');
  // Of every worker.
  await Promise.all(Array.from({ length: 16 }, () => request(stack, 'GET', sessionPath('history', clientId))));
  await waitFor(() => pair.idle(3_000).length >= 4, 'idle connections');
  pair.silence(pair.idle(3_000));
  const begin = Date.now();
  const [sent, history] = await Promise.all([
    send(clientId, 'into the silence'), request(stack, 'GET', sessionPath('history', clientId)),
  ]);
  const took = Date.now() - begin;
  assert.ok(sent);
  assert.equal(history.status, 200);
  assert.ok(took < 10_000, `it took ${took} ms`);
  const { body } = await request(stack, 'GET', sessionPath('history', clientId));
  assert.deepEqual(body.messages.map(({ seq }) => seq), [1, 2, 3, 4]);
});

test('after a failover everybody reads and writes at the new server', { timeout: 120_000 }, async () => {
  const clientId = await newSession(stack);
  const listener = await ChatClient.connect(stack);
  await listener.ask('join', clientId);
  await said(clientId, 3, 'before');
  await lastSeqs(clientId);
  await pair.failOver();
  const begin = Date.now();
  await waitFor(() => send(clientId, 'first at the new one'), 'the first write at the new server');
  await said(clientId, 3, 'after');
  await waitFor(async () => (await lastSeqs(clientId)).every((seq) => seq === 7), 'all readers at the new server');
  const took = Date.now() - begin;
  assert.ok(took < 2 * MOVED_MS, `it took ${took} ms`);
  const { body } = await request(stack, 'GET', sessionPath('history', clientId));
  assert.equal(body.total, 7);
  await waitFor(() => new Set(listener.all('new-message').map(({ seq }) => seq)).size === 7, 'all messages at the listener');
  assert.deepEqual(listener.disconnects, [], 'a failover that lost nothing ends no connection');
  listener.close();
});
