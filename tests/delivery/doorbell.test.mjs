// How soon a daemon looks for what was committed: at once when the doorbell rings, and without one by itself.
import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from './lib/reader.mjs';

async function freeUdpPort() {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

// Sends over REST, one after the other; gives how long each took from its 201 to the reader, in ms, sorted.
async function latencies(set, count) {
  const stack = await Stack.start({ set });
  const room = await newSession(stack);
  const reader = await Reader.open(stack.url, [room]);
  try {
    const times = [];
    for (let seq = 1; seq <= count; seq += 1) {
      const arrived = once(reader.socket, 'new-message').then(() => performance.now());
      const sent = await request(stack, 'POST', sessionPath('messages', room), { body: { message: `${seq}`, sender: 'client' } });
      assert.equal(sent.status, 201);
      const acknowledged = performance.now();
      times.push((await arrived) - acknowledged);
    }
    assert.deepEqual(reader.problems, []);
    return times.sort((a, b) => a - b);
  } finally {
    reader.close();
    await stack.stop();
  }
}

const middle = (sorted) => sorted[Math.floor(sorted.length / 2)];

test('a doorbell over UDP is heard: no message waits for the next look', async () => {
  const bell = `127.0.0.1:${await freeUdpPort()}`;
  const times = await latencies([
    'feed.poll_active_ms=30000', 'feed.poll_idle_ms=30000', `doorbell.ring=["${bell}"]`, `doorbell.listen="${bell}"`,
  ], 5);
  assert.ok(times.at(-1) < 10_000, `${times} ms`);
});

test('without a doorbell messages arrive as well, 50 ms later at most', async () => {
  const times = await latencies(['doorbell.ring=[]'], 40);
  assert.ok(middle(times) <= 50, `${times.map(Math.round)} ms`);
});

// Anybody who reaches the port can send a datagram; only this installation's programs can seal one.
test('over UDP a datagram of a stranger is not believed', async () => {
  const port = await freeUdpPort();
  const bell = `127.0.0.1:${port}`;
  const stack = await Stack.start({ set: [`doorbell.ring=["${bell}"]`, `doorbell.listen="${bell}"`] });
  const room = await newSession(stack);
  const reader = await Reader.open(stack.url, [room]);
  const stranger = dgram.createSocket('udp4');
  try {
    const heard = [];
    reader.socket.onAny((event) => heard.push(event));
    for (const said of [JSON.stringify(['evil', room, true, 'admin']), '["presence","evil",true,true,1,["nobody"],[]]', '']) {
      await new Promise((sent) => { stranger.send(said, port, '127.0.0.1', sent); });
    }
    await waitFor(() => stack.log('wsd-a').includes('datagram_refused'), 'the refusal');
    await request(stack, 'POST', sessionPath('messages', room), { body: { message: 'hello', sender: 'client' } });
    await reader.reaches(room, 1);
    assert.deepEqual(heard, ['new-message']);
  } finally {
    stranger.close();
    reader.close();
    await stack.stop();
  }
});
