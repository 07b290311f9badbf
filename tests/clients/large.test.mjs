// A message of the largest size, whatever is in it: JSON makes some bytes six times as long, and the wire has
// to carry that on every way in and out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { transports } from './lib/conversation.mjs';
import { PlainClient } from './lib/plain_client.mjs';

const kBytes = 65_536;
const texts = {
  quotes: '"'.repeat(kBytes),
  'line breaks': '\n'.repeat(kBytes - 1) + '.',
  'control characters': `.${'\u0001'.repeat(kBytes - 2)}.`,
  'source code': 'if (a < b) { print("x\\n"); }\n\t'.repeat(3000).slice(0, kBytes - 1) + '.',
  emoji: '😀'.repeat(kBytes / 4),
};
let stack;

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(() => stack?.stop());

test('the largest messages come through on every transport', { timeout: 120_000 }, async (t) => {
  const clientId = await newSession(stack);
  const senders = Object.entries(transports).map(([name, options]) => [name, new ChatClient(stack.url, { transports: undefined, ...options })]);
  const plain = await PlainClient.open(stack);
  t.after(() => [...senders.map(([, client]) => client), plain].forEach((client) => client.close()));
  for (const [, client] of senders) assert.equal((await client.ask('join', clientId)).status, 'ok');
  assert.equal((await plain.ask('join', clientId)).status, 'ok');

  let sent = 0;
  for (const [what, message] of Object.entries(texts)) {
    for (const [name, client] of [...senders, ['/ws', plain]]) {
      const ack = await client.ask('send-message', { clientId, sender: 'client', message });
      assert.equal(ack.status, 'ok', `${what} over ${name}: ${JSON.stringify(ack)}`);
      sent += 1;
    }
    const posted = await request(stack, 'POST', sessionPath('messages', clientId), { body: { sender: 'client', message } });
    assert.equal(posted.status, 201, `${what} over REST`);
    sent += 1;
    for (const [name, client] of senders) {
      await waitFor(() => client.all('new-message').length >= sent, `${what} at ${name}`);
      assert.ok(client.all('new-message').slice(-1)[0].message === message, `${what} at ${name}`);
      assert.deepEqual(client.disconnects, [], name);
    }
    await waitFor(() => plain.heard('new-message').length >= sent, `${what} at /ws`);
    assert.equal(plain.connects(), 1);
  }
});

test('what is too large for the wire is refused with the limit, and costs a polling client nothing else', async () => {
  const endpoint = '/socket.io/?EIO=4&transport=polling';
  const { sid } = JSON.parse((await request(stack, 'GET', endpoint)).text.slice(1));
  const refused = await request(stack, 'POST', `${endpoint}&sid=${sid}`, { body: `4${'x'.repeat(1_000_000)}` });
  assert.equal(refused.status, 413);
  assert.match(refused.text, /payload_too_large: .*1000000 bytes/);
  assert.equal((await request(stack, 'POST', `${endpoint}&sid=${sid}`, { body: '40' })).text, 'ok');
  assert.match((await request(stack, 'GET', `${endpoint}&sid=${sid}`)).text, /^40\{/);
});
