// MariaDB comes late, goes away and comes back: livechat-fcgi says 503 with Retry-After meanwhile, needs no
// restart, and whatever it acknowledged is there.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { waitFor } from '../harness/wait.mjs';
import { Stack, assertProblem } from './rest_stack.mjs';

let stack;
before(async () => (stack = await Stack.start({ fcgi: false })));
after(() => stack?.stop());
afterEach(() => stack.killFcgi());

const kCalls = [
  ['POST', '/initialize', { clientId: 'a' }],
  ['GET', '/sessions'],
  ['GET', '/history/a'],
  ['PUT', '/read/a', { sender: 'admin' }],
  ['PUT', '/close/a'],
  ['POST', '/messages/a', { message: 'x', sender: 'client' }],
];

// Writers that send each message, under one messageId, until it is acknowledged.
function startWriters(count) {
  const acknowledged = [];
  const statuses = new Map();
  let running = true;
  const one = async (writer) => {
    for (let i = 0; running; i++) {
      const messageId = `${writer}-${i}`;
      for (;;) {
        const answer = await stack.call('POST', '/messages/load', { message: messageId, sender: 'client', messageId });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status === 201) {
          acknowledged.push([messageId, answer.json.seq]);
          break;
        }
        assertProblem(answer, 503, answer.json.code);
        assert(Number(answer.headers['retry-after']) >= 1);
        if (!running) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const done = Promise.all(Array.from({ length: count }, (_, i) => one(i)));
  return {
    acknowledged,
    statuses,
    more: (wanted) => {
      const goal = acknowledged.length + wanted;
      return waitFor(() => acknowledged.length >= goal, `${wanted} more acknowledged messages`, 60_000);
    },
    stop: () => {
      running = false;
      return done;
    },
  };
}

async function assertAllThere(acknowledged) {
  const rows = await stack.database.sql(`SELECT message_id, seq FROM message
    WHERE session_id = (SELECT id FROM session WHERE client_id = 'load') ORDER BY seq`);
  assert.deepEqual(rows.map(([, seq]) => Number(seq)), rows.map((_, i) => i + 1));
  const stored = new Map(rows.map(([id, seq]) => [id, Number(seq)]));
  assert.equal(stored.size, rows.length);
  for (const [id, seq] of acknowledged) assert.equal(stored.get(id), seq, id);
}

describe('without its database', () => {
  test('the program starts, answers 503 to everything, and works when the database comes', async () => {
    await stack.database.stop();
    await stack.startFcgi();
    for (const [method, at, body] of kCalls) {
      const answer = await stack.call(method, at, body);
      assertProblem(answer, 503, 'unavailable');
      assert(Number(answer.headers['retry-after']) >= 1);
      await stack.fcgi.says(new RegExp(`status=503 .*request_id=${answer.json.requestId}`));
    }
    // What needs no database is answered as ever.
    assertProblem(await stack.call('GET', '/nowhere'), 404, 'not_found');
    assertProblem(await stack.call('POST', '/initialize', {}), 400, 'client_id_required');
    assertProblem(await stack.call('GET', '/history/a?page=0'), 400, 'page_invalid');

    await stack.database.start();
    for (const [method, at, body] of kCalls) {
      const answer = await stack.call(method, at, body);
      assert([200, 201].includes(answer.status), `${method} ${at}: ${answer.text}`);
    }
    assert.doesNotMatch(stack.fcgi.output, /worker_died/);
  });

  for (const signal of ['SIGTERM', 'SIGKILL']) {
    test(`which went with ${signal} under load, nothing that was acknowledged is lost or doubled`, async () => {
      await stack.startFcgi();
      await stack.open('load');
      const workers = stack.workers();
      const writers = startWriters(8);
      for (let i = 0; i < 2; i++) {
        await writers.more(50);
        const failed = writers.statuses.get(503) ?? 0;
        await stack.database.stop(signal);
        await waitFor(() => (writers.statuses.get(503) ?? 0) >= failed + 8, 'every writer to be refused');
        await stack.database.start();
      }
      await writers.more(50);
      await writers.stop();
      assert.deepEqual([...writers.statuses.keys()].sort(), [201, 503]);
      await assertAllThere(writers.acknowledged);
      assert.deepEqual(stack.workers(), workers);
    });
  }
});

describe('a connection', () => {
  const connections = () => stack.database.sql(
    `SELECT id FROM information_schema.processlist WHERE user = 'livechat'`);

  test('that the server has closed in the meantime is opened again, and the request is answered', async () => {
    await stack.startFcgi();
    for (let round = 0; round < 3; round++) {
      for (const [method, at, body] of kCalls) {
        const answer = await stack.call(method, at, body);
        assert([200, 201].includes(answer.status), `${method} ${at}: ${answer.text}`);
        for (const [id] of await connections()) {
          await stack.database.sql(`KILL ${id}`);
        }
      }
    }
  });

  test('belongs to one worker, and goes with it', async () => {
    await stack.startFcgi();
    await Promise.all(Array.from({ length: 50 }, () => stack.call('GET', '/sessions')));
    assert((await connections()).length <= 4);
    await stack.fcgi.stop('SIGTERM');
    await waitFor(async () => (await connections()).length === 0, 'the connections to be closed');
  });
});

test('a conversation that another transaction holds is 503 in time, and the others go on', async () => {
  await stack.startFcgi();
  await stack.open('held');
  await stack.open('free');
  const holder = stack.database.connect();
  await holder.run(`BEGIN; SELECT id FROM session WHERE client_id = 'held' FOR UPDATE`);
  const held = stack.call('POST', '/messages/held', { message: 'x', sender: 'client' });
  await stack.send('free', 'x');
  const answer = await held;
  assertProblem(answer, 503, 'busy');
  assert(Number(answer.headers['retry-after']) >= 1);
  await holder.end();
  await stack.send('held', 'x');
});
