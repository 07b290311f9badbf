// join {clientId, after}: everything beyond that seq, in order, before anything newer; none missing,
// none twice, however much is written meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession } from '../harness/http.mjs';
import { Stack, memoryFactor } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from './lib/reader.mjs';
import { fillRoom, messagesOf, openSession, sendCall } from './lib/rooms.mjs';

const LONG = 30_000; // messages of a long history

let stack;
const opened = [];

before(async () => {
  stack = await Stack.start();
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

async function open(rooms, options) {
  const reader = await Reader.open(stack.url, rooms, options);
  opened.push(reader);
  return reader;
}

// Writes to the room without a pause until stopped; gives a function that stops it.
function writeOn(clientId) {
  const session = openSession(stack);
  let going = true;
  const writing = (async () => {
    for (let i = 0; going; i += 1) await session.run(sendCall(clientId, `live ${i}`));
    await session.end();
  })();
  return () => {
    going = false;
    return writing;
  };
}

async function lastSeq(clientId) {
  return (await messagesOf(stack, clientId)).length;
}

test('what was missed comes first, in order, and then what is new', async () => {
  const room = await newSession(stack);
  await fillRoom(stack, room, 450);
  const reader = await open([[room, 17]]);
  await fillRoom(stack, room, 5, (i) => `new ${i}`);
  await reader.reaches(room, 455);
  assert.deepEqual(reader.problems, []);
  const [first] = reader.rooms.get(room).messages;
  assert.equal(first.seq, 18);
  assert.equal(reader.texts(room).length, 438);
});

test('readers that join at any moment under full speed miss nothing and repeat nothing', async () => {
  const room = await newSession(stack);
  await fillRoom(stack, room, 1000);
  const stop = writeOn(room);
  const stopOther = writeOn(room);
  const readers = [];
  for (let i = 0; i < 12; i += 1) {
    const transports = [['websocket'], ['polling'], ['polling', 'websocket']][i % 3];
    readers.push(await open([[room, 80 * i]], { transports }));
  }
  await Promise.all([stop(), stopOther()]);
  const last = await lastSeq(room);
  for (const [i, reader] of readers.entries()) {
    await reader.reaches(room, last);
    assert.deepEqual(reader.problems, []);
    assert.equal(reader.texts(room).length, last - 80 * i);
  }
});

test('one socket that joins the same room again and again, with and without after, gets an unbroken line', async () => {
  const room = await newSession(stack);
  await fillRoom(stack, room, 300);
  const client = await ChatClient.connect(stack);
  opened.push(client);
  const stop = writeOn(room);
  let seq = 0;
  client.socket.on('new-message', (message) => {
    seq = Math.max(seq, message.seq);
  });
  await client.ask('join', { clientId: room, after: 0 });
  for (let i = 0; i < 20; i += 1) {
    await waitFor(() => seq >= 300 + i * 5, 'messages');
    await client.ask('join', i % 2 === 0 ? room : { clientId: room, after: seq });
  }
  await stop();
  const last = await lastSeq(room);
  await client.hears('new-message', (message) => message.seq === last);
  // A second replay may show again what it was asked for again; in between nothing is missing.
  const seen = client.all('new-message').map((message) => message.seq);
  for (let i = 1; i < seen.length; i += 1) assert.ok(seen[i] <= seen[i - 1] + 1, `${seen[i]} after ${seen[i - 1]}`);
  assert.equal(new Set(seen).size, last);
});

test('leave in the middle of a replay ends it', async () => {
  const room = await newSession(stack);
  // More than fits between the daemon and a client that is slow to ask.
  await fillRoom(stack, room, 5000, (i) => `${i} `.padEnd(2000, 'x'));
  const client = await ChatClient.connect(stack);
  opened.push(client);
  await client.ask('join', { clientId: room, after: 0 });
  assert.equal((await client.ask('leave', room)).status, 'ok');
  const soFar = client.all('new-message').length;
  assert.ok(soFar < 5000);
  const { lastSeq: last } = await client.ask('join', { clientId: room, after: 4990 });
  assert.equal(last, 5000);
  await client.hears('new-message', ({ seq }) => seq === 5000);
  const seen = client.all('new-message').map(({ seq }) => seq);
  assert.deepEqual(seen.slice(-10), Array.from({ length: 10 }, (_, i) => 4991 + i));
});

test(`after: 0 with ${LONG} messages: all of them, by a client that reads at its own pace`, async () => {
  const room = await newSession(stack);
  await fillRoom(stack, room, LONG, (i) => `${i} `.padEnd(500, 'x'));
  await stack.kill('wsd-a', 'SIGTERM');
  await waitFor(() => stack.pid('wsd-a'), 'the daemon');
  const warm = await open([]);
  const idle = stack.memory('wsd-a');
  const readers = await Promise.all(Array.from({ length: 10 }, (_, i) =>
    open([[room, 0]], i === 0 ? { transports: ['polling'] } : {})));
  let most = 0;
  await waitFor(() => {
    most = Math.max(most, stack.memory('wsd-a'));
    return readers.every((reader) => reader.rooms.get(room).seq === LONG || reader.problems.length > 0);
  }, 'the ends of the replays', 120_000);
  for (const reader of readers) {
    assert.deepEqual(reader.problems, []);
    assert.equal(reader.texts(room).length, LONG);
    assert.deepEqual(reader.disconnects, []);
  }
  // 10 sockets with 1 MiB queued at most, and what the database threads hold of a page.
  assert.ok(most - idle < 40 * 1024 * memoryFactor, `grew by ${most - idle} KiB`);
  warm.close();
});

test('a malformed after is refused by name and harms nothing', async () => {
  const room = await newSession(stack);
  await fillRoom(stack, room, 3);
  const client = await ChatClient.connect(stack);
  opened.push(client);
  for (const after of [-1, 1.5, '1', '', true, [], {}, 1e300, 2 ** 53, NaN, Infinity].filter((one) => JSON.stringify(one) !== 'null')) {
    const answer = await client.ask('join', { clientId: room, after });
    assert.deepEqual([answer.status, answer.code], ['error', 'seq_invalid'], JSON.stringify(after));
  }
  assert.deepEqual(client.all('new-message'), []);
  // Beyond the end: there is nothing to replay yet.
  const far = await client.ask('join', { clientId: room, after: 2 ** 53 - 1 });
  assert.deepEqual(far, { status: 'ok', clientId: room, lastSeq: 3 });
  await fillRoom(stack, room, 1, () => 'new');
  await client.hears('new-message', ({ seq }) => seq === 4);
  assert.equal(client.all('new-message').length, 1);
});

test('a room joined before its session exists hears it from the first message on', async () => {
  const room = `not-yet-${process.pid}`;
  const reader = await open([[room, 0]]);
  await newSession(stack);
  await stack.sql(`CALL livechat_open('${room}');`);
  await fillRoom(stack, room, 3);
  await reader.reaches(room, 3);
  assert.deepEqual(reader.problems, []);
});
