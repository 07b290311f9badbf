// Several daemons on one database behind one nginx: one order everywhere, polling sessions find their
// daemon by their sid, typing crosses over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from './lib/reader.mjs';
import { messagesOf, sendMany } from './lib/rooms.mjs';

const DAEMONS = ['a', 'b', 'c'];

let stack;
const networks = new Map(); // to each daemon
const opened = [];

before(async () => {
  stack = await Stack.start({ wsDaemons: DAEMONS.length });
  for (const daemon of DAEMONS) networks.set(daemon, await Network.open(stack, { daemon }));
});

after(async () => {
  for (const one of opened) one.close();
  for (const network of networks.values()) network.close();
  await stack?.stop();
});

function client(daemon, options) {
  return ChatClient.connect(stack, { url: networks.get(daemon).url, ...options }).then((one) => {
    opened.push(one);
    return one;
  });
}

// A hole is waited for by every daemon, and with many of them no client can be recovered.
test('programs that start take no notification ids', async () => {
  const ids = async () => (await stack.sql('SELECT id FROM notification ORDER BY id')).map(([id]) => Number(id));
  await newSession(stack);
  assert.deepEqual(await ids(), [1]);
  for (const program of ['wsd-a', 'wsd-b', 'fcgi']) await stack.restart(program, 'SIGTERM');
  await newSession(stack);
  assert.deepEqual(await ids(), [1, 2]);
});

test('every daemon shows the same events of a room in the same order, wherever they were written', async () => {
  const rooms = [await newSession(stack), await newSession(stack)];
  const watchers = await Promise.all(DAEMONS.map((daemon) => client(daemon)));
  for (const watcher of watchers) {
    for (const room of rooms) await watcher.ask('join', room);
  }
  const each = 60;
  await Promise.all(rooms.flatMap((room, r) => [
    ...watchers.map(async (watcher, d) => {
      for (let i = 0; i < each; i += 1) {
        await watcher.ask('send-message', { clientId: room, message: `socket ${d} ${i}`, sender: 'client' });
        if (i % 10 === 0) await watcher.ask('mark-read', { clientId: room, sender: 'admin' });
      }
    }),
    (async () => {
      for (let i = 0; i < each; i += 1) {
        const { status } = await request(stack, 'POST', sessionPath('messages', room),
          { body: { message: `rest ${r} ${i}`, sender: 'admin' } });
        assert.equal(status, 201);
        if (i % 20 === 0) await request(stack, 'PUT', sessionPath('close', room));
      }
    })(),
    sendMany(stack, room, each, (i) => `sql ${i}`),
  ]));
  for (const room of rooms) {
    const stored = await messagesOf(stack, room);
    assert.equal(stored.length, each * (DAEMONS.length + 2));
    await request(stack, 'PUT', sessionPath('close', room)); // the last event
    const lines = [];
    for (const watcher of watchers) {
      const line = () => watcher.heard.filter(({ args: [data] }) => data.clientId === room)
        .map(({ event, args: [data] }) => ({ event, ...data }));
      await waitFor(() => line().at(-1)?.event === 'session-closed' &&
        line().filter(({ event }) => event === 'new-message').length === stored.length, 'all events of the room');
      lines.push(line());
    }
    assert.deepEqual(lines[0].filter(({ event }) => event === 'new-message').map(({ seq }) => seq),
      stored.map(({ seq }) => seq));
    assert.deepEqual(lines[1], lines[0]);
    assert.deepEqual(lines[2], lines[0]);
  }
});

test('polling sessions are led to their daemon by their sid', async () => {
  const room = await newSession(stack);
  const readers = [];
  for (let i = 0; i < 9; i += 1) {
    readers.push(await Reader.open(stack.url, [room], { transports: ['polling'] }));
    opened.push(readers.at(-1));
  }
  const daemons = new Set(readers.map((reader) => reader.socket.io.engine.id.split('.')[0]));
  assert.deepEqual([...daemons].sort(), DAEMONS);
  await sendMany(stack, room, 100, (i) => `m${i}`);
  for (const reader of readers) {
    await reader.reaches(room, 100);
    assert.deepEqual(reader.problems, []);
    assert.equal(reader.connects, 1);
  }
});

test('the default client upgrades on the daemon that it began with', async () => {
  const room = await newSession(stack);
  for (let i = 0; i < 6; i += 1) {
    const reader = await Reader.open(stack.url, [room], { transports: ['polling', 'websocket'] });
    opened.push(reader);
    await waitFor(() => reader.socket.io.engine.transport.name === 'websocket', 'the upgrade');
    assert.equal(reader.connects, 1);
  }
});

test('typing reaches the others in the room on every daemon, once, and not the one who types', async () => {
  const room = await newSession(stack);
  const [a, b, c] = await Promise.all(DAEMONS.map((daemon) => client(daemon)));
  const neighbour = await client('a');
  for (const one of [a, b, c, neighbour]) await one.ask('join', room);
  const typing = { clientId: room, isTyping: true, sender: 'client' };
  await a.ask('typing', typing);
  for (const one of [b, c, neighbour]) assert.deepEqual(await one.hears('typing'), typing);
  await b.ask('typing', { ...typing, isTyping: false });
  for (const one of [a, c, neighbour]) await one.hears('typing', ({ isTyping }) => !isTyping);
  await waitFor(() => a.all('typing').length === 1, 'typing at the first one');
  assert.equal(b.all('typing').length, 1);
  assert.equal(c.all('typing').length, 2);
  assert.equal(neighbour.all('typing').length, 2);
});

test('a daemon that is down is passed over, and its clients go on elsewhere', async () => {
  const room = await newSession(stack);
  const readers = [];
  for (let i = 0; i < 6; i += 1) {
    readers.push(await Reader.open(stack.url, [room]));
    opened.push(readers.at(-1));
  }
  await sendMany(stack, room, 5, (i) => `before ${i}`);
  for (const reader of readers) await reader.reaches(room, 5);
  await stack.take('wsd-a', 'SIGKILL');
  await sendMany(stack, room, 50, (i) => `during ${i}`);
  for (const reader of readers) {
    await reader.reaches(room, 55);
    assert.deepEqual(reader.problems, []);
  }
  await stack.bring('wsd-a');
});
