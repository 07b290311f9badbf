// Each REST endpoint: 16 connections through nginx, against the peer, and against a client in C that
// runs the same statements on 16 connections and does nothing else.
import path from 'node:path';

import { quiet } from '../lib/machine.mjs';
import { out } from '../lib/places.mjs';
import { run } from '../lib/process.mjs';
import { compared } from '../lib/table.mjs';
import { kConnections, wrk } from '../lib/wrk.mjs';

export const name = 'rest';

async function bare(account, endpoint, seconds) {
  const { code, out: text, errors } = await run([
    path.join(out, 'mysql-client'), ...account, endpoint, String(kConnections), String(seconds)]);
  if (code !== 0) throw new Error(`mysql-client ${endpoint}: ${errors}`);
  return JSON.parse(text);
}

const kTitles = {
  history: 'GET history, 50 of 60 messages',
  sessions: 'GET sessions, 100 active',
  initialize: 'POST initialize, known clientId',
  read: 'PUT read, nothing unread',
  close: 'PUT close, closed already',
};

export async function measure(servers, { quick, say, patience }) {
  await servers.seed();
  // Otherwise the sessions of other measurements would be listed too.
  await servers.stack.sql(`UPDATE livechat.session SET status = 'closed' WHERE client_id LIKE 'room%';
    UPDATE peer.chat_sessions SET status = 'closed' WHERE client_id LIKE 'room%';`);
  const seconds = quick ? 1 : 5;
  const targets = { livechat: servers.stack.url, peer: `http://${servers.nodeServer.target}` };
  const reports = {};
  const rows = [];
  for (const [endpoint, title] of Object.entries(kTitles)) {
    reports[endpoint] = {};
    for (const [server, url] of Object.entries(targets)) {
      say(`${title}: ${server}`);
      await wrk(url, endpoint, quick ? 1 : 2); // the first calls change the sessions, later ones change nothing
      await quiet(patience);
      const before = servers.cpuOfRest();
      const report = (reports[endpoint][server] = await wrk(url, endpoint, seconds));
      if (server !== 'livechat') continue;
      const used = Object.entries(servers.cpuOfRest()).map(([part, end]) => [part, ((end - before[part]) * 1e6) / report.requests]);
      report.cpu_us = Object.fromEntries(used);
    }
    say(`${title}: C client`);
    await quiet(patience);
    reports[endpoint].bare = await bare(servers.databaseAccount, endpoint, seconds);
    const { livechat, peer, bare: client } = reports[endpoint];
    rows.push(compared(title, livechat.per_second, '/s', 'peers/node', peer.per_second, { atLeast: 3 }));
    rows.push(compared(title, livechat.per_second, '/s', 'bare C client', client.per_second, { atLeast: 0.6 }));
  }
  return { rows, reports };
}
