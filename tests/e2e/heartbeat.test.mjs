// Heartbeats both ways: the daemon's pings keep a silent client, and a client without pongs is let go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';

import { ChatClient } from '../harness/chat_client.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

let stack;

before(async () => {
  stack = await Stack.start({ set: ['wsd.ping_interval_ms=200', 'wsd.ping_timeout_ms=300'] });
}, { timeout: 120_000 });

after(() => stack?.stop());

test('a silent stock client is pinged again and again and stays', async () => {
  const client = await ChatClient.connect(stack);
  let pings = 0;
  client.socket.io.on('ping', () => (pings += 1));
  await waitFor(() => pings >= 5, 'five pings');
  assert.deepEqual(client.disconnects, []);
  client.close();
});

test('a client that does not answer pings is let go after the timeout', async () => {
  const started = Date.now();
  const peer = new WebSocket(`ws://127.0.0.1:${stack.port}/socket.io/?EIO=4&transport=websocket`);
  const heard = [];
  peer.on('message', (data) => heard.push(data.toString()));
  const closed = new Promise((resolve) => peer.on('close', resolve));
  await new Promise((resolve) => peer.on('open', resolve));
  await closed;
  const lived = Date.now() - started;
  assert.ok(lived >= 450 && lived < 5_000, `lived for ${lived} ms`);
  assert.equal(JSON.parse(heard[0].slice(1)).pingInterval, 200);
  assert.deepEqual(heard.slice(1), ['2']);
});

test('a stock client notices that the daemon is frozen and comes back when it is not', async () => {
  const client = await ChatClient.connect(stack, { reconnectionDelay: 50, reconnectionDelayMax: 100 });
  stack.signal('wsd-a', 'SIGSTOP');
  try {
    await waitFor(() => client.disconnects.includes('ping timeout'), 'the end by ping timeout');
  } finally {
    stack.signal('wsd-a', 'SIGCONT');
  }
  await waitFor(() => client.socket.connected, 'the new connection');
  client.close();
});
