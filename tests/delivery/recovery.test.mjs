// Connection state recovery as a stock client uses it: socket.recovered is true and nothing is missing or
// doubled after a cut of the network, after a restart, on another daemon; and where it cannot be, join
// with `after` serves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WebSocket } from 'ws';

import { newSession } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from './lib/reader.mjs';
import { fillRoom, messagesOf, openSession, sendCall } from './lib/rooms.mjs';

let stack;
let network; // to daemon a, or b
const opened = [];

before(async () => {
  stack = await Stack.start({ wsDaemons: 2 });
  network = await Network.open(stack, { daemon: 'a' });
});

after(async () => {
  for (const one of opened) one.close();
  network?.close();
  await stack?.stop();
});

async function open(rooms, options) {
  const reader = await Reader.open(network.url, rooms, options);
  opened.push(reader);
  return reader;
}

// Sessions with a reader who has had a message since the last join: from then on it can be recovered.
async function settledReader(rooms, options) {
  const reader = await open(rooms, options);
  for (const room of rooms) {
    const { length } = await messagesOf(stack, room);
    await fillRoom(stack, room, 1, () => 'first');
    await reader.reaches(room, length + 1);
  }
  return reader;
}

function writeOn(rooms) {
  const session = openSession(stack);
  let going = true;
  const writing = (async () => {
    for (let i = 0; going; i += 1) await session.run(sendCall(rooms[i % rooms.length], `live ${i}`));
    await session.end();
  })();
  return () => {
    going = false;
    return writing;
  };
}

async function complete(reader) {
  for (const room of reader.rooms.keys()) {
    const stored = await messagesOf(stack, room);
    await reader.reaches(room, stored.length);
    const { messages } = reader.rooms.get(room);
    assert.deepEqual(reader.problems, []);
    assert.deepEqual(messages.map(({ message }) => message), stored.slice(-messages.length).map(({ text }) => text));
  }
}

// Cuts the network, lets `missed` happen, and waits until the reader is back and knows its rooms.
async function interrupt(reader, missed) {
  const connects = reader.connects;
  network.cut();
  await waitFor(() => !reader.socket.connected, 'the loss of the connection');
  await missed();
  network.restore();
  await reader.settled(connects + 1);
}

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`after a cut of the network (${transports})`, async () => {
    const rooms = [await newSession(stack), await newSession(stack), await newSession(stack)];
    const reader = await settledReader(rooms, { transports });
    for (let round = 1; round <= 3; round += 1) {
      await interrupt(reader, async () => {
        for (const room of rooms) await fillRoom(stack, room, 20 * round, (i) => `missed ${round} ${i}`);
      });
      await complete(reader);
    }
    assert.equal(reader.recoveries, 3);
  });
}

// What the daemon takes for a client that is there has gone: it holds no poll whose end it would notice.
for (const [where, daemons] of [['the same daemon', ['a', 'a', 'a']], ['another daemon', ['b', 'a', 'b']]]) {
  test(`between two polls, long before the heartbeat fails, on ${where}`, async () => {
    const room = await newSession(stack);
    const reader = await settledReader([room], { transports: ['polling'] });
    for (const [round, daemon] of daemons.entries()) {
      await waitFor(() => network.asked, 'a poll');
      const { swallowed } = network;
      network.loseQuestions();
      await fillRoom(stack, room, 1, () => `the answer of the last poll ${round}`);
      await waitFor(() => network.swallowed > swallowed, 'the next poll');
      await interrupt(reader, async () => {
        network.daemon = daemon;
        await fillRoom(stack, room, 5, (i) => `missed ${round} ${i}`);
      });
      await complete(reader);
    }
    network.daemon = 'a';
    assert.equal(reader.recoveries, 3);
  });
}

test('back before what was left behind is written', async () => {
  const room = await newSession(stack);
  const reader = await settledReader([room]);
  const locker = openSession(stack);
  opened.push({ close: () => locker.kill() });
  const connects = reader.connects;
  const { id } = reader.socket.io.engine;
  await locker.run('LOCK TABLES recovery READ');
  network.cut();
  await waitFor(() => !reader.socket.connected, 'the loss of the connection');
  network.restore();
  await waitFor(() => ![undefined, id].includes(reader.socket.io.engine.id) && network.asked, 'its CONNECT');
  await locker.run('UNLOCK TABLES');
  await reader.settled(connects + 1);
  await fillRoom(stack, room, 5);
  await complete(reader);
  assert.equal(reader.recoveries, 1);
});

