// Connecting, and the cost of idle connections.
import { compared, median } from '../lib/table.mjs';
import { undisturbed, wsload } from '../lib/wsload.mjs';

export const name = 'connections';

const kMost = 19_000; // the limit of open files is 20,000
const kIdle = 1000;

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
    const hold = (count, seconds) => servers.fresh('livechat', (target) =>
      wsload(target, ['connect', '-n', String(count), '--join', '--join-ack', '--settle', '2', '--hold', String(seconds)]));
    say(`${kIdle.toLocaleString('en-US')} idle connections`);
    // Longer than the heartbeat interval, so that each of them has one.
    const idle = await undisturbed(servers.stack.pid('mariadb'), patience, () => hold(kIdle, quick ? 3 : 30));
    say(`${kMost.toLocaleString('en-US')} connections`);
    return { idle, many: await hold(quick ? 2000 : kMost, quick ? 3 : 30) };
  });
  const { idle, many } = held;
  const rate = (kind, server) => median(reports[kind][server].map((report) => report.connect.rate_per_s));
  const memory = (server) => median(reports.joined[server].map((report) => report.server.bytes_per_connection)) / 1024;
  const rows = [
    compared('connections/s', rate('plain', 'livechat'), '/s', 'socket.io', rate('plain', 'socket.io'), { atLeast: 6 }),
    compared('connections/s that also join a room', rate('joined', 'livechat'), '/s', 'socket.io (in memory)',
      rate('joined', 'socket.io')),
    { ...compared('memory per idle joined connection', memory('livechat'), 'KiB', 'socket.io', memory('socket.io')),
      target: '≤ 8 KiB', reached: memory('livechat') <= 8 },
    { what: 'joined connections held', value: many.connect.ok, unit: '', target: '19,000', reached: many.connect.ok >= kMost && many.disconnects === 0 },
    { what: 'memory of each of them', value: many.server.bytes_per_connection / 1024, unit: 'KiB', target: '≤ 8 KiB',
      reached: many.server.bytes_per_connection <= 8192 },
    { what: 'CPU of the daemon while they are idle', value: many.server.idle_cpu_pct, unit: '% of a core' },
    { what: `CPU of the daemon with ${kIdle.toLocaleString('en-US')} idle connections`, value: idle.server.idle_cpu_pct, unit: '% of a core',
      target: '< 0.5 %', reached: idle.server.idle_cpu_pct < 0.5 },
  ];
  return { rows, reports: { ...reports, held } };
}
