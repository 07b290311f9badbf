// livechat-fcgi as a pre-forking server: its workers may die, retire, be replaced and be stopped, and no
// request is lost that could still be answered.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { alive } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Program, Stack, assertProblem, canConnect, freePort, program, startNginx } from './rest_stack.mjs';

let stack;
before(async () => (stack = await Stack.start({ fcgi: false })));
after(() => stack?.stop());
afterEach(async () => {
  for (const holder of holders) await holder.end();
  holders.clear();
  await stack.killFcgi();
  fs.rmSync(stack.socket, { force: true });
});

async function start(set = {}) {
  // Waiting for a row here is to last until the test has seen it.
  stack.writeConfiguration({ 'database.lock_timeout_s': 60, ...set });
  await stack.startFcgi();
  await stack.open('room');
}

const send = (more) => stack.call('POST', '/messages/room', { message: 'x', sender: 'client', ...more });

// Holds the session's row: sending to it waits.
const holders = new Set();
async function lockRoom() {
  const holder = stack.database.connect();
  holders.add(holder);
  await holder.run(`BEGIN; SELECT id FROM session WHERE client_id = 'room' FOR UPDATE`);
  // Not innodb_trx: it is a copy that is not renewed while it is read often.
  const waiting = (count) => waitFor(async () => {
    const [[, , status]] = await stack.database.sql('SHOW ENGINE INNODB STATUS');
    return status.slice(status.lastIndexOf('TRANSACTIONS')).split('LOCK WAIT').length > count;
  }, `${count} waiting statements`);
  return { waiting, release: () => holder.end() };
}

// Requests one after another from `users` users at once, until stopped; every one has to succeed.
function load(users = 6) {
  const statuses = new Map();
  let running = true;
  let sent = 0;
  const one = async (user) => {
    for (let i = 0; running; i++) {
      const answer = i % 3 ? await stack.call('GET', '/history/room?limit=5')
        : await send({ messageId: `${process.hrtime.bigint()}-${user}` });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      sent++;
    }
  };
  const done = Promise.all(Array.from({ length: users }, (_, user) => one(user)));
  return {
    count: () => sent,
    more: (count) => {
      const goal = sent + count;
      return waitFor(() => sent >= goal, `${count} more requests`);
    },
    async stop() {
      running = false;
      await done;
      assert.deepEqual([...statuses.keys()].sort(), [200, 201], JSON.stringify([...statuses]));
      return sent;
    },
  };
}

describe('a worker', () => {
  test('that is killed in the middle of a request costs that request only, and is replaced', async () => {
    await start({ 'fcgi.workers': 1 });
    const [worker] = stack.workers();
    const lock = await lockRoom();
    const answer = send();
    await lock.waiting(1);
    process.kill(worker, 'SIGKILL');
    assertProblem(await answer, 503, 'unavailable');
    assert((await answer).headers['retry-after'] >= 1);
    await lock.release();
    assert.equal((await send()).status, 201);
    const [successor] = stack.workers();
    assert.notEqual(successor, worker);
    await stack.fcgi.says(/event=worker_died .*signal=9/);
  });

  test('that is killed while others serve disturbs no other client', async () => {
    await start({ 'fcgi.workers': 3 });
    for (const worker of stack.workers()) process.kill(worker, 'SIGKILL');
    assert.equal((await send()).status, 201);
    await waitFor(() => stack.workers().length === 3, 'three workers');
  });

  test('retires after its number of requests, under load, without losing one', async () => {
    await start({ 'fcgi.workers': 2, 'fcgi.max_requests': 20 });
    const first = stack.workers();
    const users = load();
    await users.more(600);
    assert((await users.stop()) >= 600);
    assert(first.every((pid) => !alive(pid)));
    assert((stack.fcgi.output.match(/event=worker_left/g) ?? []).length >= 20);
    assert.doesNotMatch(stack.fcgi.output, /worker_died|worker_killed/);
  });

  test('retires also when it is the only one', async () => {
    await start({ 'fcgi.workers': 1, 'fcgi.max_requests': 1 });
    const users = load(4);
    await users.more(100);
    await users.stop();
  });

  test('leaves when the master is killed, and finishes its request before', async () => {
    await start({ 'fcgi.workers': 2 });
    const workers = stack.workers();
    const lock = await lockRoom();
    const answer = send();
    await lock.waiting(1);
    await stack.fcgi.stop('SIGKILL');
    await waitFor(() => workers.filter(alive).length === 1, 'the idle worker to leave');
    await lock.release();
    assert.equal((await answer).status, 201);
    await waitFor(() => !workers.some(alive), 'the busy worker to leave');
  });

  test('is not lost to a client that keeps its connection without asking anything', async () => {
    await start({ 'fcgi.workers': 1, 'fcgi.drain_timeout_s': 2 });
    const idle = net.connect(stack.socket);
    await once(idle, 'connect');
    assert.equal((await send()).status, 201);
    idle.destroy();
  });
});

