// Measures livechat side by side with its peers, prints one table and saves everything as JSON.
// scripts/bench prepares what this needs and explains the options.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { quiet } from './lib/machine.mjs';
import { out } from './lib/places.mjs';
import { Servers } from './lib/servers.mjs';
import { table } from './lib/table.mjs';
import * as access from './rows/access.mjs';
import * as connections from './rows/connections.mjs';
import * as doorbell from './rows/doorbell.mjs';
import * as fanout from './rows/fanout.mjs';
import * as rest from './rows/rest.mjs';
import * as rooms from './rows/rooms.mjs';

const measurements = [rooms, doorbell, fanout, connections, rest, access];

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' }, patience: { type: 'string', default: '60' } },
});
const names = options.only?.split(',') ?? measurements.map(({ name }) => name);
const wrong = names.find((name) => !measurements.some((one) => one.name === name));
if (!/^\d{1,4}$/.test(options.patience)) {
  console.error(`livechat: --patience takes a number of seconds: ${options.patience}`);
  process.exit(1);
}
if (wrong !== undefined) {
  console.error(`livechat: --only takes a list of ${measurements.map(({ name }) => name).join(', ')}: ${wrong}`);
  process.exit(1);
}

const now = new Date();
const file = path.resolve(options.json ?? path.join(out, `${now.toISOString().slice(0, 19).replaceAll(':', '')}.json`));
const result = {
  started: now.toISOString(),
  quick: options.quick ?? false,
  machine: { cpu: os.cpus()[0].model, cores: os.cpus().length, kernel: os.release(), node: process.version },
  busy_cores_before: await quiet(0),
  rows: [],
  reports: {},
  failed: [],
};
const say = (text) => console.log(`    ${text}`);

console.log('starting the servers');
const servers = await Servers.start({});
let stopping;
const stop = () => (stopping ??= servers.stop());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop().finally(() => process.exit(130)));
try {
  [[result.database]] = await servers.stack.sql("SELECT CONCAT(VERSION(), ', innodb_flush_log_at_trx_commit=', @@innodb_flush_log_at_trx_commit)");
  for (const measurement of measurements.filter(({ name }) => names.includes(name))) {
    console.log(`measuring: ${measurement.name}`);
    try {
      const { rows, reports } = await measurement.measure(servers, {
        quick: options.quick, say, patience: options.quick ? 0 : Number(options.patience),
      });
      result.rows.push(...rows);
      result.reports[measurement.name] = reports;
    } catch (error) {
      // The others may still be of use.
      console.error(`livechat: ${measurement.name} could not be measured: ${error.message}`);
      result.failed.push({ measurement: measurement.name, error: error.message });
    }
    fs.writeFileSync(file, JSON.stringify(result, null, 1));
  }
} finally {
  await stop();
}
console.log(`\n${table(result.rows)}\n`);
console.log(`${result.machine.cores} × ${result.machine.cpu}, MariaDB ${result.database}, busy cores before ${result.busy_cores_before.toFixed(2)}`);
console.log(`saved as ${file}`);
process.exit(result.failed.length > 0 ? 1 : 0);
