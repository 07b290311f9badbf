// What strangers can cost with the limits as they ship: docs/security.md, "What it can cost", has these figures.
// Runs alone: it measures.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { ChatClient } from '../harness/chat_client.mjs';
import { ExtraDaemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';

const TICKS = 100; // of a second, in /proc
const SECONDS = 30;
const MINUTE = 60;
const BIG = 'x'.repeat(65_536);
let stack;
let daemon;
const visitors = []; // { clientId, token }

before(async () => {
  // The visitors are there before it begins: the stack has no limits, the daemon beside it has.
  stack = await Stack.start({ auth: 'token' });
  daemon = await ExtraDaemon.start(stack, '--name', 'b');
  for (let i = 0; i < 200; i += 1) {
    const clientId = `cost-${i}`;
    const { status, body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
    assert.equal(status, 200);
    visitors.push({ clientId, token: body.token });
  }
}, { timeout: 120_000 });

after(async () => {
  await daemon?.stop();
  await stack?.stop();
});

const cpuOf = (pid) => {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};
const residentKiB = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)[1]);
const diskBytes = () => Number(execFileSync('du', ['-sb', path.join(stack.state, 'data')]).toString().split('\t')[0]);

const figures = () => ({
  daemonCpu: cpuOf(daemon.program.pid), databaseCpu: cpuOf(stack.pid('mariadb')), memory: residentKiB(daemon.program.pid), disk: diskBytes(),
});

// Each visitor comes from an address and writes as fast as the connection takes it. Gives what was stored and refused
// in that time, and what it cost.
async function flood(name, count, addressOf, message) {
  const clients = [];
  for (let i = 0; i < count; i += 1) {
    const { clientId, token } = visitors[i];
    const client = await ChatClient.connect(stack, { url: daemon.url, auth: { token }, extraHeaders: { 'X-Real-IP': addressOf(i) } });
    clients.push({ client, clientId });
  }
  const before = figures();
  const end = Date.now() + SECONDS * 1000;
  let stored = 0;
  let refused = 0;
  await Promise.all(clients.map(async ({ client, clientId }) => {
    while (Date.now() < end) {
      const { status, code } = await client.ask('send-message', { clientId, message, sender: 'client' });
      if (status === 'ok') stored += 1;
      else refused += 1;
      if (code !== undefined) assert.equal(code, 'rate_limited');
    }
  }));
  await pause(500);
  const after = figures();
  for (const { client } of clients) client.close();
  const seconds = SECONDS;
  const cost = {
    stored, refused,
    daemonShare: (after.daemonCpu - before.daemonCpu) / seconds,
    databaseShare: (after.databaseCpu - before.databaseCpu) / seconds,
    memoryMiB: (after.memory - before.memory) / 1024,
    diskMiB: (after.disk - before.disk) / 1024 / 1024,
  };
  console.log(`    ${name}: ${JSON.stringify(cost, (_, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value))}`);
  return cost;
}

const oneAddress = () => '203.0.113.1';
const ofOneNetwork = (i) => `2001:db8:1:${(i % 64).toString(16)}${(i % 8).toString(16)}::1`;

test('a visitor', { timeout: 120_000 }, async () => {
  const { stored } = await flood('one visitor, small messages', 1, () => '203.0.113.9', 'x');
  assert.ok(stored <= 60 * (1 + SECONDS / MINUTE) + 5, `${stored} stored`);
});

test('an address', { timeout: 120_000 }, async () => {
  const { stored } = await flood('one address, 100 visitors, small messages', 100, oneAddress, 'x');
  assert.ok(stored <= 600 * (1 + SECONDS / MINUTE) + 5, `${stored} stored`);
});

test('an address that writes as much as it can', { timeout: 120_000 }, async () => {
  const { stored, diskMiB } = await flood('one address, 100 visitors, 64 KiB', 100, () => '203.0.113.2', BIG);
  assert.ok(stored * BIG.length <= 4_194_304 * (1 + SECONDS / MINUTE) + BIG.length, `${stored} stored`);
  assert.ok(diskMiB < 100, `${diskMiB} MiB`);
});

test('a /48', { timeout: 120_000 }, async () => {
  const { stored } = await flood('one /48, 200 visitors, small messages', 200, ofOneNetwork, 'x');
  assert.ok(stored <= 32 * 600 * (1 + SECONDS / MINUTE), `${stored} stored`);
});