describe('SIGHUP', () => {
  for (const workers of [1, 3]) {
    test(`replaces ${workers} worker(s) under load without losing a request`, async () => {
      await start({ 'fcgi.workers': workers });
      const users = load();
      for (let i = 0; i < 3; i++) {
        const before = stack.workers();
        await users.more(30);
        stack.fcgi.kill('SIGHUP');
        await waitFor(() => !before.some(alive), 'the old workers to leave');
        assert.equal(stack.workers().length >= workers, true);
      }
      await users.more(30);
      await users.stop();
      await waitFor(() => stack.workers().length === workers, 'no more workers than wanted');
      assert.doesNotMatch(stack.fcgi.output, /worker_died|worker_killed/);
    });
  }

  test('waits for a worker that is busy, which finishes its request', async () => {
    await start({ 'fcgi.workers': 2 });
    const before = stack.workers();
    const lock = await lockRoom();
    const answer = send();
    await lock.waiting(1);
    stack.fcgi.kill('SIGHUP');
    await waitFor(() => stack.workers().some((pid) => !before.includes(pid)), 'a new worker');
    assert.equal((await stack.call('GET', '/history/room')).status, 200);
    await lock.release();
    assert.equal((await answer).status, 201);
    await waitFor(() => !before.some(alive), 'the old workers to leave');
    assert.equal(stack.workers().length, 2);
  });

  test('reads the configuration again, the number of workers included', async () => {
    await start({ 'fcgi.workers': 1 });
    assert.equal((await stack.call('GET', '/history/room?limit=10')).status, 200);
    stack.writeConfiguration({ 'fcgi.workers': 3, 'limits.history_limit': 9, 'limits.history_default': 5 });
    const [old] = stack.workers();
    stack.fcgi.kill('SIGHUP');
    await stack.fcgi.says(/event=reloaded workers=3/);
    await waitFor(() => !alive(old) && stack.workers().length === 3, 'three new workers');
    assertProblem(await stack.call('GET', '/history/room?limit=10'), 400, 'limit_invalid');
  });

  test('with a bad configuration keeps the old one and says why', async () => {
    await start({ 'fcgi.workers': 2 });
    const before = stack.workers();
    stack.writeConfiguration({ 'fcgi.workers': 2, 'fcgi.wokers': 3 });
    stack.fcgi.kill('SIGHUP');
    await stack.fcgi.says(/event=reload_failed/);
    assert.match(stack.fcgi.output, /fcgi\.wokers|wokers/);
    assert.deepEqual(stack.workers(), before);
    assert.equal((await send()).status, 201);
  });
});

describe('SIGTERM', () => {
  test('ends an idle program at once, with status 0, and takes its socket away', async () => {
    await start();
    const begin = Date.now();
    assert.deepEqual(await stack.fcgi.stop('SIGTERM'), { code: 0, signal: null });
    assert(Date.now() - begin < 2000);
    assert(!fs.existsSync(stack.socket));
    assertProblem(await send(), 503, 'unavailable');
  });

  test('lets the request in hand and those who wait in the backlog be answered', async () => {
    await start({ 'fcgi.workers': 1 });
    const lock = await lockRoom();
    const inHand = send();
    await lock.waiting(1);
    const waiting = Array.from({ length: 20 }, () => stack.call('GET', '/sessions'));
    // nginx has connected for all of them: 1 in hand and 20 in the backlog of the listening socket.
    const connected = () => fs.readFileSync('/proc/net/unix', 'utf8').split('\n')
      .filter((line) => line.endsWith(stack.socket)).length;
    await waitFor(() => connected() >= 21, 'the requests to wait');
    stack.fcgi.kill('SIGTERM');
    await stack.fcgi.says(/event=stopping/);
    assert(!(await canConnect(stack.socket)));
    await lock.release();
    assert.equal((await inHand).status, 201);
    for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200);
    assert.deepEqual(await stack.fcgi.exited, { code: 0, signal: null });
  });

  test('kills workers that are not done when the time is over', async () => {
    await start({ 'fcgi.workers': 2, 'fcgi.drain_timeout_s': 1 });
    const lock = await lockRoom();
    const answer = send();
    await lock.waiting(1);
    const begin = Date.now();
    const { code } = await stack.fcgi.stop('SIGTERM');
    assert.equal(code, 0);
    assert(Date.now() - begin < 5000);
    await stack.fcgi.says(/event=worker_killed/);
    assertProblem(await answer, 503, 'unavailable');
    await lock.release();
  });

  test('sent many times, and to starting workers, still ends it', async () => {
    await start({ 'fcgi.workers': 4 });
    stack.fcgi.kill('SIGHUP');
    for (let i = 0; i < 5; i++) stack.fcgi.kill(i % 2 ? 'SIGINT' : 'SIGTERM');
    assert.deepEqual(await stack.fcgi.exited, { code: 0, signal: null });
  });
});

