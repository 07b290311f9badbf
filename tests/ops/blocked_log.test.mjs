// A reader of the log that hangs: a container's, a terminal that is held. The programs go on, count what they
// could not say, and say so when they can.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack, build } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { figures, page } from './lib/status.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-log-'));
const started = [];
let stack;

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(async () => {
  for (const program of started) {
    program.stderr.resume();
    program.kill('SIGTERM');
    if (program.exitCode === null) await once(program, 'exit');
  }
  await stack?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

// A program of its own beside the stack, on its database, whose log is read until hang() and again from
// goOn() on. status: where it shows its figures.
async function start(name, listen, more) {
  const status = path.join(folder, `${name}.status`);
  const socket = path.join(folder, `${name}.sock`);
  const program = spawn('setpriv', ['--pdeathsig', 'TERM', path.join(build, 'bin', name), '--config', path.join(stack.state, 'livechat.toml'),
    '--set', `${listen}.listen=unix:${socket}`, '--set', 'log.level=debug', '--set', `${listen}.metrics_listen=unix:${status}`, ...more],
  { stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(program);
  let said = '';
  program.stderr.on('data', (data) => (said += data));
  await waitFor(() => said.includes('event=ready') || said.includes('event=metrics'), `${name} to be ready`);
  await waitFor(async () => (await page(status, '/healthz').catch(() => undefined))?.status === 200, `${name} to be healthy`);
  return {
    socket, status,
    hang: () => program.stderr.pause(),
    goOn: () => program.stderr.resume(),
    said: () => said,
    dropped: async () => (await figures(status)).get(`livechat_${listen}_log_lines_dropped_total`),
  };
}

function handshake(socketPath) {
  return new Promise((resolve, reject) => {
    http.get({ socketPath, path: '/socket.io/?EIO=4&transport=polling', agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    }).on('error', reject);
  });
}

test('the daemon goes on, counts what it drops, and says so later', { timeout: 120_000 }, async () => {
  const daemon = await start('livechat-wsd', 'wsd', ['--name', 'log', '--set', 'wsd.max_sessions=100000']);
  daemon.hang();
  // What the pipe and Node's buffer hold goes first.
  await waitFor(async () => {
    for (let i = 0; i < 200; ++i) assert.equal(await handshake(daemon.socket), 200);
    return (await daemon.dropped()) > 0;
  }, 'lines that are dropped', 60_000);
  assert.equal((await page(daemon.status, '/healthz')).status, 200);
  daemon.goOn();
  await waitFor(() => /event=log_lines_dropped count=\d+/.test(daemon.said()), 'the count in the log');
  assert.ok(daemon.said().split('\n').slice(0, -1).every((line) => /^<\d>program=\S+ event=/.test(line)), 'only whole lines');
});

test('so do the workers of REST', { timeout: 120_000 }, async () => {
  const rest = await start('livechat-fcgi', 'fcgi', ['--set', 'fcgi.workers=2']);
  const clientId = await newSession(stack);
  assert.equal((await request(stack, 'GET', sessionPath('history', clientId))).status, 200);
  rest.hang();
  const answered = () => (fastcgi(rest.socket, sessionPath('history', clientId)));
  await waitFor(async () => {
    for (let i = 0; i < 200; ++i) assert.match(await answered(), /^Status: 200/m);
    return (await rest.dropped()) > 0;
  }, 'lines that are dropped', 60_000);
  rest.goOn();
  await waitFor(async () => {
    await answered();
    return /event=log_lines_dropped count=\d+/.test(rest.said());
  }, 'the count in the log');
});

// One GET over FastCGI (its specification, sections 3 and 5); gives what the program wrote.
async function fastcgi(socketPath, target) {
  const { connect } = await import('node:net');
  const record = (type, content) => {
    const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
    return Buffer.concat([head, content]);
  };
  const pair = (name, value) => Buffer.concat([Buffer.from([name.length, value.length]), Buffer.from(name + value)]);
  const parameters = Buffer.concat(Object.entries({
    REQUEST_METHOD: 'GET', REQUEST_URI: target, SCRIPT_NAME: target, QUERY_STRING: '', SERVER_PROTOCOL: 'HTTP/1.1', HTTP_HOST: 'localhost',
    REMOTE_ADDR: '127.0.0.1',
  }).map(([name, value]) => pair(name, value)));
  const socket = connect(socketPath);
  socket.write(Buffer.concat([record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])), record(4, parameters), record(4, Buffer.alloc(0)),
    record(5, Buffer.alloc(0))]));
  const chunks = [];
  for await (const chunk of socket) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  let text = '';
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 4);
    if (bytes[at + 1] === 6) text += bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + bytes[at + 6];
  }
  return text.startsWith('Status:') ? text : `Status: 200\n${text}`;
}
