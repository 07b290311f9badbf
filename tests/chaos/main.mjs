// The chaos test: writers and readers of every kind while programs are killed at random; afterwards what
// was acknowledged must be there once, and every reader must have seen exactly what is there, in order.
// See docs/delivery.md. Called by scripts/chaos and by chaos.test.mjs.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { Reader } from '../delivery/lib/reader.mjs';
import { random, sessionId } from '../delivery/lib/rooms.mjs';
import { addBot, bearer } from '../harness/access.mjs';
import { request } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { literal } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Ledger } from './ledger.mjs';
import { Monkey } from './monkey.mjs';
import { PlainReader, RestReader } from './readers.mjs';
import { judge } from './verdict.mjs';
import { carelessWriter, restWriter, socketWriter, sqlWriter } from './writers.mjs';

const ROOMS = 8;
const PROGRESS_MS = 5000;
// For everything to be up and read to the end after the last kill.
const SETTLE_MS = 120_000;
const CUT_MS = 200;

// Runs it; say: takes progress lines. Gives { problems, summary }. options: seconds, seed, daemons, workers,
// auth ("open" or "token")
export async function chaos({ seconds, seed, daemons = 2, workers = 4, auth = 'open' }, say) {
  const dice = random(seed);
  // Without a binary log InnoDB shows a commit before it is on disk, and a kill in between takes it back: that is
  // no fault here, and readers by REST cannot know of it.
  const stack = await Stack.start({ wsDaemons: daemons, fcgiWorkers: workers, auth, binlog: true });
  say(`seed ${seed}, ${seconds} s, auth ${auth}, ${stack.url}, state in ${stack.state}`);
  const ledger = new Ledger();
  const rooms = Array.from({ length: ROOMS }, (_, i) => `room-${i}`);
  const tokens = await openRooms(stack, rooms, auth);
  const ids = new Map();
  for (const room of rooms) ids.set(room, await sessionId(stack, room));
  const readers = await openReaders();

  const end = Date.now() + seconds * 1000;
  const going = () => Date.now() < end;
  // Transactions are rolled back and slow at times only: between many of those no client can be recovered,
  // and what recovery does is to be seen as well.
  const stormy = () => Math.floor(Date.now() / 5000) % 3 === 0;
  const kinds = [socketWriter, socketWriter, socketWriter, carelessWriter, restWriter, restWriter, sqlWriter, sqlWriter, sqlWriter];
  // Each has dice of its own, so that the kills do not depend on who was quicker.
  const monkey = new Monkey(stack, random(seed + 1), Array.from({ length: daemons }, (_, i) => `wsd-${'abcdefghijklmnop'[i]}`),
    readers);
  const progress = setInterval(() => say(line(seconds - (end - Date.now()) / 1000, ledger, monkey, readers)), PROGRESS_MS);
  const failures = [];
  try {
    const writing = kinds.map((write, i) => write({ stack, rooms, ids, tokens, dice: random(seed + 100 + i), ledger, going, stormy }));
    await monkey.rampage(going);
    say('no more kills; waiting for the writers and readers to come to rest');
    await monkey.peace();
    await inTime(Promise.all(writing), 'the writers to end what they had begun');
    const stored = await readStored(stack, rooms);
    await caughtUp(readers, stored).catch((error) => failures.push(error.message));
    failures.push(...judge(ledger, stored, readers));
  } catch (error) {
    failures.push(String(error.stack ?? error));
  } finally {
    clearInterval(progress);
    for (const { name, reader, network } of readers) {
      reader.close();
      network?.close();
      if (reader.problems.length > 0 && reader.trace) {
        fs.writeFileSync(path.join(stack.state, 'log', `${name.replaceAll(' ', '-')}.trace`), reader.trace.join('\n') + '\n');
      }
    }
    await stack.stop({ keep: failures.length > 0 });
  }
  return { problems: failures, summary: line(seconds, ledger, monkey, readers), state: stack.state, deeds: monkey.deeds };

  // Each on a network of its own, which can be cut.
  async function openReaders() {
    const list = [];
    for (const transports of [['websocket'], ['websocket'], ['polling'], ['polling', 'websocket']]) {
      const network = await Network.open(stack);
      const reader = new Reader(network.url, rooms.map((room) => [room, 0]),
        { transports, auth: { token: tokens.visitor }, reconnectionDelay: 100, reconnectionDelayMax: 1000 });
      list.push({ name: `socket.io over ${transports.join(', then ')}`, reader, network, cut: () => flicker(network) });
    }
    const headers = tokens.visitor ? bearer(tokens.visitor) : {};
    const plain = new PlainReader(stack, rooms, headers);
    list.push({ name: 'plain WebSocket', reader: plain, cut: () => plain.cut() });
    list.push({ name: 'REST', reader: new RestReader(stack, rooms, headers) });
    return list;
  }
}

