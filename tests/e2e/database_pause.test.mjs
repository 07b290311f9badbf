// The database pauses for a moment while visitors connect: they wait for it, and stay.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { ChatClient } from '../harness/chat_client.mjs';
import { request } from '../harness/http.mjs';
import { learn } from '../harness/secrets.mjs';
import { Stack } from '../harness/stack.mjs';

const VISITORS = 40;
const PAUSE_MS = 400;
const REVIEW_MS = 2000; // how often the daemon looks whose access has ended
let stack;

before(async () => {
  stack = await Stack.start({ auth: 'token' });
});

after(() => stack?.stop());

test('visitors who connect meanwhile are not sent away', async () => {
  const { body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId: 'paused' } });
  learn(body.token);
  const clients = [];
  // Pauses at all places between two reviews, with visitors who come in each of them.
  const until = Date.now() + 2 * REVIEW_MS + PAUSE_MS;
  while (Date.now() < until) {
    stack.signal('mariadb', 'SIGSTOP');
    const coming = Array.from({ length: VISITORS / 8 }, () => {
      const client = new ChatClient(stack.url, { auth: { token: body.token }, reconnection: false });
      clients.push(client);
      return new Promise((resolve, reject) => {
        client.socket.once('connect', resolve);
        client.socket.once('connect_error', reject);
      });
    });
    try {
      await sleep(PAUSE_MS); // the length of the pause is the case
    } finally {
      stack.signal('mariadb', 'SIGCONT');
    }
    await Promise.all(coming);
  }
  const late = await ChatClient.connect(stack, { auth: { token: body.token } });
  clients.push(late);
  await sleep(REVIEW_MS / 2); // what a review has to say of them is said
  for (const client of clients) {
    assert.deepEqual(client.disconnects, []);
    assert.equal((await client.ask('join', 'paused')).status, 'ok');
    client.close();
  }
});
