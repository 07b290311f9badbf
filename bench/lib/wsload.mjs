// Runs the load generator and reads its JSON. `wsload --help` explains the options.
import path from 'node:path';

import { cpuOf, quiet } from './machine.mjs';
import { out } from './places.mjs';
import { run, sleep } from './process.mjs';

const kDisturbed = 0.15; // cores used by others than the server, its database and the generator

// server: { target, pids }. Gives wsload's report. Wrong deliveries are an error, never a figure.
export async function wsload(server, args) {
  const command = [path.join(out, 'wsload'), ...args, '--target', server.target, '--json'];
  if (server.pids?.length) command.push('--pid', server.pids.join(','), '--tree');
  const { code, out: text, errors } = await run(command);
  if (code !== 0) {
    throw new Error(`wsload ${args.join(' ')} on ${server.target} ended with ${code}:\n${errors.slice(-3000)}`);
  }
  const report = JSON.parse(text);
  await sleep(500); // until the server has forgotten those clients
  return report;
}

// Runs measure(), which gives a report of wsload, until others left it alone, and gives the least
// disturbed report with `others`, the cores that they used. database: a pid that is no other.
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
