// Runs the load generator and reads its JSON. `wsload --help` explains the options.
import path from 'node:path';

import { out } from './places.mjs';
import { run, sleep } from './process.mjs';

const kDisturbed = 0.1; // cores used by neither server nor generator

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

// Runs measure() until nobody else disturbed it, at most five times, and gives the quietest report.
export async function undisturbed(measure) {
  let best;
  for (let attempt = 0; attempt < 5; ++attempt) {
    const report = await measure();
    const others = report.result?.system.other_cores ?? report.other_cores;
    if (!best || others < best.others) best = { report, others };
    if (others <= kDisturbed) break;
    await sleep(2000);
  }
  return best.report;
}
