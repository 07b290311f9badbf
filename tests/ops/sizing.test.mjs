// What livechat takes from a server that has other things to do, idle (docs/operations.md, "Sizes").
// Runs alone: it measures memory and times.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { build } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Program, Stack } from '../integration/rest_stack.mjs';

let stack;
const running = []; // also those of a test that failed
before(async () => {
  stack = await Stack.start({ fcgi: false });
  stack.writeConfiguration({
    'fcgi.workers': 4,
    'fcgi.metrics_listen': `unix:${stack.folder}/fcgi.status`,
    'wsd.metrics_listen': `unix:${stack.folder}/wsd.status`,
    'wsd.listen': `unix:${stack.folder}/wsd.sock`,
    'log.level': 'info',
  });
});
after(async () => {
  for (const program of running) await program.stop('SIGKILL');
  await stack?.stop();
});

function start(name) {
  const program = new Program(path.join(build, 'bin', name), stack.arguments);
  running.push(program);
  return program;
}

// MiB of memory that is there because of the process; what several share counts by its part of it.
const proportional = (pid) =>
  Number(/^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;

test('both programs with four workers take 64 MiB at most', async () => {
  const fcgi = start('livechat-fcgi');
  const wsd = start('livechat-wsd');
  await fcgi.says(/event=ready/);
  await wsd.says(/event=ready/);
  await waitFor(() => stack.workers(fcgi.pid).length === 5, 'four workers and the process that shows them');
  for (let i = 0; i < 100; i += 1) await stack.open(`room-${i}`);
  const sizes = { fcgi: [fcgi.pid, ...stack.workers(fcgi.pid)].map(proportional), wsd: [proportional(wsd.pid)] };
  const sum = [...sizes.fcgi, ...sizes.wsd].reduce((total, size) => total + size, 0);
  console.log(`memory: ${sum.toFixed(1)} MiB (${JSON.stringify(sizes, (_, value) => value.toFixed?.(1) ?? value)})`);
  await fcgi.stop();
  await wsd.stop();
  assert(sum <= 64, `${sum} MiB`);
});

for (const name of ['livechat-fcgi', 'livechat-wsd']) {
  test(`${name} is ready 100 ms after its start`, async () => {
    const times = [];
    for (let i = 0; i < 7; i += 1) {
      const began = performance.now();
      const program = start(name);
      await program.says(/event=ready/);
      times.push(performance.now() - began);
      await program.stop();
    }
    // The quickest shows what the program needs; the others, what else the machine was doing.
    const quickest = Math.min(...times);
    console.log(`${name}: ready after ${quickest.toFixed(0)} ms (${times.map((time) => time.toFixed(0)).join(' ')})`);
    assert(quickest <= 100, times.join(' '));
  });
}
