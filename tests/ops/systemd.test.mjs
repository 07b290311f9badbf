// The programs under a service manager: what they tell it, the sockets that they get from it, and the
// signals by which it leads them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { build, root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Program, Stack, freePort } from '../integration/rest_stack.mjs';
import { NotifySocket } from './lib/manager.mjs';
import { figures, page } from './lib/status.mjs';

const programs = { fcgi: path.join(build, 'bin/livechat-fcgi'), wsd: path.join(build, 'bin/livechat-wsd') };
let stack;
let notify;
let running = [];
before(async () => {
  stack = await Stack.start({ fcgi: false });
  notify = await NotifySocket.open(stack.folder);
});
after(async () => {
  await notify?.close();
  await stack?.stop();
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
  notify.said = '';
});

const status = (name) => path.join(stack.folder, `${name}.status`);

function start(name, { set = {}, env = {}, wrapper = [] } = {}) {
  stack.writeConfiguration({
    'fcgi.metrics_listen': `unix:${status('fcgi')}`,
    'wsd.metrics_listen': `unix:${status('wsd')}`,
    'wsd.listen': `unix:${path.join(stack.folder, 'wsd.sock')}`,
    'log.level': 'info',
    ...set,
  });
  const [command, ...args] = [...wrapper, programs[name], ...stack.arguments];
  const program = new Program(command, args, {
    env: { ...process.env, NOTIFY_SOCKET: notify.path, ...env },
  });
  running.push(program);
  return program;
}

for (const name of ['fcgi', 'wsd']) {
  describe(`livechat-${name}`, () => {
    test('says when it is ready, that it is alive, and that it stops', async () => {
      const program = start(name, { env: { WATCHDOG_USEC: '200000' } });
      await notify.hears('READY=1');
      await notify.hears('WATCHDOG=1', 3);
      assert.doesNotMatch(notify.said, /STOPPING=1/);
      assert.deepEqual(await program.stop(), { code: 0, signal: null });
      await notify.hears('STOPPING=1');
    });

    test('reloads at SIGHUP and tells so; a bad configuration changes nothing', async () => {
      const program = start(name);
      await notify.hears('READY=1');
      const pids = name === 'fcgi' ? stack.workers(program.pid) : [];
      stack.writeConfiguration({ 'log.level': 'no such level' });
      program.kill('SIGHUP');
      await program.says(/event=reload_failed/);
      await notify.hears('READY=1', 2);
      await notify.hears('RELOADING=1');
      assert.deepEqual(name === 'fcgi' ? stack.workers(program.pid) : [], pids);
      assert.match(program.output, /log\.level is debug, info, warning or error/);
    });

    test('says more at SIGUSR1, and what is configured again at SIGUSR2', async () => {
      const program = start(name);
      await notify.hears('READY=1');
      program.kill('SIGUSR1');
      await program.says(/event=log_level level=debug/);
      if (name === 'fcgi') {
        const before = program.output;
        assert.doesNotMatch(before, /event=request /);
        await stack.open('room'); // a worker says it, that was not signalled
        await program.says(/<7>program=livechat-fcgi event=request .*status=200/);
      }
      program.kill('SIGUSR2');
      await program.says(/event=log_level level=info/);
      const mark = program.output.length;
      if (name === 'fcgi') await stack.open('room');
      assert.doesNotMatch(program.output.slice(mark), /<7>/);
    });

    test('writes JSON when it is told to', async () => {
      const program = start(name, { set: { 'log.format': 'json' } });
      await program.says(/"event":"ready"/);
      for (const line of program.output.trim().split('\n')) {
        const { time, level, program: who, event } = JSON.parse(line);
        assert(Math.abs(Date.parse(time) - Date.now()) < 60_000);
        assert.match(level, /^(debug|info|warning|error)$/);
        assert.equal(who, `livechat-${name}`);
        assert.equal(typeof event, 'string');
      }
    });
  });
}

