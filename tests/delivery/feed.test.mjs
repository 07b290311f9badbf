// The feed never skips: whatever commits reaches the sockets of its room once and in order, however
// transactions overlap, and whatever happens to the daemon's connection meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { holdTransaction } from './lib/held.mjs';
import { Reader } from './lib/reader.mjs';
import { messagesOf, openSession, random, sendCall, sendMany } from './lib/rooms.mjs';

const HELD_MS = 1500; // feed.slow.mjs holds it for longer
const seed = Number(process.env.LIVECHAT_SEED ?? Date.now() % 1_000_000);

let stack;
const opened = [];

async function open(rooms, options) {
  const reader = await Reader.open(stack.url, rooms, options);
  opened.push(reader);
  return reader;
}

function session() {
  const one = openSession(stack);
  opened.push({ close: () => one.kill() });
  return one;
}

before(async () => {
  stack = await Stack.start({ set: ['feed.hole_timeout_s=600'] });
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

test('a transaction that stays open delays no one, and is delivered when it commits',
  () => holdTransaction(stack, HELD_MS));

test('a rollback delivers nothing, and nothing waits for it', async () => {
  const rolledBack = await newSession(stack);
  const other = await newSession(stack);
  const reader = await open([rolledBack, other]);
  const writer = session();
  for (let i = 0; i < 200; i += 1) {
    await writer.run('START TRANSACTION');
    await writer.run(sendCall(rolledBack, `never ${i}`));
    await writer.run('ROLLBACK');
    if (i % 10 === 0) await writer.run(sendCall(other, `shown ${i}`));
  }
  await writer.run(sendCall(rolledBack, 'the first that stays'));
  await reader.reaches(other, 20);
  await reader.reaches(rolledBack, 1);
  assert.deepEqual(reader.texts(rolledBack), ['the first that stays']);
  assert.deepEqual(reader.problems, []);
});

test('a connection that dies in the middle of a transaction leaves nothing behind', async () => {
  const room = await newSession(stack);
  const reader = await open([room]);
  const dying = session();
  await dying.run('START TRANSACTION');
  await dying.run(sendCall(room, 'never'));
  dying.kill();
  await stack.sql(sendCall(room, 'after it') + ';'); // waits for the lock that the dead one held
  await reader.reaches(room, 1);
  assert.deepEqual(reader.texts(room), ['after it']);
});

test('a savepoint rolled back in a transaction that commits leaves a hole and no message', async () => {
  const room = await newSession(stack);
  const reader = await open([room]);
  const writer = session();
  for (const statement of [
    'START TRANSACTION', sendCall(room, 'kept'), 'SAVEPOINT here', sendCall(room, 'taken back'),
    'ROLLBACK TO SAVEPOINT here', sendCall(room, 'kept too'), 'COMMIT',
  ]) await writer.run(statement);
  await reader.reaches(room, 2);
  assert.deepEqual(reader.texts(room), ['kept', 'kept too']);
  assert.deepEqual(reader.problems, []);
});

test(`random overlapping transactions over several rooms (seed ${seed})`, async () => {
  const dice = random(seed);
  const rooms = [];
  for (let i = 0; i < 12; i += 1) rooms.push(await newSession(stack));
  const readers = [await open(rooms), await open(rooms, { transports: ['polling'] }), await open(rooms.slice(0, 6))];
  let number = 0;

  // Rooms are taken in one order, so that the writers' transactions do not deadlock.
  async function write() {
    const writer = session();
    for (let i = 0; i < 60; i += 1) {
      const touched = rooms.filter(() => dice.chance(0.2));
      await writer.run('START TRANSACTION');
      for (const room of touched) {
        for (let left = 1 + dice.below(3); left > 0; left -= 1) {
          await writer.run(sendCall(room, `n${(number += 1)}`));
        }
        if (dice.chance(0.05)) await writer.run('DO SLEEP(0.05)');
      }
      await writer.run(dice.chance(0.3) ? 'ROLLBACK' : 'COMMIT');
    }
  }
  await Promise.all(Array.from({ length: 8 }, write));

  for (const room of rooms) {
    const committed = (await messagesOf(stack, room)).map(({ text }) => text);
    for (const reader of readers) {
      if (!reader.rooms.has(room)) continue;
      await reader.reaches(room, committed.length);
      assert.deepEqual(reader.problems, []);
      assert.deepEqual(reader.texts(room), committed);
    }
  }
});

test('a daemon that starts while a transaction is open delivers it when it commits', async () => {
  const slow = await newSession(stack);
  const fast = await newSession(stack);
  const holder = session();
  await holder.run('START TRANSACTION');
  await holder.run(sendCall(slow, 'held over a restart'));
  await sendMany(stack, fast, 50, (i) => `before the restart ${i}`);
  await stack.kill('wsd-a', 'SIGTERM');
  const reader = await open([slow, fast]);
  await sendMany(stack, fast, 50, (i) => `after it ${i}`);
  await reader.reaches(fast, 100);
  await holder.run('COMMIT');
  await reader.reaches(slow, 1);
  assert.deepEqual(reader.texts(slow), ['held over a restart']);
});

test('the same with thousands of notifications between the open one and the start', async () => {
  const slow = await newSession(stack);
  const fast = await newSession(stack);
  const holder = session();
  await holder.run('START TRANSACTION');
  await holder.run(sendCall(slow, 'held far back'));
  await sendMany(stack, fast, 3000, (i) => `between ${i}`);
  await stack.kill('wsd-a', 'SIGTERM');
  const reader = await open([slow]);
  await holder.run('COMMIT');
  await reader.reaches(slow, 1);
  assert.deepEqual(reader.texts(slow), ['held far back']);
});

test('the daemon goes on where it was when its connections are killed under full speed', async () => {
  const room = await newSession(stack);
  const reader = await open([room]);
  const writer = session();
  const [[own]] = await writer.run('SELECT CONNECTION_ID()');
  const sending = Promise.all(Array.from({ length: 1500 }, (_, i) => writer.run(sendCall(room, `m${i}`))));
  for (let i = 0; i < 5; i += 1) {
    await waitFor(() => reader.rooms.get(room).seq >= 150 * (i + 1), 'some messages');
    const ids = await stack.sql("SELECT id FROM information_schema.processlist " +
      `WHERE user = 'livechat' AND id <> ${own};`);
    await stack.sql(ids.map(([id]) => `KILL CONNECTION ${id};`).join('\n')).catch((error) => {
      assert.match(String(error), /Unknown thread id/); // it ended by itself
    });
  }
  await sending;
  await reader.reaches(room, 1500);
  assert.deepEqual(reader.problems, []);
  assert.equal(reader.connects, 1);
});

for (const signal of ['SIGTERM', 'SIGKILL']) {
  test(`no one misses or repeats anything over a restart of the database (${signal})`, async () => {
    const room = await newSession(stack);
    const reader = await open([room]);
    await sendMany(stack, room, 50, (i) => `before ${i}`);
    await stack.take('mariadb', signal);
    const refused = await request(stack, 'POST', sessionPath('messages', room),
      { body: { message: 'nobody home', sender: 'client' } });
    assert.equal(refused.status, 503);
    await stack.bring('mariadb');
    await waitFor(() => sendMany(stack, room, 50, (i) => `after ${i}`).then(() => true, () => false), 'the database');
    const stored = await messagesOf(stack, room);
    await reader.reaches(room, stored.length);
    assert.deepEqual(reader.problems, []);
    assert.deepEqual(reader.texts(room), stored.map(({ text }) => text));
    assert.equal(reader.connects, 1);
  });
}

test('a daemon that slept for longer than notifications are kept says so and makes its clients reconnect', async () => {
  const room = await newSession(stack);
  const reader = await open([room]);
  await sendMany(stack, room, 5, (i) => `before ${i}`);
  await reader.reaches(room, 5);
  const connectsBefore = reader.connects;

  stack.signal('wsd-a', 'SIGSTOP');
  await sendMany(stack, room, 300, (i) => `missed ${i}`);
  await stack.sql(`
    SELECT MAX(id) - 10 INTO @last FROM notification;
    UPDATE feed_state SET purged_through = @last;
    DELETE FROM notification WHERE id <= @last;`);
  const ids = await stack.sql("SELECT id FROM information_schema.processlist WHERE user = 'livechat';");
  for (const [id] of ids) await stack.sql(`KILL CONNECTION ${id};`).catch(() => {});
  stack.signal('wsd-a', 'SIGCONT');

  await reader.settled(connectsBefore + 1);
  await reader.reaches(room, 305);
  assert.deepEqual(reader.problems, []);
  assert.equal(reader.recoveries, 0);
  assert.match(stack.log('wsd-a'), /event=feed_lapsed/);
});

test('the same when its connection outlived the sleep', async () => {
  const room = await newSession(stack);
  const reader = await open([room]);
  await sendMany(stack, room, 5, (i) => `before ${i}`);
  await reader.reaches(room, 5);
  const connectsBefore = reader.connects;

  stack.signal('wsd-a', 'SIGSTOP');
  await sendMany(stack, room, 300, (i) => `missed ${i}`);
  await stack.sql(`
    SELECT MAX(id) - 10 INTO @last FROM notification;
    UPDATE feed_state SET purged_through = @last;
    DELETE FROM notification WHERE id <= @last;`);
  stack.signal('wsd-a', 'SIGCONT');

  await reader.settled(connectsBefore + 1);
  await reader.reaches(room, 305);
  assert.deepEqual(reader.problems, []);
});

test('old notifications are removed, the newest never, and no one notices', async () => {
  const room = await newSession(stack);
  await sendMany(stack, room, 1200, (i) => `old ${i}`);
  // A daemon that runs remembers what the newest one says, and takes another time for a restore.
  await stack.take('wsd-a', 'SIGTERM');
  await stack.sql('UPDATE notification SET created_at = created_at - INTERVAL 8 DAY;');
  await stack.bring('wsd-a');
  const reader = await open([room]);
  await reader.reaches(room, 1200);
  const ids = async () => (await stack.sql('SELECT MIN(id), MAX(id), COUNT(*) FROM notification;'))[0].map(Number);
  const [, newest] = await ids();
  await waitFor(async () => (await ids())[2] === 1, 'the removal', 40_000);
  assert.deepEqual(await ids(), [newest, newest, 1]);
  assert.deepEqual(await stack.sql('SELECT purged_through FROM feed_state;'), [[String(newest - 1)]]);

  await sendMany(stack, room, 5, (i) => `new ${i}`);
  await reader.reaches(room, 1205);
  assert.deepEqual(reader.problems, []);
  assert.equal(reader.connects, 1);
});
