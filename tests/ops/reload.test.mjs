// Reloading: what can change at run time is taken over, without a socket being closed; the rest is named in
// the log and waits for a restart.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { request } from '../harness/http.mjs';
import { SqlSession } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

const SHOP = 'https://shop.example';
let stack;
let visitor; // { clientId, token }
let client; // is there all the time
const more = []; // clients of one test
before(async () => {
  stack = await Stack.start({ auth: 'token', limits: true });
  fs.mkdirSync(path.join(stack.state, 'conf.d'), { recursive: true });
  const { body } = await open('visitor');
  visitor = { clientId: 'visitor', token: body.token };
  client = await ChatClient.connect(stack, { auth: { token: visitor.token } });
  await client.ask('join', visitor.clientId);
});
after(async () => {
  client?.close();
  await stack?.stop();
});
afterEach(async () => {
  for (const one of more.splice(0)) one.close();
  await reload('');
  assert.deepEqual(client.disconnects, [], 'a socket was closed');
});

const reloads = (name) => stack.log(name).split(/event"?[=:]"?reloaded/).length;

// Both programs read this beside their configuration.
async function reload(text) {
  fs.writeFileSync(path.join(stack.state, 'conf.d/20-local.toml'), text);
  const before = ['fcgi', 'wsd-a'].map(reloads);
  for (const name of ['fcgi', 'wsd-a']) stack.signal(name, 'SIGHUP');
  await waitFor(() => ['fcgi', 'wsd-a'].every((name, i) => reloads(name) > before[i]), 'the reload');
}

const open = (clientId, headers) => request(stack, 'POST', '/api/chat/initialize', { body: { clientId }, headers });
const send = (message) => client.ask('send-message', { clientId: visitor.clientId, message, sender: 'client' });

// Another client of the visitor; gives the answer to its handshake if that was refused.
async function connect(extraHeaders = {}) {
  const options = { auth: { token: visitor.token }, extraHeaders, reconnection: false };
  try {
    more.push(await ChatClient.connect(stack, options));
    return 'connected';
  } catch (error) {
    return `refused: ${error.context?.statusCode ?? error.description?.message ?? error.message}`;
  }
}

// A client that is put back where it was, while a lock holds what its daemon asks the database for.
async function comeBackSlowly() {
  const client = await ChatClient.connect(stack, { auth: { token: visitor.token }, reconnection: false });
  const holder = new SqlSession(stack.admin);
  more.push(client, { close: () => holder.kill() });
  await client.ask('join', visitor.clientId);
  await send('to be recovered from');
  await client.hears('new-message');
  await stack.sql('DELETE FROM recovery');
  client.socket.io.engine.close();
  await waitFor(async () => (await stack.sql('SELECT COUNT(*) FROM recovery'))[0][0] === '1', 'what it left behind');
  await holder.run('BEGIN');
  await holder.run('SELECT pid_hash FROM recovery FOR UPDATE');
  client.socket.connect();
  const waiting = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT pid_hash%FOR UPDATE'";
  await waitFor(async () => (await stack.sql(waiting))[0][0] === '1', 'the daemon to ask');
  await holder.run('COMMIT');
  await waitFor(() => client.socket.connected, 'the new connection');
  assert.ok(client.socket.recovered);
}

test('allowed origins: a page is let in, and shut out again, while those that are there stay', async () => {
  const headers = { Origin: SHOP };
  assert.match(await connect(headers), /403/);
  assert.equal((await open('from-the-shop', headers)).status, 403);

  await reload(`[auth]\nallowed_origins = ["${SHOP}"]\n`);
  assert.equal(await connect(headers), 'connected');
  const shop = more.at(-1);
  await waitFor(async () => (await open('from-the-shop', headers)).status === 200, 'the new workers');
  assert.equal((await open('from-the-shop', headers)).headers['access-control-allow-origin'], SHOP);

  await reload('');
  assert.match(await connect(headers), /403/);
  await waitFor(async () => (await open('again', headers)).status === 403, 'the new workers');
  assert.deepEqual(shop.disconnects, []);
  assert.equal((await shop.ask('join', visitor.clientId)).status, 'ok');
});