describe('socket activation of livechat-fcgi', () => {
  const socket = () => path.join(stack.folder, 'fcgi.sock');

  test('by systemd-socket-activate: the socket is there before the program', async () => {
    const activated = start('fcgi', { wrapper: ['systemd-socket-activate', `--listen=${socket()}`,
      '--setenv=NOTIFY_SOCKET'] });
    await waitFor(() => somebodyListens(socket()), 'the socket');
    fs.chmodSync(socket(), 0o666);
    assert.doesNotMatch(activated.output, /event=ready/);
    await stack.open('first'); // wakes it
    await activated.says(/event=ready listen=fd:3/);
    await stack.open('second');
  });

  // As systemd does it: the socket stays, and the program behind it changes.
  test('a restart refuses and loses no request', async () => {
    const holder = start('fcgi', { wrapper: ['python3', path.join(root, 'tests/ops/lib/holder.py'), socket()] });
    await holder.says(/event=ready listen=fd:3/);
    const statuses = new Map();
    let sent = 0;
    let busy = true;
    const users = Array.from({ length: 4 }, async () => {
      while (busy) {
        const { status: answer } = await stack.call('GET', '/sessions?limit=1');
        statuses.set(answer, (statuses.get(answer) ?? 0) + 1);
        sent += 1;
      }
    });
    for (let restart = 1; restart <= 3; restart += 1) {
      const goal = sent + 50;
      await waitFor(() => sent >= goal, 'requests');
      holder.kill('SIGHUP');
      await waitFor(() => (holder.output.match(/event=ready/g) ?? []).length > restart, 'the next one');
    }
    busy = false;
    await Promise.all(users);
    assert.deepEqual([...statuses.keys()], [200]);
    assert(sent >= 150);
  });
});

describe('socket activation of livechat-wsd', () => {
  const handshake = '/socket.io/?EIO=4&transport=polling';

  test('serves all sockets that systemd hands over, and opens none itself', async () => {
    const [one, two, own] = ['one', 'two', 'own'].map((name) => path.join(stack.folder, `${name}.sock`));
    const activated = start('wsd', { set: { 'wsd.listen': `unix:${own}` }, wrapper: ['systemd-socket-activate',
      `--listen=${one}`, `--listen=${two}`, '--setenv=NOTIFY_SOCKET'] });
    await waitFor(() => somebodyListens(one) && somebodyListens(two), 'the sockets');
    for (const socket of [one, two]) assert.equal((await page(socket, handshake)).status, 200);
    assert.match(activated.output, new RegExp(`event=ready name=a listen=unix:${one}\\n`));
    assert.match(activated.output, new RegExp(`event=ready name=a listen=unix:${two}\\n`));
    assert(!fs.existsSync(own));
  });

  test('a restart refuses no connection', async () => {
    const socket = path.join(stack.folder, 'held.sock');
    const holder = start('wsd', { wrapper: ['python3', path.join(root, 'tests/ops/lib/holder.py'), socket] });
    await holder.says(/event=ready /);
    const answers = new Map();
    let made = 0;
    let busy = true;
    const note = (answer) => answers.set(answer, (answers.get(answer) ?? 0) + 1);
    const users = [0, 1, 2, 3].map(async (user) => {
      for (; busy; made += 1) {
        await (user % 2 ? upgrade(socket) : page(socket, handshake).then(({ status: answer }) => answer))
          .then(note, (error) => note(error.code));
      }
    });
    for (let restart = 1; restart <= 3; restart += 1) {
      const goal = made + 50;
      await waitFor(() => made >= goal, 'connections');
      holder.kill('SIGHUP');
      await waitFor(() => (holder.output.match(/event=ready/g) ?? []).length > restart, 'the next one');
    }
    busy = false;
    await Promise.all(users);
    assert.deepEqual([...answers.keys()].sort(), [101, 200]);
    assert(made >= 150);
  });

  test('what is open to everybody is not handed to the world by its socket unit', async () => {
    const port = await freePort();
    const program = start('wsd', { set: { 'auth.mode': 'open' }, wrapper: ['systemd-socket-activate',
      `--listen=0.0.0.0:${port}`, '--setenv=NOTIFY_SOCKET'] });
    await program.says(/Listening on/);
    net.connect(port, '127.0.0.1').on('error', () => {});
    await program.says(new RegExp(`auth\\.mode is open, and 0\\.0\\.0\\.0:${port} is not on loopback`));
    assert.equal((await program.exited).code, 1);
  });
});

// Opens a WebSocket and leaves; gives the status of the answer.
function upgrade(socketPath) {
  return new Promise((resolve, reject) => {
    const call = http.get({ socketPath, path: '/socket.io/?EIO=4&transport=websocket', agent: false, headers: {
      Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13,
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' } });
    call.on('upgrade', (response, socket) => resolve(response.statusCode, socket.destroy()));
    call.on('response', (response) => resolve(response.statusCode, response.resume()));
    call.on('error', reject);
  });
}

// As /proc tells: a connection would wake the program.
function somebodyListens(file) {
  return fs.readFileSync('/proc/net/unix', 'utf8').includes(file);
}

describe('what monitors see of livechat-wsd', () => {
  test('is not ready before it serves, and not when the database is wrong', async () => {
    start('wsd');
    await notify.hears('READY=1');
    await waitFor(async () => (await page(status('wsd'), '/readyz')).status === 200, 'readiness');
    assert((await figures(status('wsd'))).get('livechat_wsd_build_info{version="0.3.0"}') === 1);
  });
});