// Longer than what is kept (a week) as well: then the client resumes by seq.
for (const days of [3, 8]) {
  test(`after ${days} days`, async () => {
    const room = await newSession(stack);
    const reader = await settledReader([room]);
    await interrupt(reader, async () => {
      await fillRoom(stack, room, 20, (i) => `missed ${i}`);
      const left = async () => Number((await stack.sql('SELECT COUNT(*) FROM recovery;'))[0][0]);
      await waitFor(async () => await left() > 0, 'what is left behind');
      // A daemon that runs remembers what the newest one says, and takes another time for a restore.
      await Promise.all(['wsd-a', 'wsd-b'].map((name) => stack.take(name, 'SIGTERM')));
      await stack.sql(`UPDATE recovery SET created_at = created_at - INTERVAL ${days} DAY;
        UPDATE notification SET created_at = created_at - INTERVAL ${days} DAY;`);
      await Promise.all(['wsd-a', 'wsd-b'].map((name) => stack.bring(name)));
      if (days === 8) await waitFor(async () => await left() === 0, 'what is too old to be removed', 30_000);
    });
    await complete(reader);
    assert.equal(reader.recoveries, days === 3 ? 1 : 0);
  });
}

test('again and again under full speed, in several rooms', async () => {
  const rooms = [await newSession(stack), await newSession(stack)];
  const reader = await settledReader(rooms);
  const stop = writeOn(rooms);
  for (let round = 0; round < 10; round += 1) {
    const seen = reader.texts(rooms[0]).length;
    await waitFor(() => reader.texts(rooms[0]).length > seen + 10, 'messages');
    await interrupt(reader, async () => {});
  }
  await stop();
  await complete(reader);
  assert.equal(reader.recoveries, 10);
});

test('after the daemon was restarted (SIGTERM)', async () => {
  const rooms = [await newSession(stack), await newSession(stack)];
  const reader = await settledReader(rooms);
  const stop = writeOn(rooms);
  for (let round = 1; round <= 2; round += 1) {
    const connects = reader.connects;
    await stack.kill('wsd-a', 'SIGTERM');
    await reader.settled(connects + 1);
    const seen = reader.texts(rooms[0]).length;
    await waitFor(() => reader.texts(rooms[0]).length > seen, 'a message');
  }
  await stop();
  await complete(reader);
  assert.equal(reader.recoveries, 2);
});

test('after the database has ended every idle connection', async () => {
  const room = await newSession(stack);
  const reader = await settledReader([room]);
  for (let round = 1; round <= 3; round += 1) {
    await interrupt(reader, async () => {
      await fillRoom(stack, room, 2, (i) => `missed ${round} ${i}`);
      const idle = await stack.sql("SELECT id FROM information_schema.processlist WHERE user = 'livechat' AND command = 'Sleep'");
      assert.ok(idle.length > 0);
      for (const [id] of idle) await stack.sql(`KILL ${id}`).catch(() => {}); // it may have ended by itself
    });
    await complete(reader);
  }
  assert.equal(reader.recoveries, 3);
});

test('on another daemon, to and fro, while others write at full speed', async () => {
  const rooms = [await newSession(stack), await newSession(stack)];
  const reader = await settledReader(rooms);
  const stop = writeOn(rooms);
  for (let round = 0; round < 8; round += 1) {
    const seen = reader.texts(rooms[1]).length;
    await waitFor(() => reader.texts(rooms[1]).length > seen + 5, 'messages');
    await interrupt(reader, async () => {
      network.daemon = round % 2 === 0 ? 'b' : 'a';
    });
  }
  await stop();
  network.daemon = 'a';
  await complete(reader);
  assert.equal(reader.recoveries, 8);
});

