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
  await holder.end();
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

// A trigger of the site's own, made while the daemon runs, refuses the rows of one conversation, slowly; while
// the others of its batch are written one by one, a conversation that was held is let go.
test('a conversation that is let go while its batch is written row by row keeps its order', async (t) => {
  const [room, refused] = [await newSession(stack), await newSession(stack)];
  await stack.sql(`
    CREATE TABLE refusal (number INT NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=MyISAM;
    DELIMITER //
    CREATE TRIGGER refuse_some BEFORE INSERT ON message FOR EACH ROW
    BEGIN
      IF NEW.body LIKE 'refuse%' THEN
        INSERT INTO refusal VALUES ();
        DO SLEEP(1);
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test';
      END IF;
    END//`);
  t.after(async () => {
    await holder.run('ROLLBACK'); // a failed test would leave it open, and the table locked
    await stack.sql('DROP TRIGGER refuse_some; DROP TABLE refusal;');
  });
  const refusals = async () => Number((await stack.sql('SELECT COUNT(*) FROM refusal;'))[0][0]);
  // What was prepared before the trigger does not know its table; it is prepared again.
  const taken = async () => (await send(refused, 'refuse 0')).code === 'internal' && await refusals() > 0;
  await waitFor(taken, 'a message that the trigger sees');
  const before = await refusals();
  holder = openSession(stack);
  await holder.run('START TRANSACTION');
  await holder.run(sendCall(room, 'held'));
  // While this one is refused, the others gather and become one batch.
  const answers = [send(refused, 'refuse 1')];
  await waitFor(async () => await refusals() >= before + 1, 'the first refusal');
  answers.push(send(room, 'one'), send(refused, 'refuse 2'), send(room, 'two'));
  await waitFor(async () => await refusals() >= before + 3, 'the refusal of a single row');
  await holder.run('COMMIT');
  const codes = (await Promise.all(answers)).map(({ status, code }) => code ?? status);
  assert.deepEqual(codes, ['internal', 'ok', 'internal', 'ok']);
  assert.deepEqual((await messagesOf(stack, room)).map(({ text }) => text), ['held', 'one', 'two']);
});
