// A stock client with `retries` and `ackTimeout`, and a REST client that repeats what was not answered,
// through the death of every program: each message is there once, in the sender's order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { io } from 'socket.io-client';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from './lib/reader.mjs';
import { messagesOf } from './lib/rooms.mjs';

const MESSAGES = 300;

let stack;
const opened = [];

before(async () => {
  stack = await Stack.start({ wsDaemons: 2, fcgiWorkers: 3 });
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

// Sends all with the client's own retries; resolves when all are acknowledged.
function sendWithRetries(clientId, acknowledged) {
  const socket = io(stack.url, {
    transports: ['websocket'], forceNew: true, retries: 1000, ackTimeout: 1000,
    reconnectionDelay: 50, reconnectionDelayMax: 200,
  });
  opened.push(socket);
  return Promise.all(Array.from({ length: MESSAGES }, (_, i) => send(i)));

  async function send(i) {
    for (;;) {
      const message = { clientId, message: `socket ${i}`, sender: 'client', messageId: `s${i}` };
      const answer = await socket.emitWithAck('send-message', message);
      if (answer.status === 'ok') {
        acknowledged.set(`s${i}`, answer.seq);
        return;
      }
      // The application's own retry: the database was away.
      assert.ok(['unavailable', 'busy'].includes(answer.code), JSON.stringify(answer));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function sendOverRest(clientId, acknowledged) {
  for (let i = 0; i < MESSAGES; i += 1) {
    await waitFor(async () => {
      const body = { message: `rest ${i}`, sender: 'client', messageId: `r${i}` };
      const answer = await request(stack, 'POST', sessionPath('messages', clientId), { body })
        .catch((error) => ({ status: error.code }));
      if (answer.status === 201 || answer.status === 200) {
        acknowledged.set(`r${i}`, answer.body.seq);
        return true;
      }
      assert.ok(![400, 404, 500].includes(answer.status), JSON.stringify(answer));
      return false;
    }, `message ${i} over REST`, 60_000);
  }
}

// Senders go on without a program that was killed, maybe faster than it comes back.
const programs = ['mariadb', 'fcgi', 'wsd-a', 'wsd-b', 'nginx'];

async function through(name, disturb) {
  // What the test before killed may still be on its way back.
  await waitFor(() => programs.every((program) => stack.pid(program)), 'all programs', 60_000);
  const clientId = await waitFor(() => newSession(stack).catch(() => null), 'REST to answer', 60_000);
  const reader = await Reader.open(stack.url, [[clientId, 0]]);
  opened.push(reader);
  const acknowledged = new Map();
  const sending = Promise.all([sendWithRetries(clientId, acknowledged), sendOverRest(clientId, acknowledged)]);
  for (let round = 1; round <= 3; round += 1) {
    const goal = Math.min((round * MESSAGES) / 3, 2 * MESSAGES - 10);
    await waitFor(() => acknowledged.size >= goal, `acknowledgements before ${name} ${round}`, 60_000);
    await waitFor(() => programs.every((program) => stack.pid(program)), `all programs before ${name}`, 60_000);
    await disturb();
  }
  await sending;

  const stored = await messagesOf(stack, clientId);
  assert.equal(stored.length, 2 * MESSAGES);
  assert.deepEqual(new Map(stored.map(({ messageId, seq }) => [messageId, seq])), acknowledged);
  // What REST sent was sent one after the other.
  const rest = stored.filter(({ messageId }) => messageId.startsWith('r')).map(({ messageId }) => messageId);
  assert.deepEqual(rest, Array.from({ length: MESSAGES }, (_, i) => `r${i}`));
  await reader.reaches(clientId, stored.length);
  assert.deepEqual(reader.problems, []);
  assert.deepEqual(reader.texts(clientId), stored.map(({ text }) => text));
}

test('through killed daemons', () => through('killing the daemons', async () => {
  await Promise.all([stack.kill('wsd-a'), stack.kill('wsd-b')]);
}));

test('through killed REST workers and their master', () => through('killing the workers', async () => {
  const master = stack.pid('fcgi');
  for (const pid of stack.children('fcgi')) process.kill(pid, 'SIGKILL');
  assert.equal(stack.pid('fcgi'), master);
  await waitFor(() => stack.children('fcgi').length === 3, 'new workers');
  await stack.kill('fcgi');
}));

test('through a killed MariaDB', () => through('killing the database', async () => {
  await stack.kill('mariadb');
  await waitFor(() => stack.sql('SELECT 1;').then(() => true, () => false), 'the database');
}));

// The last to be tried again: the others are back by then.
test('through a killed nginx', () => through('killing nginx', () => stack.kill('nginx')));
