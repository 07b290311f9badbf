// An agent behind a slow line: what visitors write must not break the connection, and nothing of it is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession } from '../harness/http.mjs';
import { Stack, memoryFactor } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

const MESSAGES = 40;
const TEXT = '\n'.repeat(60_000) + '.'; // twice as long as JSON
let stack;
let visitor;
const opened = [];

before(async () => {
  stack = await Stack.start({ set: ['wsd.ping_interval_ms=60000', 'wsd.ping_timeout_ms=60000'] });
  visitor = await connect();
});

after(async () => {
  for (const client of opened) client.close();
  await stack?.stop();
});

async function connect(options) {
  const client = await ChatClient.connect(stack, options);
  opened.push(client);
  return client;
}

// A stock client that stops reading and goes on reading.
async function agentOver(transport) {
  const client = await connect({ transports: [transport] });
  const { transport: carrier } = client.socket.io.engine;
  if (transport === 'websocket') {
    return Object.assign(client, { pause: () => carrier.ws._socket.pause(), resume: () => carrier.ws._socket.resume() });
  }
  const poll = carrier.doPoll;
  let due;
  return Object.assign(client, {
    pause: () => (carrier.doPoll = () => (due = true)),
    resume: () => {
      carrier.doPoll = poll;
      if (due) carrier.doPoll();
    },
  });
}

const send = (clientId, message) => visitor.ask('send-message', { clientId, message, sender: 'client' });

for (const transport of ['polling', 'websocket']) {
  test(`an agent on ${transport} who does not read for a while is not disconnected, and gets everything in order`, { timeout: 120_000 }, async () => {
    const clientId = await newSession(stack);
    const agent = await agentOver(transport);
    assert.equal((await agent.ask('watch-sessions')).status, 'ok');
    assert.equal((await agent.ask('join', clientId)).status, 'ok');
    const before = stack.memory('wsd-a');
    agent.pause();
    for (let i = 1; i <= MESSAGES; i += 1) assert.equal((await send(clientId, `${i}${TEXT}`)).status, 'ok');
    await stack.sql(`CALL livechat_close('${clientId}')`);
    assert.equal((await send(clientId, 'small')).status, 'ok');
    await stack.sql(`CALL livechat_send('${clientId}', 'admin', 'answer')`);
    assert.equal((await visitor.ask('mark-read', { clientId, sender: 'client' })).status, 'ok');
    assert.ok(stack.memory('wsd-a') - before < 16 * 1024 * memoryFactor, `${stack.memory('wsd-a') - before} KiB`);
    agent.resume();
    await waitFor(() => agent.all('new-message').length > MESSAGES + 1, 'all messages', 60_000);
    await agent.hears('messages-read', (one) => one.clientId === clientId);
    assert.deepEqual(agent.all('new-message').map(({ seq }) => seq), Array.from({ length: MESSAGES + 2 }, (_, i) => i + 1));
    const names = agent.heard.map(({ event }) => event).filter((event) => event.startsWith('session-') && event !== 'session-updated');
    assert.deepEqual(names, ['session-closed', 'session-opened']);
    await waitFor(() => agent.all('session-updated').at(-1)?.lastMessage.message === 'answer', 'the newest state of the session');
    assert.deepEqual(agent.disconnects, []);
    // And it is live again.
    await send(clientId, 'live');
    await agent.hears('new-message', ({ message }) => message === 'live');
    agent.close();
  });
}

test('an agent who watches is not disconnected by many long messages at once, and gets every newest state', { timeout: 120_000 }, async () => {
  const agent = await agentOver('websocket');
  assert.equal((await agent.ask('watch-sessions')).status, 'ok');
  const clientIds = [];
  for (let i = 0; i < MESSAGES; i += 1) clientIds.push(await newSession(stack));
  agent.pause();
  for (const clientId of clientIds) assert.equal((await send(clientId, `1${TEXT}`)).status, 'ok');
  for (const clientId of clientIds) assert.equal((await send(clientId, `2${TEXT}`)).status, 'ok');
  agent.resume();
  const newest = (clientId) => agent.all('session-updated').filter((one) => one.clientId === clientId).at(-1)?.lastMessage?.seq;
  await waitFor(() => clientIds.every((clientId) => newest(clientId) === 2), 'the newest states', 60_000);
  assert.deepEqual(agent.disconnects, []);
});
