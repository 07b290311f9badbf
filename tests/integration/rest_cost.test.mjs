// What a request costs the database, counted in rows (Handler_read% status) and not by a clock: the same
// for the first page of a history and for the 20,000th, and the same for the list of sessions whether or
// not there are many closed ones beside it. Every request may look whether a ban has changed (one row).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { wanted as mysqlWanted } from '../harness/mysql.mjs';
import { Stack } from './rest_stack.mjs';

const kLimit = 3;
const kPages = 20_000;
const kClosed = 300_000;
// Of the list: its place in the index, the row with the copy of its newest message, what is known of the
// visitor. MySQL looks for the message too before it sees that it need not.
const kReadsOfSession = mysqlWanted ? 4 : 3;

// A table of numbers, column seq, up to a million; in SQL that every server knows.
function numbers(from, to) {
  const digit = `(${Array.from({ length: 10 }, (_, i) => `SELECT ${i} AS i`).join(' UNION ALL ')})`;
  const places = ['a', 'b', 'c', 'd', 'e', 'f'];
  const value = places.map((place, power) => `${place}.i * ${10 ** power}`).join(' + ');
  return `(SELECT 1 + ${value} AS seq FROM ${places.map((place) => `${digit} ${place}`).join(', ')}
    HAVING seq BETWEEN ${from} AND ${to}) numbers`;
}

let stack;
before(async () => {
  stack = await Stack.start({ set: { 'fcgi.workers': 1, 'auth.cache_ms': 0 } });
  await stack.open('long');
  const id = await stack.database.value(`SELECT id FROM session WHERE client_id = 'long'`);
  await stack.database.sql(`INSERT INTO message (session_id, sender, body)
    SELECT ${id}, IF(seq % 2, 'client', 'admin'), 'text' FROM ${numbers(1, kLimit * kPages)}`);
});
after(() => stack?.stop());

async function handlerReads() {
  const rows = await stack.database.sql(`SHOW GLOBAL STATUS LIKE 'Handler_read%'`);
  return new Map(rows.map(([name, value]) => [name, Number(value)]));
}

// How many rows a request made the server read, by Handler_read counter. Looking costs reads as well:
// always the same, which are taken off.
async function cost(method, at, body) {
  const measure = async (action) => {
    const start = await handlerReads();
    await action();
    const end = await handlerReads();
    return new Map([...end].map(([name, value]) => [name, value - start.get(name)]));
  };
  const look = await measure(() => {});
  const both = await measure(async () => {
    const answer = await stack.call(method, at, body);
    assert([200, 201].includes(answer.status), answer.text);
  });
  return Object.fromEntries([...both].map(([name, value]) => [name, value - look.get(name)])
    .filter(([, value]) => value !== 0));
}

const total = (counters) => Object.values(counters).reduce((sum, value) => sum + value, 0);

// The first one of a kind prepares its statement and reads tables' definitions.
async function settledCost(...call) {
  await cost(...call);
  return cost(...call);
}

