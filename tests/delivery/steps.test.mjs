// A server that gives out ids in steps (auto_increment_increment, as servers of a cluster do): what it leaves
// out is no hole, so that the feed has nothing to wait for and broken connections are recovered under load.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newSession } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { figures } from '../ops/lib/status.mjs';
import { Reader } from './lib/reader.mjs';
import { fillRoom, messagesOf, openSession, sendCall } from './lib/rooms.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-steps-'));
const wsd = path.join(folder, 'wsd');
let stack;
let network;
const opened = [];

before(async () => {
  stack = await Stack.start({ set: [`wsd.metrics_listen=unix:${wsd}`] });
  network = await Network.open(stack, { daemon: 'a' });
});

after(async () => {
  for (const one of opened) one.close();
  network?.close();
  await stack?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const holes = async () => (await figures(wsd)).get('livechat_feed_holes');

for (const [step, offset] of [[3, 2], [10, 7]]) {
  test(`recovered under load with steps of ${step}`, async () => {
    await stack.sql(`SET GLOBAL auto_increment_increment=${step}, GLOBAL auto_increment_offset=${offset};`);
    for (const name of ['wsd-a', 'fcgi']) await stack.restart(name, 'SIGTERM'); // connections keep their steps
    const rooms = [await newSession(stack), await newSession(stack)];
    for (const room of rooms) await fillRoom(stack, room, 10); // the feed has seen the step
    await waitFor(async () => await holes() === 0, 'the end of the holes from before it had');
    const reader = await Reader.open(network.url, rooms);
    opened.push(reader);

    const writer = openSession(stack);
    let going = true;
    const writing = (async () => {
      for (let i = 0; going; i += 1) await writer.run(sendCall(rooms[i % 2], `live ${i}`));
      await writer.end();
    })();
    for (let round = 1; round <= 3; round += 1) {
      const reached = reader.rooms.get(rooms[0]).seq;
      await reader.reaches(rooms[0], reached + 20);
      network.cut();
      await waitFor(() => !reader.socket.connected, 'the loss of the connection');
      network.restore();
      await reader.settled(round + 1);
    }
    const most = await holes();
    going = false;
    await writing;
    for (const room of rooms) await reader.reaches(room, (await messagesOf(stack, room)).length);
    assert.deepEqual(reader.problems, []);
    assert.equal(reader.recoveries, 3);
    assert.ok(most <= 16, `${most} holes`);
  });
}

test('a connection that keeps no step loses nothing, also what it commits late', async () => {
  const room = await newSession(stack);
  const other = await newSession(stack);
  const reader = await Reader.open(network.url, [room, other]);
  opened.push(reader);
  const late = openSession(stack);
  await late.run('SET SESSION auto_increment_increment=1, SESSION auto_increment_offset=1');
  await late.run('START TRANSACTION');
  for (let i = 0; i < 4; i += 1) await late.run(sendCall(room, `late ${i}`));
  await fillRoom(stack, other, 30);
  await reader.reaches(other, 30);
  await late.run('COMMIT');
  await reader.reaches(room, 4);
  assert.deepEqual(reader.problems, []);
  await late.end();
});
