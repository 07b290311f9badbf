// What a daemon costs while nothing happens.
// Runs alone: it measures.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { WebSocket } from 'ws';

import { newSession } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

const SOCKETS = 1000;
const QUIET_MS = 15_000; // after ten seconds of silence the feed looks less often
const MEASURED_S = 60;
const TICKS = 100; // of a second, in /proc
let stack;
const sockets = [];

before(async () => {
  stack = await Stack.start({ set: ['doorbell.ring=[]'] });
});

after(async () => {
  for (const socket of sockets) socket.terminate();
  await stack?.stop();
});

function cpuSeconds(name) {
  const fields = fs.readFileSync(`/proc/${stack.pid(name)}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function queries() {
  return Number((await stack.sql("SHOW GLOBAL STATUS LIKE 'Questions'"))[0][1]);
}

test(`${SOCKETS} idle sockets: under 0.5 % of a core, and a few queries a second`, { timeout: 300_000 }, async () => {
  const room = await newSession(stack);
  const url = `${stack.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  let joined = 0;
  for (let i = 0; i < SOCKETS; i += 1) {
    const socket = new WebSocket(url);
    sockets.push(socket);
    socket.on('message', (data) => {
      const text = String(data);
      if (text.startsWith('0')) socket.send('40');
      else if (text.startsWith('40')) socket.send(`420${JSON.stringify(['join', `${room}-${i % 500}`])}`);
      else if (text.startsWith('430')) joined += 1;
      else if (text === '2') socket.send('3');
    });
    if (i % 50 === 49) await waitFor(() => joined === i + 1, `${i + 1} sockets in their rooms`);
  }
  await pause(QUIET_MS);
  const [cpu, asked] = [cpuSeconds('wsd-a'), await queries()];
  await pause(MEASURED_S * 1000);
  const share = (cpuSeconds('wsd-a') - cpu) / MEASURED_S;
  const rate = ((await queries()) - asked) / MEASURED_S;
  console.log(`    ${(100 * share).toFixed(2)} % of a core, ${rate.toFixed(1)} queries a second`);
  assert.ok(share < 0.005, `${(100 * share).toFixed(2)} % of a core`);
  assert.ok(rate < 10, `${rate} queries a second`);
});