test('limits of messages', async () => {
  assert.equal((await send('five!')).status, 'ok');
  await reload('[limits]\nmessage_bytes = 4\n');
  assert.equal((await send('five!')).code, 'message_too_long');
  await reload('');
  assert.equal((await send('five!')).status, 'ok');
});

test('limits of how often', async () => {
  await reload('[abuse]\nsend_per_visitor = 1\n');
  const answers = [await send('one'), await send('two'), await send('three')];
  assert.equal(answers.at(-1).code, 'rate_limited');
  await reload('[abuse]\nenabled = false\n');
  assert.equal((await send('four')).status, 'ok');
});

test('limits of sessions: those who are there may stay', async () => {
  assert.equal(await connect(), 'connected');
  await reload('[wsd]\nmax_sessions = 1\n');
  assert.match(await connect(), /503/);
  assert.deepEqual(more[0].disconnects, []);
  await reload('[wsd]\nmax_sessions_per_address = 1\n');
  assert.match(await connect(), /429/);
  await reload('');
  assert.equal(await connect(), 'connected');
});

describe('the log', () => {
  const added = (name, since) => stack.log(name).slice(since.get(name));
  const now = () => new Map(['fcgi', 'wsd-a'].map((name) => [name, stack.log(name).length]));

  test('its level', async () => {
    const since = now();
    await connect();
    assert.doesNotMatch(added('wsd-a', since), /event=session_opened/);
    await reload('[log]\nlevel = "debug"\n');
    await connect();
    await waitFor(() => /event=session_opened/.test(added('wsd-a', since)), 'a debug line');
    await waitFor(async () => {
      await open(visitor.clientId, { Authorization: `Bearer ${visitor.token}` });
      return /event=request .*status=200/.test(added('fcgi', since));
    }, 'a debug line of REST');
  });

  test('its format', async () => {
    const since = now();
    await reload('[log]\nlevel = "debug"\nformat = "json"\n');
    await connect();
    const lines = () => added('wsd-a', since).split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    await waitFor(() => lines().some(({ event }) => event === 'session_opened'), 'an object');
    await waitFor(async () => {
      await open(visitor.clientId, { Authorization: `Bearer ${visitor.token}` });
      return added('fcgi', since).split('\n').some((line) => line.startsWith('{') && JSON.parse(line).event === 'request');
    }, 'an object of REST');
  });

  test('what counts as slow', async () => {
    const since = now();
    assert.equal((await send('as fast as ever')).status, 'ok');
    assert.doesNotMatch(added('wsd-a', since), /event=slow_job/);
    await reload('[log]\nslow_request_ms = 1\n');
    await waitFor(async () => {
      await send('slow enough');
      return /event=slow_job job=send ms=\d+$/m.test(added('wsd-a', since));
    }, 'a slow message');
    await comeBackSlowly();
    await waitFor(() => /event=slow_job job=take_recovery ms=\d+$/m.test(added('wsd-a', since)), 'a slow recovery');
    await waitFor(async () => {
      await open(visitor.clientId, { Authorization: `Bearer ${visitor.token}` });
      return /<4>.*event=slow_request method=POST route=\/api\/chat\/initialize status=200 ms=\d+ database_ms=\d+ request_id=[0-9a-f]{32}$/m
        .test(added('fcgi', since));
    }, 'a slow request');
  });
});

test('what needs a restart is named, and stays as it is', async () => {
  const since = stack.log('wsd-a').length;
  await reload('[wsd]\nping_interval_ms = 1000\nreader_threads = 3\n[feed]\nbatch = 7\n');
  const named = [...stack.log('wsd-a').slice(since).matchAll(/event=restart_needed key="?(\S+?)"? reason="it changes with a restart"/g)]
    .map(([, key]) => key);
  assert.deepEqual(named, ['wsd.ping_interval_ms', 'wsd.reader_threads', 'feed.batch']);
  const handshake = await request(stack, 'GET', '/socket.io/?EIO=4&transport=polling');
  assert.equal(JSON.parse(handshake.text.slice(1)).pingInterval, 25000);
});