test('with more open transactions than an offset can name, nothing comes twice', async () => {
  const room = await newSession(stack);
  const other = await newSession(stack);
  const reader = await settledReader([room, other]);
  const holders = [];
  for (let i = 0; i < 25; i += 1) {
    const held = await newSession(stack);
    const holder = openSession(stack);
    opened.push({ close: () => holder.kill() });
    await holder.run('START TRANSACTION');
    await holder.run(sendCall(held, 'held'));
    holders.push(holder);
    await fillRoom(stack, room, 1, () => `between ${i}`);
  }
  await reader.reaches(room, 26);
  await interrupt(reader, () => fillRoom(stack, room, 10, (i) => `missed ${i}`));
  await reader.reaches(room, 36);
  for (const holder of holders) await holder.run('COMMIT');
  await complete(reader);
});

test('a transaction that was open when the connection broke is not missed', async () => {
  const slow = await newSession(stack);
  const fast = await newSession(stack);
  const reader = await settledReader([slow, fast]);
  const holder = openSession(stack);
  opened.push({ close: () => holder.kill() });
  await holder.run('START TRANSACTION');
  await holder.run(sendCall(slow, 'held'));
  await fillRoom(stack, fast, 10);
  await reader.reaches(fast, 11);
  await interrupt(reader, async () => {
    await fillRoom(stack, fast, 5);
    await holder.run('COMMIT');
    await fillRoom(stack, slow, 5);
  });
  await complete(reader);
  assert.equal(reader.recoveries, 1);
});

test('after a SIGKILL of the daemon it is a new connection, which resumes by seq', async () => {
  const room = await newSession(stack);
  const reader = await settledReader([room]);
  const connects = reader.connects;
  const stop = writeOn([room]);
  await stack.kill('wsd-a', 'SIGKILL');
  await reader.settled(connects + 1);
  await stop();
  await complete(reader);
  assert.equal(reader.recoveries, 0);
});

