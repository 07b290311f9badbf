// Other load on the machine: a benchmark on a busy one measures its neighbours.
import fs from 'node:fs';

import { sleep } from './process.mjs';

const kTicks = 100; // a second, of /proc
const kIdle = 0.15; // cores that may be busy on a machine that counts as quiet

// Seconds of CPU time, of all cores together.
function busy() {
  const [user, nice, system, , , irq, softirq, steal] =
    fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq + steal) / kTicks;
}

// Seconds of CPU time that a process has used.
export function cpuOf(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / kTicks;
}

// The same including all its children, also those that have ended.
export function treeCpuOf(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / kTicks;
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + cpuOf(child), own);
}

// Waits until the machine is idle, for at most so many seconds. Returns the cores that were busy at the end.
export async function quiet(seconds) {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const before = busy();
    const start = performance.now();
    await sleep(1500);
    const cores = (busy() - before) / ((performance.now() - start) / 1000);
    if (cores <= kIdle || Date.now() > end) return cores;
  }
}
