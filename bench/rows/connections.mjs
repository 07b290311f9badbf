// Connecting, and what a connection that is idle costs.
import { compared, median } from '../lib/table.mjs';
import { undisturbed, wsload } from '../lib/wsload.mjs';

export const name = 'connections';

const kMost = 19_000; // the limit of open files is 20,000

export async function measure(servers, { quick, say, patience }) {
  const reports = { plain: { livechat: [], 'socket.io': [] }, joined: { livechat: [], 'socket.io': [] } };
  const count = quick ? 1000 : 5000;
  const connect = ['connect', '-n', String(count), '--cpu', '1', '--settle', '1', '--hold', '2'];
  const kinds = { plain: connect, joined: [...connect, '--join', '--join-ack'] };
  const held = await servers.withoutDaemon(async () => {
    for (let round = 0; round < (quick ? 1 : 3); ++round) {
      for (const [kind, args] of Object.entries(kinds)) {
        for (const server of ['livechat', 'socket.io']) {
          say(`connections (${kind}): ${server}`);
          reports[kind][server].push(await undisturbed(servers.stack.pid('mariadb'), patience, () =>
            servers.fresh(server, (target) => wsload(target, args))));
        }
      }
    }
    say(`${kMost.toLocaleString('en-US')} connections`);
    const many = quick ? 2000 : kMost;
    return servers.fresh('livechat', (target) =>
      wsload(target, ['connect', '-n', String(many), '--join', '--join-ack', '--settle', '2', '--hold', '30']));
  });
  const rate = (kind, server) => median(reports[kind][server].map((report) => report.connect.rate_per_s));
  const memory = (server) => median(reports.joined[server].map((report) => report.server.bytes_per_connection)) / 1024;
  const rows = [
    compared('connections/s', rate('plain', 'livechat'), '/s', 'socket.io', rate('plain', 'socket.io'), { atLeast: 6 }),
    compared('connections/s that also join a room', rate('joined', 'livechat'), '/s', 'socket.io (in memory)',
      rate('joined', 'socket.io')),
    { ...compared('memory per idle joined connection', memory('livechat'), 'KiB', 'socket.io', memory('socket.io')),
      target: '≤ 8 KiB', reached: memory('livechat') <= 8 },
    { what: 'joined connections held', value: held.connect.ok, unit: '', target: '19,000', reached: held.connect.ok >= kMost && held.disconnects === 0 },
    { what: 'memory of each of them', value: held.server.bytes_per_connection / 1024, unit: 'KiB', target: '≤ 8 KiB',
      reached: held.server.bytes_per_connection <= 8192 },
    { what: 'CPU of the daemon while they are idle', value: held.server.idle_cpu_pct, unit: '% of a core' },
  ];
  return { rows, reports: { ...reports, held } };
}
