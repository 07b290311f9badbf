// One room of a thousand: the server's cost per delivery. For livechat this is the CPU time of the whole
// daemon — the durable commit of every message (only its own share: MariaDB's is not counted), reading it
// back from the feed, and all its threads; the references store nothing and use no database.
import fs from 'node:fs';
import path from 'node:path';

import { bench } from '../lib/places.mjs';
import { run } from '../lib/process.mjs';
import { compared, median } from '../lib/table.mjs';
import { undisturbed, wsload } from '../lib/wsload.mjs';

const kReceivers = 1000;

export const name = 'fanout';

// npm's bun may not run on this machine.
async function bunRuns() {
  const bun = path.join(bench, 'refs/node_modules/.bin/bun');
  return fs.existsSync(bun) && (await run([bun, '--version'])).code === 0;
}

export async function measure(servers, { quick, say, patience }) {
  await servers.initialize(['room0']);
  const names = ['epoll-limit', 'livechat', 'socket.io'];
  if (await bunRuns()) names.push('bun');
  const args = [
    'fanout', '-n', String(kReceivers), '--mode', 'delivered', '--window', '1', '--spin', '--cpu', '1',
    '--warmup', quick ? '1' : '3', '--duration', quick ? '2' : '5',
  ];
  const reports = Object.fromEntries(names.map((server) => [server, []]));
  await servers.withoutDaemon(async () => {
    for (let round = 0; round < (quick ? 1 : 3); ++round) {
      for (const server of names) {
        say(`fan-out: ${server}`);
        reports[server].push(await undisturbed(servers.stack.pid('mariadb'), patience, () =>
          servers.fresh(server, (target) => wsload(target, args))));
      }
    }
  });
  const cost = (server) => median(reports[server].map((report) => report.result.server.cpu_us_per_delivery));
  const what = `CPU per delivery, one room of ${kReceivers.toLocaleString('en-US')}`;
  const rows = [compared(what, cost('livechat'), 'µs', 'epoll-limit', cost('epoll-limit'), { atMost: 1.5 })];
  for (const server of names.slice(2)) rows.push(compared(what, cost('livechat'), 'µs', server, cost(server)));
  return { rows, reports };
}