describe('the cost of a page of history', () => {
  test('is the same at page 1 and at page 20,000', async () => {
    const first = await settledCost('GET', `/history/long?limit=${kLimit}&page=1`);
    const last = await settledCost('GET', `/history/long?limit=${kLimit}&page=${kPages}`);
    const middle = await settledCost('GET', `/history/long?limit=${kLimit}&page=${kPages / 2}`);
    // The last page also finds the end of the session behind its last row, or does not look.
    assert(Math.abs(total(first) - total(last)) <= 1, JSON.stringify({ first, last }));
    assert.deepEqual(first, middle);
    // The session, what is known of bans, and as many rows as are shown.
    assert(total(first) <= kLimit + 3, JSON.stringify(first));
  });

  test('is that of its messages when read by seq, wherever it is', async () => {
    const low = await settledCost('GET', `/history/long?limit=${kLimit}&after=10`);
    const high = await settledCost('GET', `/history/long?limit=${kLimit}&after=50000`);
    const before = await settledCost('GET', `/history/long?limit=${kLimit}&before=50000`);
    assert.deepEqual(low, high);
    assert.deepEqual(before, high);
    assert(total(low) <= kLimit + 3, JSON.stringify(low));
  });

  // Messages have dense numbers: where one is lacking, it may be the view of the database that lacks it.
  test('where a message was deleted by hand is that of a second look', async () => {
    const id = await stack.database.value(`SELECT id FROM session WHERE client_id = 'long'`);
    await stack.database.sql(`DELETE FROM message WHERE session_id = ${id} AND seq = 1000`);
    for (const query of ['after=998', 'before=1002', 'page=334']) {
      const path = `/history/long?limit=${kLimit}&${query}`;
      const { json } = await stack.call('GET', path);
      const around = [999, 1000, 1001, 1002].slice(query === 'page=334' ? 1 : 0).slice(0, kLimit);
      assert.deepEqual(json.messages.map(({ seq }) => seq), around.filter((seq) => seq !== 1000), path);
      assert.equal(json.total, kLimit * kPages);
      const cost = total(await settledCost('GET', path));
      assert(cost > kLimit + 3 && cost <= 2 * kLimit + 3, `${path}: ${cost}`);
    }
  });

  test('beyond the last page is that of finding the session', async () => {
    assert(total(await settledCost('GET', `/history/long?limit=${kLimit}&page=9999999`)) <= 2 + 1);
  });
});

test('initialize, read, close and messages cost the same in a long conversation as in a short one', async () => {
  const calls = (id) => [
    ['PUT', `/read/${id}`, { sender: 'admin' }],
    ['PUT', `/close/${id}`],
    ['POST', `/messages/${id}`, { message: 'x', sender: 'client' }],
  ];
  await stack.open('short');
  for (let i = 0; i < 60; i++) await stack.send('short', `${i}`);
  const short = calls('short');
  const long = calls('long');
  for (const i of short.keys()) {
    await cost(...short[i]);
    await cost(...long[i]);
    const inShort = await cost(...short[i]);
    const inLong = await cost(...long[i]);
    assert(Math.abs(total(inShort) - total(inLong)) <= 1, JSON.stringify({ call: long[i], inShort, inLong }));
    assert(total(inLong) <= 12, JSON.stringify({ call: long[i], inLong }));
  }
  const opened = await settledCost('POST', '/initialize', { clientId: 'long' });
  assert(total(opened) <= 50 + 3, JSON.stringify(opened));
});

test(`the list of sessions costs the same with ${kClosed} closed ones beside it`, async () => {
  for (let i = 0; i < 30; i++) {
    await stack.open(`open-${i}`);
    if (i % 2) await stack.send(`open-${i}`, 'x');
  }
  const addClosed = (from, to) => stack.database.sql(`INSERT INTO session (client_id, status, last_message_at)
    SELECT CONCAT('closed-', seq), 'closed', '2030-01-01' - INTERVAL seq SECOND FROM ${numbers(from, to)}`);
  await addClosed(1, 3000);
  const few = await settledCost('GET', '/sessions');
  const fewTen = await settledCost('GET', '/sessions?limit=10');
  await addClosed(3001, kClosed);
  assert.equal((await stack.call('GET', '/sessions')).json.length, 32);
  const many = await settledCost('GET', '/sessions');
  assert.deepEqual(many, few);
  assert.deepEqual(await settledCost('GET', '/sessions?limit=10'), fewTen);
  assert(total(many) <= 32 * kReadsOfSession + 3 + 1, JSON.stringify(many));

  const closed = await settledCost('GET', '/sessions?status=closed&limit=10');
  assert(total(closed) <= 11 * kReadsOfSession + 3 + 1, JSON.stringify(closed));
  const { headers } = await stack.call('GET', '/sessions?status=closed&limit=100');
  const next = /<\/api\/chat([^>]+)>/.exec(headers.link)[1].replace('limit=100', 'limit=10');
  const further = await settledCost('GET', next);
  assert(total(further) <= 11 * kReadsOfSession + 3 + 1, JSON.stringify(further));
});
