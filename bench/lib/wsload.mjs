// Runs the load generator and reads its JSON. `wsload --help` explains the options.
import path from 'node:path';

import { cpuOf, quiet } from './machine.mjs';
import { out } from './places.mjs';
import { run, sleep } from './process.mjs';

const kDisturbed = 0.15; // cores used by others than the server, its database and the generator

// server: { target, pids }. Returns wsload's report. Wrong deliveries are an error, never a figure.
export async function wsload(server, args) {
  const command = [path.join(out, 'wsload'), ...args, '--target', server.target, '--json'];
  if (server.pids?.length) command.push('--pid', server.pids.join(','), '--tree');
  const { code, out: text, errors } = await run(command);
  if (code !== 0) {
    throw new Error(`wsload ${args.join(' ')} on ${server.target} ended with ${code}:\n${errors.slice(-3000)}`);
  }
  const report = JSON.parse(text);
  await sleep(500); // until the server has dropped those clients
  return report;
}

// Runs measure(), which returns wsload's report, until a run was undisturbed, and returns the least
// disturbed report with `others`, the cores used by other processes. database: its pid, which is not one of them.
export async function undisturbed(database, patience, measure) {
  let best;
  for (let attempt = 0; attempt < 4; ++attempt) {
    await quiet(patience);
    const before = cpuOf(database);
    const start = performance.now();
    const report = await measure();
    const ours = (cpuOf(database) - before) / ((performance.now() - start) / 1000);
    const used = report.result?.system.other_cores ?? report.other_cores;
    const others = Math.max(0, used - ours);
    if (!best || others < best.others) best = { ...report, others };
    if (others <= kDisturbed) break;
  }
  return best;
}
