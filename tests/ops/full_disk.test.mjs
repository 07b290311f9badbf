// A file system that is full, with the database on it: what cannot be stored is not acknowledged, nothing
// that was acknowledged is lost, the log says what to do, and everything goes on when there is room again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { adminOf, migrations, program, sentence } from '../admin/lib/admin.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { runSql } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Program } from '../integration/rest_stack.mjs';

const MIB = 1 << 20;
// What an empty database takes, and some.
const SIZE = 96 * MIB;

// A MariaDB whose data and temporary files are on a file system of their own, which no one else sees.
class SmallServer {
  static async start() {
    const server = new SmallServer();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-full-'));
    server.socket = path.join(server.folder, 'mariadb.sock');
    server.options = path.join(server.folder, 'admin.cnf');
    const user = os.userInfo().username;
    const root = process.getuid() === 0;
    const asRoot = root ? ['--user=root'] : [];
    execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${server.folder}/seed`, `--tmpdir=${server.folder}`,
      '--skip-test-db', '--innodb-log-file-size=16M', `--auth-root-socket-user=${user}`,
      '--auth-root-authentication-method=socket', ...asRoot], { stdio: 'pipe' });
    fs.mkdirSync(server.at('disk'));
    // In a chroot / is no mount of its own, which could be made private.
    const inside = `mount --make-rprivate / 2>/dev/null; mount -t tmpfs -o size=${SIZE} tmpfs "$0/disk" && mkdir "$0/disk/tmp" &&
      cp -a "$0/seed" "$0/disk/data" && exec mariadbd "$@"`;
    server.program = new Program('unshare', [...(root ? [] : ['--map-root-user']), '--mount', '--propagation', 'unchanged',
      '--', 'sh', '-c', inside, server.folder, '--no-defaults', `--datadir=${server.at('disk/data')}`,
      `--tmpdir=${server.at('disk/tmp')}`, `--socket=${server.socket}`, `--pid-file=${server.at('mariadb.pid')}`,
      '--skip-networking', '--skip-log-bin', '--innodb-log-file-size=16M', '--innodb-buffer-pool-size=64M',
      '--max-connections=100', '--character-set-server=utf8mb4', '--user=root']);
    await server.program.says(/ready for connections/);
    fs.writeFileSync(server.options, `[client]\nsocket=${server.socket}\nuser=${user}\n[mysql]\ndatabase=\n`);
    await runSql(server.options, `CREATE DATABASE livechat CHARACTER SET utf8mb4;
      CREATE USER livechat@localhost IDENTIFIED BY 'secret';
      GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON livechat.* TO livechat@localhost`);
    return server;
  }

  at(file) {
    return path.join(this.folder, file);
  }

  // The ballast, seen through the server's own view of the files.
  get ballast() {
    return `/proc/${this.program.pid}/root${this.at('disk/ballast')}`;
  }

  // Until nothing more fits, and whenever the server gives something back.
  fill() {
    const file = fs.openSync(this.ballast, 'a');
    const block = Buffer.alloc(4096);
    try {
      for (;;) fs.writeSync(file, block);
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    } finally {
      fs.closeSync(file);
    }
  }

  // So many bytes, or all.
  makeRoom(bytes) {
    if (bytes) fs.truncateSync(this.ballast, fs.statSync(this.ballast).size - bytes);
    else fs.rmSync(this.ballast);
  }

  // What the command prints that sees the files as the server does, whatever its status.
  async inside(...command) {
    const flags = process.getuid() === 0 ? [] : ['--user', '--preserve-credentials'];
    const entered = new Program('nsenter', [`--target=${this.program.pid}`, '--mount', '--root', ...flags, '--', ...command]);
    await entered.closed;
    return entered.output;
  }

  dsn(user, password = '') {
    return `mysql://${user}${password && `:${password}`}@localhost/livechat?socket=${encodeURIComponent(this.socket)}`;
  }

