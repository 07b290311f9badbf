// Clients that ask for much and read nothing cost the daemon little: nothing is read ahead of them.
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newSession, request } from '../harness/http.mjs';
import { Stack, memoryFactor } from '../harness/stack.mjs';
import { Reader } from './lib/reader.mjs';
import { fillRoom } from './lib/rooms.mjs';

const JOINS = 400;
const MESSAGES = 50;
const AT_ONCE = 2_000; // packets in one body of a visitor
const TEXT = 'x'.repeat(64 * 1024);
const MOST_KIB = 100 * 1024; // of 400 replays of 3.2 MB each
let stack;
let room;

before(async () => {
  stack = await Stack.start({ set: ['wsd.max_sessions_per_address=1000', 'wsd.ping_interval_ms=60000', 'wsd.ping_timeout_ms=60000'] });
  room = await newSession(stack);
  await fillRoom(stack, room, MESSAGES, () => TEXT);
});

after(() => stack?.stop());

async function open(at = stack) {
  return JSON.parse((await ask(at, 'GET', '')).text.slice(1)).sid;
}

// One request of a polling client, straight to the daemon.
function ask({ sockets }, method, query, body) {
  return new Promise((resolve, reject) => {
    const call = http.request({
      socketPath: path.join(sockets, 'wsd-a.sock'), method, path: `/socket.io/?EIO=4&transport=polling${query}`, agent: false,
    }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data) => (text += data));
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

test('400 joins without a reader do not fill the memory, and a client that reads gets everything', async () => {
  const before = stack.memory('wsd-a');
  for (let i = 0; i < JOINS; i += 1) {
    const join = await ask(stack, 'POST', `&sid=${await open()}`, `40\x1e42["join",{"clientId":"${room}","after":0}]`);
    assert.equal(join.status, 200, join.text);
  }
  const reader = await Reader.open(stack.url, [[room, 0]], { transports: ['polling'] });
  await reader.reaches(room, MESSAGES);
  assert.deepEqual(reader.problems, []);
  reader.close();
  const grown = stack.memory('wsd-a') - before;
  assert.ok(grown < MOST_KIB * memoryFactor, `${grown} KiB`);
});

test('answers that no one reads do not fill the memory either', async () => {
  const strict = await Stack.start({
    auth: 'token', limits: true,
    set: ['wsd.max_sessions_per_address=1000', 'abuse.connect_per_address=100000', 'abuse.socket_events_per_second=1000', 'wsd.ping_interval_ms=60000', 'wsd.ping_timeout_ms=60000'],
  });
  try {
    const { body } = await request(strict, 'POST', '/api/chat/initialize', { body: { clientId: 'deaf' } });
    const enter = async () => {
      const sid = await open(strict);
      await ask(strict, 'POST', `&sid=${sid}`, `40{"token":"${body.token}"}`);
      assert.match((await ask(strict, 'GET', `&sid=${sid}`)).text, /^40\{/);
      return sid;
    };
    const unknown = (count) => Array(count).fill('42["x"]').join('\x1e'); // each refused with some hundred bytes
    const before = strict.memory('wsd-a');
    for (let i = 0; i < 150; i += 1) {
      const { status, text } = await ask(strict, 'POST', `&sid=${await enter()}`, unknown(AT_ONCE));
      assert.equal(status, 200, text);
    }
    const grown = strict.memory('wsd-a') - before;
    assert.ok(grown < MOST_KIB * memoryFactor, `${grown} KiB`);
    assert.equal((await ask(strict, 'POST', `&sid=${await enter()}`, unknown(AT_ONCE + 1))).status, 400);
  } finally {
    await strict.stop();
  }
});
