// A daemon that is told to stop first writes and acknowledges what its sockets have sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession } from '../harness/http.mjs';
import { SqlSession } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

let stack;
before(async () => (stack = await Stack.start()));
after(() => stack?.stop());

// Waits for the next daemon to serve, and gives what it takes to wait for the one after it.
let starts = 0;
async function served() {
  const count = () => stack.log('wsd-a').split('event=ready').length - 1;
  await waitFor(() => count() > starts, 'the daemon');
  starts = count();
}

test('what was sent before SIGTERM is acknowledged, however many there are', async () => {
  await served();
  const clientId = await newSession(stack);
  const client = await ChatClient.connect(stack);
  await client.ask('join', clientId);
  // The session is held, so that all of it waits in the daemon.
  const holder = new SqlSession(stack.admin);
  await holder.run('BEGIN');
  await holder.run(`SELECT id FROM session WHERE client_id = '${clientId}' FOR UPDATE`);
  const acks = [];
  for (let i = 0; i < 500; i += 1) {
    client.socket.emit('send-message', { clientId, message: `m${i}`, sender: 'client' }, (ack) => acks.push(ack));
  }
  await client.ask('no-such-event'); // everything before it has been read
  const ended = stack.kill('wsd-a', 'SIGTERM');
  await waitFor(() => stack.log('wsd-a').includes('event=stopping'), 'the stop to begin');
  assert.equal(acks.length, 0);
  await holder.run('COMMIT');
  await ended;
  await waitFor(() => client.disconnects.length > 0, 'the end of the connection');
  assert.equal(acks.length, 500);
  assert(acks.every((ack) => ack.status === 'ok'), JSON.stringify(acks.find((ack) => ack.status !== 'ok')));
  assert.deepEqual(acks.map((ack) => ack.seq), Array.from({ length: 500 }, (_, i) => i + 1));
  await holder.end();
  client.socket.close();
});

test('what cannot be written holds up the stop for a bounded time', async () => {
  await served();
  const clientId = await newSession(stack);
  const client = await ChatClient.connect(stack);
  const holder = new SqlSession(stack.admin);
  await holder.run('BEGIN');
  await holder.run(`SELECT id FROM session WHERE client_id = '${clientId}' FOR UPDATE`);
  client.emit('send-message', { clientId, message: 'x', sender: 'client' });
  await client.ask('no-such-event');
  const start = Date.now();
  await stack.kill('wsd-a', 'SIGTERM');
  assert(Date.now() - start < 12_000);
  assert.match(stack.log('wsd-a'), /event=not_drained/);
  await holder.run('ROLLBACK');
  await holder.end();
  client.socket.close();
});
