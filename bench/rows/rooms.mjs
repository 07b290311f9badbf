// Two hundred conversations of two people, every message durable before it is acknowledged. CPU times in
// these reports are the sum of the server's and MariaDB's.
import { quiet } from '../lib/machine.mjs';
import { compared } from '../lib/table.mjs';
import { wsload } from '../lib/wsload.mjs';

const kRooms = 200;
const kP99 = 50; // ms

export const name = 'rooms';

export async function measure(servers, { quick, say, patience }) {
  await servers.initialize(Array.from({ length: kRooms }, (_, i) => `room${i}`));
  const search = (rate) => [
    'rooms', '--rooms', String(kRooms), '--find-max', '--p99-limit', String(kP99), '--rate-start', String(rate),
    '--step', quick ? '1' : '3', '--precision', quick ? '0.2' : '0.05', '--warmup', '3', '--max-time', quick ? '15' : '90',
  ];
  const reports = {};
  for (const [server, rate] of [['peer', 1000], ['direct', 4000], ['nginx', 4000]]) {
    say(`durable messages/s: ${server}`);
    await quiet(patience);
    reports[server] = await wsload(servers.withDatabase(server), search(rate));
  }
  const most = (server) => reports[server].find_max.max_msg_per_s;
  const rate = Math.floor(most('peer'));
  const steady = ['rooms', '--rooms', String(kRooms), '--rate', String(rate), '--warmup', '3', '--duration', quick ? '2' : '10'];
  const at = {};
  for (const server of ['peer', 'direct', 'nginx']) {
    say(`ack times at ${rate} messages/s: ${server}`);
    await quiet(patience);
    at[server] = await wsload(servers.withDatabase(server), steady);
  }
  const ack = (server, which) => at[server].result.ack[which] / 1000;
  const rows = [];
  for (const [server, how] of [['direct', 'direct'], ['nginx', 'through nginx']]) {
    rows.push(compared(`durable messages/s, ${kRooms} rooms of two, ack p99 ≤ ${kP99} ms, ${how}`,
      most(server), '/s', 'peers/node', most('peer'), { atLeast: 5 }));
  }
  for (const [server, how] of [['direct', 'direct'], ['nginx', 'through nginx']]) {
    for (const [which, label] of [['p50_us', 'p50'], ['p99_us', 'p99']]) {
      rows.push(compared(`ack ${label} at ${rate} messages/s, ${how}`, ack(server, which), 'ms', 'peers/node',
        ack('peer', which), { atMost: 0.5 }));
    }
  }
  return { rows, reports: { search: reports, steady: at } };
}
