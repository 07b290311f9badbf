// Servers that are there and do not do what is needed: readyz and doctor say so, readers are answered, and
// all is well again as soon as the server is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { SqlSession } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import http from 'node:http';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { doctor } from '../wild/servers/lib/cases.mjs';

let stack;
let folder;
let clientId;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-state-'));
  stack = await Stack.start({
    ownDatabase: true,
    set: [
      'database.lock_timeout_s=2', `fcgi.metrics_listen=unix:${folder}/fcgi`, `wsd.metrics_listen=unix:${folder}/wsd`,
    ],
  });
  clientId = await newSession(stack);
}, { timeout: 120_000 });

after(async () => {
  await stack?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function readyz(program) {
  return new Promise((resolve, reject) => {
    http.get({ socketPath: path.join(folder, program), path: '/readyz' }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data)).on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

async function bothSay(status, words = /./) {
  for (const program of ['fcgi', 'wsd']) {
    await waitFor(async () => {
      const answer = await readyz(program);
      return answer.status === status && words.test(answer.text);
    }, async () => `readyz of ${program}: ${(await readyz(program)).text}`, 30_000);
  }
}

const send = (message) => request(stack, 'POST', sessionPath('messages', clientId), { body: { message, sender: 'client' } });

async function isWellAgain() {
  await waitFor(async () => (await send('again')).status === 201, 'a message that is taken');
  const client = await ChatClient.connect(stack);
  await waitFor(async () => (await client.ask('send-message', { clientId, message: 'by socket', sender: 'client' })).status === 'ok', 'a socket that sends');
  client.close();
  await bothSay(200);
}

test('a read-only server is told as one, and left as soon as it is not', { timeout: 120_000 }, async () => {
  await stack.sql('SET GLOBAL read_only=1');
  const refused = await send('to a read-only server');
  assert.equal(refused.status, 503);
  assert.equal(refused.body.code, 'unavailable');
  assert.equal((await request(stack, 'GET', sessionPath('history', clientId))).status, 200);
  await bothSay(503, /the database server is read-only/);
  assert.match(await doctor(stack), /BAD .*read-only.*read_only = OFF/);
  await stack.sql('SET GLOBAL read_only=0');
  await isWellAgain();
});

test('a server that keeps no prepared statements is told as one, without advice that goes in a circle', { timeout: 120_000 }, async () => {
  const [[most]] = await stack.sql('SELECT @@max_prepared_stmt_count');
  await stack.sql('SET GLOBAL max_prepared_stmt_count=0');
  const sessions = await newSessionFails();
  assert.equal(sessions.status, 503);
  await bothSay(503, /max_prepared_stmt_count/);
  const said = await doctor(stack);
  assert.match(said, /max_prepared_stmt_count/);
  assert.doesNotMatch(said, /livechat-admin doctor/);
  await stack.sql(`SET GLOBAL max_prepared_stmt_count=${most}`);
  await isWellAgain();
});

// A statement that no worker has prepared yet: those that are prepared go on.
async function newSessionFails() {
  await stack.sql("SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE user = 'livechat'")
    .then((rows) => Promise.allSettled(rows.map(([kill]) => stack.sql(kill)))); // one may have gone by itself
  return request(stack, 'POST', '/api/chat/initialize', { body: { clientId: 'nobody-yet' } });
}

test('locked tables hold up writers for seconds, and no readers', { timeout: 120_000 }, async () => {
  const lock = new SqlSession(stack.admin);
  await lock.run('FLUSH TABLES WITH READ LOCK');
  const client = await ChatClient.connect(stack);
  const begin = Date.now();
  const writes = Promise.all(Array.from({ length: 12 }, (_, i) => send(`locked ${i}`)));
  const socket = client.ask('send-message', { clientId, message: 'locked', sender: 'client' });
  await waitFor(async () => stack.log('fcgi') && (await stack.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for%lock%'"))[0][0] !== '0', 'a write that waits');
  const read = await request(stack, 'GET', sessionPath('history', clientId));
  assert.equal(read.status, 200);
  assert.ok(Date.now() - begin < 8_000, `a reader waited ${Date.now() - begin} ms`);
  for (const answer of await writes) {
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.body.code, 'busy');
    assert.ok(answer.headers['retry-after']);
  }
  assert.equal((await socket).code, 'busy');
  assert.ok(Date.now() - begin < 15_000, `writers waited ${Date.now() - begin} ms`);
  await bothSay(503, /takes no writes/);
  assert.match(await doctor(stack), /BAD .*takes no writes/);
  await lock.run('UNLOCK TABLES');
  await lock.end();
  client.close();
  await isWellAgain();
});

test('idle connections that end leave the programs ready', { timeout: 120_000 }, async () => {
  await bothSay(200);
  const seen = [];
  for (let round = 0; round < 3; round += 1) {
    const rows = await stack.sql("SELECT id FROM information_schema.processlist WHERE user = 'livechat' AND command = 'Sleep'");
    for (const [id] of rows) await stack.sql(`KILL ${id}`).catch(() => {});
    const [[before]] = await stack.sql("SHOW GLOBAL STATUS LIKE 'Connections'").then((all) => [[Number(all[0][1])]]);
    await waitFor(async () => {
      for (const program of ['fcgi', 'wsd']) seen.push((await readyz(program)).status);
      return Number((await stack.sql("SHOW GLOBAL STATUS LIKE 'Connections'"))[0][1]) > before + 10 || seen.length > 400;
    }, 'reconnects', 30_000);
  }
  assert.deepEqual([...new Set(seen)], [200]);
});

test('system tables of an older version stop no program from starting, and doctor names the cure', { timeout: 120_000 }, async () => {
  await stack.sql('CREATE TABLE mysql.proc_kept LIKE mysql.proc; INSERT INTO mysql.proc_kept SELECT * FROM mysql.proc;'
    + 'ALTER TABLE mysql.proc DROP COLUMN aggregate; FLUSH TABLES');
  try {
    await stack.restart('fcgi', 'SIGTERM');
    assert.equal((await send('without procedures')).status, 201);
    assert.match(await doctor(stack), /BAD .*mariadb-upgrade/);
  } finally {
    await stack.sql('RENAME TABLE mysql.proc TO mysql.proc_old, mysql.proc_kept TO mysql.proc; FLUSH TABLES');
  }
  await isWellAgain();
});

