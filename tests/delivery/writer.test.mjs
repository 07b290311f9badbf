// The daemon's writer: a full queue says so at once, and what cannot be written fails alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { messagesOf, openSession, sendCall } from './lib/rooms.mjs';

const QUEUE = 50;
let stack;
let client;
let holder;

before(async () => {
  // The writer waits for a held conversation for longer than a busy machine needs to fill the queue.
  stack = await Stack.start({ set: [`wsd.writer_queue=${QUEUE}`, 'database.lock_timeout_s=60'] });
  client = await ChatClient.connect(stack);
});

after(async () => {
  holder?.kill();
  client?.close();
  await stack?.stop();
});

const send = (clientId, message, more) => client.ask('send-message', { clientId, message, sender: 'client', ...more });

test('a full queue answers busy at once, and what was taken in is written', async () => {
  const room = await newSession(stack);
  holder = openSession(stack);
  await holder.run('START TRANSACTION');
  await holder.run(sendCall(room, 'held'));
  const answers = [];
  const all = Array.from({ length: 4 * QUEUE }, async (_, i) => {
    const answer = await send(room, `m${i}`, { messageId: `id ${i}` });
    answers.push({ ...answer, text: `m${i}` });
  });
  // As many as may wait, and as many as are on their way to the database, are not answered yet.
  await waitFor(() => answers.length >= 2 * QUEUE, 'the refusals');
  assert.deepEqual(new Set(answers.map(({ code }) => code)), new Set(['busy']));
  await holder.run('COMMIT');
  await Promise.all(all);
  const written = answers.filter(({ status }) => status === 'ok').sort((a, b) => a.seq - b.seq);
  assert.ok(written.length >= QUEUE, `${written.length} written`);
  assert.deepEqual((await messagesOf(stack, room)).map(({ text }) => text), ['held', ...written.map(({ text }) => text)]);
  assert.equal((await send(room, 'after')).status, 'ok');
});

test('what cannot be written fails alone', async () => {
  const rooms = [await newSession(stack), 'nobody has opened this', await newSession(stack)];
  const answers = await Promise.all(Array.from({ length: 45 }, (_, i) => send(rooms[i % 3], `m${i}`)));
  for (const [i, { status, code }] of answers.entries()) {
    assert.deepEqual([status, code], i % 3 === 1 ? ['error', 'session_not_found'] : ['ok', undefined]);
  }
  assert.deepEqual((await messagesOf(stack, rooms[2])).map(({ text }) => text), Array.from({ length: 15 }, (_, i) => `m${3 * i + 2}`));
});
