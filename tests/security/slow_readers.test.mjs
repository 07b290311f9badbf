// Clients that read a long page slowly, or not at all, take no worker of REST away from the others.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';

const WORKERS = 4;
const MESSAGES = 60; // of control characters, six bytes each as JSON: 23 MB
let stack;
let long;
let short;
const deaf = [];

before(async () => {
  stack = await Stack.start({ fcgiWorkers: WORKERS });
  [long, short] = [await newSession(stack), await newSession(stack)];
  for (let i = 0; i < MESSAGES; i += 1) await stack.sql(`CALL livechat_send('${long}', 'client', REPEAT(CHAR(1), 65536))`);
});

after(async () => {
  for (const socket of deaf) socket.destroy();
  await stack?.stop();
});

// Asks for the long page and stops reading once the answer has begun.
async function askAndStop() {
  const socket = net.connect(stack.port, '127.0.0.1');
  deaf.push(socket);
  socket.write(`GET ${sessionPath('history', long)}?limit=200 HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [head] = await once(socket, 'data');
  assert.match(head.toString('latin1'), /^HTTP\/1.1 200 /);
  socket.pause();
}

test('twice as many of them as there are workers keep no one waiting', { timeout: 120_000 }, async () => {
  for (let i = 0; i < 2 * WORKERS; i += 1) await askAndStop();
  for (let i = 0; i < 20; i += 1) {
    const { status } = await request(stack, 'GET', sessionPath('history', short));
    assert.equal(status, 200);
  }
});