// What the wire says: the payload of CONNECT, and the events behind it; without pid if the connection was closed instead.
async function knock(auth) {
  const socket = new WebSocket(`${network.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  opened.push(socket);
  const packets = [];
  socket.on('message', (data) => packets.push(String(data)));
  await waitFor(() => packets.length > 0, 'the handshake');
  socket.send('40' + (auth === undefined ? '' : JSON.stringify(auth)));
  const answer = () => packets.find((packet) => packet.startsWith('40'));
  const closed = () => socket.readyState === WebSocket.CLOSED;
  await waitFor(() => answer() || closed(), 'CONNECT');
  if (!answer()) return { socket, events: [], packets };
  assert.equal(packets.indexOf(answer()), 1, 'nothing stands between the handshake and CONNECT');
  // All that comes with CONNECT comes before the answer to what is asked then.
  socket.send('429["leave","a room of nobody"]');
  await waitFor(() => packets.some((packet) => packet.startsWith('439')) || closed(), 'what comes with CONNECT');
  const events = packets.filter((packet) => packet.startsWith('42'));
  return { socket, ...JSON.parse(answer().slice(2)), events, packets };
}

// A client that joined, heard one message, and broke: { pid, offset, room }.
async function brokenClient() {
  const room = await newSession(stack);
  const { socket, pid, packets } = await knock();
  socket.send(`421${JSON.stringify(['join', room])}`);
  await waitFor(() => packets.some((packet) => packet.startsWith('431')), 'the ack');
  await fillRoom(stack, room, 1, () => 'heard');
  const event = await waitFor(() => packets.find((packet) => packet.startsWith('42')), 'the message');
  socket.terminate();
  await waitFor(async () => Number((await stack.sql('SELECT COUNT(*) FROM recovery;'))[0][0]) > 0, 'the record');
  return { room, pid, offset: JSON.parse(event.slice(2)).at(-1) };
}

test('pid and offset bring back what was missed, behind CONNECT; of many at once one has the place', async () => {
  await stack.sql('DELETE FROM recovery;');
  const { room, pid, offset } = await brokenClient();
  const witness = await Reader.open(network.url, [room]);
  opened.push(witness);
  await fillRoom(stack, room, 2, (i) => `missed ${i}`);
  await witness.reaches(room, 3); // the daemon knows of them
  const answers = await Promise.all(Array.from({ length: 8 }, () => knock({ pid, offset })));
  const recovered = answers.filter((answer) => answer.pid === pid);
  assert(recovered.length > 0);
  for (const answer of answers) {
    const texts = answer.events.map((event) => JSON.parse(event.slice(2))[1].message);
    assert.deepEqual(texts, answer.pid === pid ? ['missed 0', 'missed 1'] : []);
  }
  // The later one has ended the one before.
  const open = () => recovered.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
  await waitFor(() => open().length === 1, 'the others to be closed');
  await fillRoom(stack, room, 1, () => 'after');
  await waitFor(() => open()[0].packets.at(-1).includes('"after"'), 'what comes next');
});

test('what was held open comes again to a client that broke before it read it', async () => {
  await stack.sql('DELETE FROM recovery;');
  const [slow, fast] = [await newSession(stack), await newSession(stack)];
  const left = async () => Number((await stack.sql('SELECT COUNT(*) FROM recovery;'))[0][0]);
  const { socket, pid, packets } = await knock();
  for (const [id, room] of [slow, fast].entries()) {
    socket.send(`42${id}${JSON.stringify(['join', room])}`);
    await waitFor(() => packets.some((packet) => packet.startsWith(`43${id}`)), 'the ack');
  }
  const holder = openSession(stack);
  opened.push({ close: () => holder.kill() });
  await holder.run('START TRANSACTION');
  await holder.run(sendCall(slow, 'held'));
  await fillRoom(stack, fast, 1, () => 'heard');
  const event = await waitFor(() => packets.find((packet) => packet.startsWith('42')), 'the message');
  socket.terminate();
  await waitFor(async () => await left() > 0, 'the record');
  const witness = await Reader.open(network.url, [slow]);
  opened.push(witness);
  await holder.run('COMMIT');
  await witness.reaches(slow, 1);
  for (let round = 0; round < 3; round += 1) {
    const answer = await knock({ pid, offset: JSON.parse(event.slice(2)).at(-1) });
    assert.equal(answer.pid, pid);
    assert.deepEqual(answer.events.map((packet) => JSON.parse(packet.slice(2))[1].message), ['held'], `round ${round}`);
    answer.socket.terminate();
    await waitFor(async () => await left() > 0, 'the record');
  }
});

// What a stock client hears before its CONNECT is answered it keeps for later, and goes on keeping it when the
// connection breaks; its offset does not move.
test('a connection that breaks in the middle of what was missed leaves nothing to come twice', async () => {
  const room = await newSession(stack);
  const reader = await settledReader([room]);
  for (const [round, heard] of [1, 4, 9].entries()) {
    await interrupt(reader, async () => {
      await fillRoom(stack, room, 10, (i) => `missed ${round} ${i}`);
      network.breakBehind(`missed ${round} ${heard}`);
    });
    await complete(reader);
  }
  assert.equal(network.broken, 3);
});

test('a malformed or foreign pid or offset makes a new connection and tells nothing', async () => {
  await stack.sql('DELETE FROM recovery;');
  const { room, pid, offset } = await brokenClient();
  await fillRoom(stack, room, 1, () => 'secret');
  const other = 'A'.repeat(pid.length);
  for (const auth of [
    { pid }, { offset }, { pid: 7, offset }, { pid, offset: 7 }, { pid, offset: '' }, { pid, offset: '-1' },
    { pid, offset: 'zzzzzzzzzzzzzzzzzzzzz' }, { pid, offset: `${offset}.0` }, { pid, offset: `${offset} ` },
    { pid, offset: '1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1' }, { pid, offset: '0' }, { pid, offset: 'zzzzzzzzzz' },
    { pid: other, offset }, { pid: '', offset }, { pid: `${pid}x`, offset }, { pid: [pid], offset: [offset] },
    { pid: 'x'.repeat(10_000), offset }, { pid: "' OR 1=1 -- ", offset },
  ]) {
    const answer = await knock(auth);
    assert.notEqual(answer.pid, pid, JSON.stringify(auth));
    assert.deepEqual(answer.events, [], JSON.stringify(auth));
    answer.socket.terminate();
  }
});