  async stop() {
    await this.program.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// Sends one message after the other, each until it is acknowledged, under its own messageId.
class Writer {
  constructor(clientId, send) {
    this.clientId = clientId;
    this.send = send;
    this.stored = new Map(); // messageId -> seq
    this.refusals = [];
    this.running = this.#run();
  }

  async #run() {
    for (let i = 0; !this.stopped; i += 1) {
      const messageId = `${this.clientId}-${i}`;
      while (!this.stored.has(messageId)) {
        if (this.stopped) {
          this.open = messageId;
          return;
        }
        const { seq, refusal } = await this.send({
          clientId: this.clientId, sender: 'client', messageId, message: `${messageId} ${'x'.repeat(8000)}`,
        });
        if (seq) this.stored.set(messageId, seq);
        else this.refusals.push(refusal);
      }
    }
  }

  async stop() {
    this.stopped = true;
    await this.running;
  }
}

describe('a full disk', () => {
  let server;
  let stack;
  let client;
  let writers;
  before(async () => {
    server = await SmallServer.start();
    stack = await Stack.start({ database: server.dsn(os.userInfo().username), programDatabase: server.dsn('livechat', 'secret') });
    client = await ChatClient.connect(stack);
    const overSocket = async (message) => {
      const ack = await client.ask('send-message', message);
      return ack.status === 'ok' ? { seq: ack.seq } : { refusal: ack };
    };
    const overRest = async ({ clientId, ...body }) => {
      const answer = await request(stack, 'POST', sessionPath('messages', clientId), { body });
      return answer.status === 201 || answer.status === 200 ? { seq: answer.body.seq } : { refusal: answer };
    };
    writers = [];
    for (const send of [overSocket, overRest]) writers.push(new Writer(await newSession(stack), send));
  });
  after(async () => {
    for (const writer of writers ?? []) await writer.stop();
    client?.close();
    await stack?.stop();
    await server?.stop();
  });

  const stored = () => writers.map(({ stored: { size } }) => size);
  const everyoneHas = (more, since) => waitFor(() => stored().every((count, i) => count >= since[i] + more),
    () => `${more} more than ${since}: ${stored()}`, 60_000);

  test('refuses what it cannot store, and says so', async () => {
    await everyoneHas(5, [0, 0]);
    await waitFor(() => {
      server.fill();
      return writers.every(({ refusals }) => refusals.length >= 5);
    }, () => `refusals: ${writers.map(({ refusals }) => refusals.length)}`, 60_000);
    const [socket, rest] = writers.map(({ refusals }) => refusals);
    for (const ack of socket) assert.deepEqual([ack.status, ack.code], ['error', 'unavailable'], JSON.stringify(ack));
    for (const answer of rest) assert.deepEqual([answer.status, answer.body.code], [503, 'unavailable'], answer.text);
  });

  test('what is there can be read meanwhile', async () => {
    for (const { clientId } of writers) {
      const { status, text } = await request(stack, 'GET', sessionPath('history', clientId));
      assert.equal(status, 200, text);
    }
  });

  test('is named in the log of both programs, in one sentence that says what to do', () => {
    for (const [name, event] of [['fcgi', 'database_error'], ['wsd-a', 'database_failed']]) {
      const line = stack.log(name).split('\n').find((one) => one.includes(`event=${event}`));
      assert.match(line ?? stack.log(name), /reason="the disk of the database server is full: make room there; .*"/);
    }
    assert.doesNotMatch(stack.log('fcgi') + stack.log('wsd-a'), /xxxx/);
  });

  test('is said by livechat-admin: doctor finds it, and an import ends with it', async () => {
    server.fill();
    const doctor = async () => JSON.parse(await server.inside(program, '--migrations', migrations,
      '--config', path.join(stack.state, 'livechat.toml'), 'doctor', '--json')).find(({ what }) => /^the disk of the database /.test(what));
    const full = await doctor();
    assert.match(full.what, /^the disk of the database server is full/);
    assert.match(full.advice, /^make room there/);
    const lines = Array.from({ length: 500 }, (_, i) => JSON.stringify({ clientId: 'import', sender: 'client', message: `${i} ${'x'.repeat(8000)}` }) + '\n');
    const refused = await adminOf(stack, ['import', '-'], { input: lines.join('') });
    assert.equal(refused.code, 1);
    assert.match(sentence(refused), /^the disk of the database server is full \(.*\): make room there and run this again$/);

    server.makeRoom(4 * MIB);
    const soonFull = await doctor();
    assert.match(soonFull.what, /\/disk\/data\/?\) has \d % left/);
    assert.match(soonFull.advice, /^make room; livechat-admin purge/);
  });

  test('is over when there is room, without a restart, and nothing is lost or doubled', async () => {
    const pids = ['fcgi', 'wsd-a', 'nginx'].map((name) => stack.pid(name));
    const before = stored();
    server.makeRoom();
    await everyoneHas(5, before);
    for (const writer of writers) await writer.stop();
    assert.deepEqual(['fcgi', 'wsd-a', 'nginx'].map((name) => stack.pid(name)), pids);
    for (const writer of writers) {
      const rows = await stack.sql(`SELECT m.seq, m.message_id FROM message m JOIN session s ON s.id = m.session_id
        WHERE s.client_id = '${writer.clientId}' ORDER BY m.seq`);
      assert.deepEqual(rows.map(([seq]) => Number(seq)), rows.map((_, i) => i + 1));
      const found = new Map(rows.map(([seq, messageId]) => [messageId, Number(seq)]));
      assert.equal(found.size, rows.length);
      for (const [messageId, seq] of writer.stored) assert.equal(found.get(messageId), seq, messageId);
      // Of what was never acknowledged only the last one may be there: its answer was not waited for.
      const others = [...found.keys()].filter((messageId) => !writer.stored.has(messageId));
      assert.deepEqual(others.filter((messageId) => messageId !== writer.open), []);
    }
  });
});
