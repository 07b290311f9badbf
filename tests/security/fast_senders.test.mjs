// A visitor who sends faster than [abuse] allows is read no faster than that: nothing is refused, nothing is lost, and
// the connection stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { request } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { PlainClient } from '../clients/lib/plain_client.mjs';

const EVENTS = 60;
let stack;

before(async () => {
  stack = await Stack.start({ auth: 'token', limits: true, set: ['abuse.socket_events_per_second=20', 'abuse.socket_burst_s=1', 'abuse.join_per_visitor=0'] });
});

after(() => stack?.stop());

let visitors = 0;
async function newVisitor() {
  const clientId = `fast-${++visitors}`;
  const { body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
  return { clientId, token: body.token };
}

// All at once, each with an acknowledgement.
async function flood(client, clientId) {
  const answers = await Promise.all(Array.from({ length: EVENTS }, () => client.ask('join', clientId)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set(['ok']));
}

for (const transport of ['websocket', 'polling']) {
  test(`on ${transport}`, { timeout: 60_000 }, async () => {
    const { clientId, token } = await newVisitor();
    const client = await ChatClient.connect(stack, { auth: { token }, transports: [transport] });
    await flood(client, clientId);
    await flood(client, clientId);
    assert.deepEqual(client.disconnects, []);
    client.close();
  });
}

test('over /ws', { timeout: 60_000 }, async () => {
  const { clientId, token } = await newVisitor();
  const client = await PlainClient.open(stack);
  assert.equal((await client.ask('auth', { token })).status, 'ok');
  await flood(client, clientId);
  await flood(client, clientId);
  assert.equal(client.connects(), 1);
  client.close();
});