describe('the listening socket', () => {
  async function serves(child) {
    await child.says(/event=ready/);
    assert.equal((await stack.open('room')).session.clientId, 'room');
    assert.deepEqual(await child.stop('SIGTERM'), { code: 0, signal: null });
  }

  test('is for the owner and the group only', async () => {
    await start();
    assert.equal(fs.statSync(stack.socket).mode & 0o777, 0o660);
  });

  // spawn-fcgi binds, listens and becomes the command, which gets the socket as fd 0.
  const spawnFcgi = (...command) => new Program('spawn-fcgi', ['-n', '-s', stack.socket, '--', ...command]);

  test('may come from spawn-fcgi, and from systemd as standard input, as fd 0', async () => {
    stack.writeConfiguration();
    const child = spawnFcgi(program, ...stack.arguments);
    await serves(child);
    assert.match(child.output, /listen=fd:0/);
  });

  test('may come from systemd as LISTEN_FDS', async () => {
    stack.writeConfiguration();
    const child = spawnFcgi('/bin/sh', '-c', 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&0 </dev/null', 'sh',
      program, ...stack.arguments);
    await serves(child);
    assert.match(child.output, /listen=fd:3/);
  });

  test('that is handed over stays with who handed it over, and with it those who wait', async () => {
    stack.writeConfiguration();
    // A starter that keeps the socket while it starts the program a second time when told.
    const starter = spawnFcgi('/bin/sh', '-c', '"$@"; read go <"$0"; exec "$@"',
      path.join(stack.folder, 'go'), program, ...stack.arguments);
    await promisify(execFile)('mkfifo', [path.join(stack.folder, 'go')]);
    await starter.says(/event=ready/);
    const [first] = stack.workers(starter.pid);
    process.kill(first, 'SIGTERM');
    await waitFor(() => !alive(first), 'the first program to end');
    const answer = stack.call('GET', '/sessions');
    fs.writeFileSync(path.join(stack.folder, 'go'), 'go\n');
    assert.equal((await answer).status, 200);
    await starter.stop('SIGTERM');
  });

  test('may be a TCP port', async () => {
    const port = await freePort();
    const front = await freePort();
    await start({ 'fcgi.listen': `127.0.0.1:${port}`, 'fcgi.workers': 2 }).catch(() => {});
    const folder = path.join(stack.folder, 'tcp');
    fs.mkdirSync(folder);
    const nginx = await startNginx(folder, `127.0.0.1:${port}`, front);
    const answer = await fetch(`http://127.0.0.1:${front}/api/chat/sessions`);
    assert.equal(answer.status, 200);
    await nginx.stop();
    assert.deepEqual(await stack.fcgi.stop('SIGTERM'), { code: 0, signal: null });
  });

  test('that a dead process left behind is replaced', async () => {
    await start();
    const workers = stack.workers();
    await stack.fcgi.stop('SIGKILL');
    await waitFor(() => !workers.some(alive), 'the workers to leave');
    assert(fs.existsSync(stack.socket));
    await start();
    assert.equal((await send()).status, 201);
  });

  test('at which another process listens is left alone, with a clear error', async () => {
    await start();
    const second = new Program(program, stack.arguments);
    assert.equal((await second.exited).code, 1);
    await second.closed;
    assert.match(second.output, /cannot listen at \S+: Address already in use: end the program/);
    assert.equal((await send()).status, 201);
  });

  test('cannot be where another kind of file is', async () => {
    fs.writeFileSync(stack.socket, 'precious');
    stack.writeConfiguration();
    const child = new Program(program, stack.arguments);
    assert.equal((await child.exited).code, 1);
    await child.closed;
    assert.match(child.output, /cannot listen at .*: Socket operation on non-socket: another file is there: remove it/);
    assert.equal(fs.readFileSync(stack.socket, 'utf8'), 'precious');
  });

  test('in a folder that is not there, or with a path too long, is a clear error', async () => {
    for (const [listen, error] of [['unix:/nonexistent/x.sock', /No such file/], [`unix:/${'x'.repeat(120)}`, /107 bytes at most/],
      ['unix:', /names no path|fcgi\.listen/], ['127.0.0.1:0', /port/], ['localhost', /listen/]]) {
      stack.writeConfiguration({ 'fcgi.listen': listen });
      const child = new Program(program, stack.arguments);
      assert.notEqual((await child.exited).code, 0);
      await child.closed;
      assert.match(child.output, error);
    }
  });
});