// Opens them, all by one visitor. Gives the tokens: the visitor's, and an agent's; none in open mode.
async function openRooms(stack, rooms, auth) {
  const tokens = {};
  if (auth === 'token') tokens.agent = await addBot((text) => stack.sql(text), 'send');
  for (const clientId of rooms) {
    const headers = tokens.visitor ? bearer(tokens.visitor) : {};
    const { status, text, body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId }, headers });
    if (status !== 200) throw new Error(`initialize answered ${status}: ${text}`);
    tokens.visitor ??= body.token;
  }
  return tokens;
}

function flicker(network) {
  network.cut();
  setTimeout(() => network.restore(), CUT_MS);
}

function line(second, ledger, monkey, readers) {
  const { sent, acknowledged, rolledBack, inDoubt } = ledger.counts;
  const sum = (name) => readers.reduce((total, { reader }) => total + (reader[name] ?? 0), 0);
  const kills = [...monkey.deeds.values()].reduce((total, one) => total + one, 0);
  return `${Math.round(second)} s: ${sent} sent, ${acknowledged} acknowledged, ${rolledBack} rolled back, ` +
    `${inDoubt} in doubt; ${kills} kills; readers: ${sum('connects')} connections, ${sum('recoveries')} recovered`;
}

function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${SETTLE_MS} ms in vain for ${what}`)), SETTLE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function readStored(stack, rooms) {
  const stored = new Map();
  for (const room of rooms) {
    const rows = await stack.sql('SELECT m.seq, m.body, m.created_at FROM message m JOIN session s ON s.id = m.session_id ' +
      `WHERE s.client_id = CAST(${literal(room)} AS BINARY) ORDER BY m.seq;`);
    stored.set(room, rows.map(([seq, text, createdAt]) => ({ seq: Number(seq), text, createdAt })));
  }
  return stored;
}

function caughtUp(readers, stored) {
  const behind = () => readers.flatMap(({ name, reader }) => [...stored]
    .filter(([room, messages]) => reader.rooms.get(room).seq < messages.length)
    .map(([room, messages]) => `${name} is at ${reader.rooms.get(room).seq} of ${messages.length} in ${room}`));
  return waitFor(() => behind().length === 0, () => `all readers to reach the end: ${behind().join('; ')}`, SETTLE_MS);
}

export async function main(args) {
  const { values } = parseArgs({
    args, options: { seconds: { type: 'string' }, seed: { type: 'string' }, daemons: { type: 'string' }, workers: { type: 'string' },
      auth: { type: 'string' },
    },
  });
  // scripts/chaos has looked at them.
  const number = (name, otherwise) => Number(values[name] ?? otherwise);
  const options = {
    seconds: number('seconds', 60), seed: number('seed', Date.now() % 1_000_000),
    daemons: number('daemons', 2), workers: number('workers', 4), auth: values.auth ?? 'open',
  };
  const { problems, summary, state, deeds } = await chaos(options, (text) => console.log(`chaos: ${text}`));
  for (const [deed, times] of [...deeds].sort()) console.log(`    ${String(times).padStart(4)} × ${deed}`);
  for (const problem of problems.slice(0, 30)) console.log(`  PROBLEM ${problem}`);
  if (problems.length > 30) console.log(`  … and ${problems.length - 30} more`);
  console.log(`chaos: ${problems.length === 0 ? 'passed' : 'FAILED'} (seed ${options.seed}): ${summary}`);
  if (problems.length > 0) console.log(`chaos: logs and data: ${state}`);
  return problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.exitCode = await main(process.argv.slice(2));
