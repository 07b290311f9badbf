// The cost of access by token: each REST endpoint of a stack with auth.mode = "token" and the default limits,
// against the stack with auth.mode = "open", on one database, in turn. The caller has an agent's API token, which
// has no limits; for a visitor's own history, a visitor's token.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { Stack } from '../../tests/harness/stack.mjs';
import { quiet } from '../lib/machine.mjs';
import { out } from '../lib/places.mjs';
import { compared, median } from '../lib/table.mjs';
import { wrk } from '../lib/wrk.mjs';

export const name = 'access';

const kEndpoints = [
  { endpoint: 'history', who: 'agent' }, { endpoint: 'own-history', who: 'visitor' }, { endpoint: 'sessions', who: 'agent' },
  { endpoint: 'initialize', who: 'agent' }, { endpoint: 'read', who: 'agent' }, { endpoint: 'close', who: 'agent' },
];

async function startTokenStack(servers) {
  const state = path.join(out, 'stack-token');
  fs.rmSync(state, { recursive: true, force: true });
  const stack = await Stack.start({ state, auth: 'token', limits: true, database: servers.databaseSocket });
  await stack.take('wsd-a'); // the first stack's daemon already follows the database
  return stack;
}

// A visitor who owns the session whose history is read.
async function visitorToken(servers) {
  const token = randomBytes(32).toString('base64url');
  const hash = `0x${createHash('sha256').update(token).digest('hex')}`;
  await servers.stack.sql(`USE livechat;
    INSERT INTO access_token (token_hash, kind, expires_at) VALUES (${hash}, 'visitor', UTC_TIMESTAMP() + INTERVAL 1 DAY);
    INSERT INTO session_owner (session_id, token_hash) SELECT id, ${hash} FROM session WHERE client_id = 'h10';`);
  return token;
}

// cpu_us: µs of CPU per request, of all parts; parts_us: of each.
async function slice(servers, { stack, headers }, endpoint, seconds) {
  const before = servers.cpuOfRest(stack);
  const figures = await wrk(stack.url, endpoint, seconds, headers);
  const used = Object.entries(servers.cpuOfRest(stack)).map(([part, end]) => [part, ((end - before[part]) * 1e6) / figures.requests]);
  return { ...figures, cpu_us: used.reduce((sum, [, us]) => sum + us, 0), parts_us: Object.fromEntries(used) };
}

// { open: [figures], token: [figures] } of alternating turns, so that other load on the machine affects both.
async function alternate(servers, modes, endpoint, { turns, seconds, patience }) {
  const figures = { open: [], token: [] };
  for (const mode of Object.values(modes)) await wrk(mode.stack.url, endpoint, 1, mode.headers);
  await quiet(patience);
  for (let turn = 0; turn < turns; ++turn) {
    const order = turn % 2 === 0 ? ['open', 'token'] : ['token', 'open'];
    for (const mode of order) figures[mode].push(await slice(servers, modes[mode], endpoint, seconds));
  }
  return figures;
}

export async function measure(servers, { quick, say, patience }) {
  await servers.seed();
  const token = await startTokenStack(servers);
  const reports = {};
  const rows = [];
  try {
    const tokens = {
      agent: fs.readFileSync(path.join(token.state, 'agent-token'), 'utf8').trim(),
      visitor: await visitorToken(servers),
    };
    for (const { endpoint, who } of kEndpoints) {
      const title = `${endpoint} by ${who === 'agent' ? 'an agent' : 'a visitor'}, token`;
      say(title);
      const modes = {
        open: { stack: servers.stack, headers: {} },
        token: { stack: token, headers: { Authorization: `Bearer ${tokens[who]}` } },
      };
      const figures = await alternate(servers, modes, endpoint, { turns: quick ? 1 : 6, seconds: quick ? 1 : 3, patience });
      const of = (mode, member) => median(figures[mode].map((one) => one[member]));
      rows.push(compared(title, of('token', 'per_second'), '/s', 'open', of('open', 'per_second'), { atLeast: 0.9 }));
      rows.push(compared(`${title}, CPU`, of('token', 'cpu_us'), 'µs', 'open', of('open', 'cpu_us'), { atMost: 1.1 }));
      reports[`${endpoint} ${who}`] = figures;
    }
  } finally {
    await token.stop();
  }
  return { rows, reports };
}
