// Whose X-Real-IP is believed: of those who come by the unix socket, and over TCP of the listed addresses alone.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { ExtraDaemon } from '../harness/daemon.mjs';
import { Stack } from '../harness/stack.mjs';

let stack;
const daemons = [];

before(async () => {
  stack = await Stack.start();
});

after(async () => {
  for (const daemon of daemons) await daemon.stop();
  await stack?.stop();
});

// A daemon on TCP that lets two sessions of an address in.
async function daemonWith(...set) {
  const all = ['doorbell.listen=', 'wsd.max_sessions_per_address=2', ...set];
  const daemon = await ExtraDaemon.start(stack, '--name', 'b', ...all.flatMap((one) => ['--set', one]));
  daemons.push(daemon);
  return daemon;
}

// The status of a new session, from the address that the header names.
function open(daemon, address) {
  return new Promise((resolve, reject) => {
    const call = http.get(`${daemon.url}/socket.io/?EIO=4&transport=polling`, { headers: { 'X-Real-IP': address } });
    call.on('error', reject);
    call.on('response', (response) => resolve(response.resume().statusCode));
  });
}

test('a proxy on the machine is believed', async () => {
  const daemon = await daemonWith();
  for (const i of [1, 2, 3, 4]) assert.equal(await open(daemon, `203.0.113.${i}`), 200);
  for (const status of [200, 429]) assert.equal(await open(daemon, '203.0.113.4'), status);
});

test('a peer that is no listed proxy counts as the address that it comes from', async () => {
  const daemon = await daemonWith('wsd.trusted_proxies=["192.0.2.0/24"]');
  const statuses = [];
  for (const i of [1, 2, 3, 4]) statuses.push(await open(daemon, `203.0.113.${i}`));
  assert.deepEqual(statuses, [200, 200, 429, 429]);
});
