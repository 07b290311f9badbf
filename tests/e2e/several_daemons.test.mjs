// Two daemons on one database: clients hear the same on both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { literal } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';

let stack;

before(async () => {
  stack = await Stack.start({ wsDaemons: 2 });
}, { timeout: 120_000 });

after(() => stack?.stop());

test('messages by socket, REST and SQL come to every socket of both daemons in the same order', async () => {
  const clientId = await newSession(stack);
  // nginx takes the daemons in turn.
  const clients = await Promise.all(Array.from({ length: 4 }, () => ChatClient.connect(stack)));
  for (const client of clients) assert.equal((await client.ask('join', clientId)).status, 'ok');
  const sends = [];
  for (let i = 0; i < 10; i += 1) {
    clients.forEach((client, n) => {
      sends.push(client.ask('send-message', { clientId, message: `socket ${n} ${i}`, sender: 'client' }));
    });
    sends.push(request(stack, 'POST', sessionPath('messages', clientId), {
      body: { message: `rest ${i}`, sender: 'admin' },
    }));
    sends.push(stack.sql(`CALL livechat_send(${literal(clientId)}, 'admin', 'sql ${i}')`));
  }
  await Promise.all(sends);
  const { body } = await request(stack, 'GET', sessionPath('history', clientId, '?limit=200'));
  assert.equal(body.total, 60);
  const expected = body.messages.map(({ seq, message }) => ({ seq, message }));
  for (const client of clients) {
    const heard = await client.hearsAll('new-message', 60);
    assert.deepEqual(heard.map(({ seq, message }) => ({ seq, message })), expected);
    client.close();
  }
});
