// Daemons and workers that end, are killed and come back while clients are connected.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

let stack;
const quick = { reconnectionDelay: 50, reconnectionDelayMax: 200 };

before(async () => {
  stack = await Stack.start({ wsDaemons: 2 });
}, { timeout: 120_000 });

after(() => stack?.stop());

test('SIGTERM: the daemon tells its clients, ends with status 0, and they come back', async () => {
  const clients = [await ChatClient.connect(stack, quick), await ChatClient.connect(stack, quick)];
  for (const name of ['wsd-a', 'wsd-b']) await stack.restart(name, 'SIGTERM');
  for (const client of clients) {
    await waitFor(() => client.disconnects.length > 0, 'the news of the end');
    assert.equal(client.disconnects[0], 'transport close');
  }
  for (const name of ['wsd-a', 'wsd-b']) {
    assert.match(stack.output, new RegExp(`${name} ended with status 0`));
  }
  for (const client of clients) {
    await waitFor(() => client.socket.connected, 'the new connection');
    client.close();
  }
});

test('while one daemon is away, new clients get the other one', async () => {
  await stack.take('wsd-a', 'SIGKILL');
  const clients = await Promise.all(Array.from({ length: 10 }, () =>
    ChatClient.connect(stack, { reconnection: false })));
  for (const client of clients) client.close();
  await stack.bring('wsd-a');
});

test('a daemon that is killed comes back, and a client that resumes misses nothing', async () => {
  const clientId = await newSession(stack);
  const client = await ChatClient.connect(stack, quick);
  assert.equal((await client.ask('join', clientId)).status, 'ok');
  await client.ask('send-message', { clientId, message: 'before', sender: 'client' });
  await client.hears('new-message');

  await Promise.all(['wsd-a', 'wsd-b'].map((name) => stack.kill(name, 'SIGKILL')));
  const sent = await request(stack, 'POST', sessionPath('messages', clientId), {
    body: { message: 'meanwhile', sender: 'admin' },
  });
  assert.equal(sent.status, 201);
  await waitFor(() => client.disconnects.length > 0 && client.socket.connected, 'the new connection');
  assert.equal((await client.ask('join', { clientId, after: 1 })).status, 'ok');
  await client.hears('new-message', (data) => data.message === 'meanwhile');
  assert.deepEqual([...new Set(client.all('new-message').map((data) => data.seq))], [1, 2]);
  client.close();
});

test('SIGHUP to livechat-fcgi loses no request', async () => {
  const clientId = await newSession(stack);
  let done = false;
  const statuses = new Map();
  const load = Array.from({ length: 4 }, async () => {
    while (!done) {
      const { status } = await request(stack, 'GET', sessionPath('history', clientId));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  const answered = () => [...statuses.values()].reduce((sum, count) => sum + count, 0);
  for (let i = 0; i < 20; i += 1) {
    const before = answered();
    stack.signal('fcgi', 'SIGHUP');
    await waitFor(() => answered() > before + 40, 'more answers');
  }
  done = true;
  await Promise.all(load);
  assert.deepEqual([...statuses.keys()], [200]);
});

test('nginx and livechat-fcgi, killed, are back and answer', async () => {
  for (const name of ['nginx', 'fcgi']) {
    await stack.kill(name, 'SIGKILL');
    await waitFor(async () => {
      const answer = await request(stack, 'GET', '/api/chat/sessions').catch(() => undefined);
      // A worker of the one that was killed may answer once more.
      return answer?.status === 200 && stack.pid(name) !== undefined;
    }, `an answer after the end of ${name}`);
  }
});

test('while livechat-fcgi is away the answer is 503 with Retry-After, as a problem document', async () => {
  await stack.take('fcgi');
  const answer = await request(stack, 'GET', '/api/chat/sessions');
  assert.equal(answer.status, 503);
  assert.match(answer.headers['retry-after'], /^\d+$/);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.body.code, 'unavailable');
  assert.equal(answer.body.status, 503);
  assert.equal(answer.body.requestId, answer.headers['x-request-id']);
  await stack.bring('fcgi');
  await waitFor(async () => (await request(stack, 'GET', '/api/chat/sessions')).status === 200, 'the return');
});
