// What the tests of livechat-fcgi run on: a MariaDB, an nginx with the project's own configuration and
// the real program between them, all in a folder of their own that goes when they go.
//
// The programs come from the build in LIVECHAT_BUILD (default: build/dev of this tree).
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { wanted as mysqlWanted } from '../harness/mysql.mjs';
import { assertNoSecrets, commandLines, learn, logsBelow } from '../harness/secrets.mjs';
import { runSql } from '../harness/sql.mjs';
import { alive, build, root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

export const program = path.join(build, 'bin/livechat-fcgi');
const asRoot = process.getuid() === 0;
// As the files are created with: another size makes the first start rewrite them.
const redoLog = '--innodb-log-file-size=16M';
const kDatabasePassword = 'known-to-the-programs';

// Picked by the kernel, and free until another process is as lucky.
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// Folders that go when we go.
const folders = new Set();
process.on('exit', () => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

// A child process that ends when this one does, however that ends; `output` is what it has said.
export class Program {
  constructor(command, args, options = {}) {
    this.output = '';
    this.child = spawn('setpriv', ['--pdeathsig', 'TERM', command, ...args],
      { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (data) => (this.output += data));
    }
    // The end of the process; `closed` is the end of its output too, which its children may keep open.
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.exited.then(() => (this.ended = true), () => {});
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
    this.closed.then(() => (this.silent = true));
  }

  get pid() {
    return this.child.pid;
  }

  says(pattern, what = String(pattern)) {
    return waitFor(() => {
      if (this.output.match(pattern)) return true;
      if (this.silent) throw new Error(`it ended before ${what}:\n${this.output}`);
      return false;
    }, what);
  }

  // Its end, and that of its output: { code, signal }.
  async ends() {
    await waitFor(() => this.silent, () => `the end of a program that has said:\n${this.output}`);
    return this.exited;
  }

  kill(signal) {
    return this.child.kill(signal);
  }

  async stop(signal = 'SIGTERM') {
    if (!this.ended) this.kill(signal);
    return this.exited;
  }
}

export class Database {
  constructor(folder) {
    this.folder = folder;
    this.socket = path.join(folder, 'mariadb.sock');
    this.options = path.join(folder, 'admin.cnf');
  }

  static async create(folder) {
    const database = new Database(folder);
    const user = mysqlWanted ? 'root' : os.userInfo().username;
    if (!mysqlWanted) execFileSync('mariadb-install-db', [
      '--no-defaults', `--datadir=${folder}/data`, `--tmpdir=${folder}`, '--skip-test-db', redoLog, `--auth-root-socket-user=${user}`,
      '--auth-root-authentication-method=socket', ...(asRoot ? ['--user=root'] : []),
    ], { stdio: 'pipe' });
    fs.writeFileSync(database.options,
      `[client]\nsocket=${database.socket}\nuser=${user}\n[mysql]\ndatabase=livechat\n`);
    await database.start();
    await promisify(execFile)('mariadb', [`--defaults-file=${database.options}`, '--database=mysql', '-e',
      'CREATE DATABASE livechat CHARACTER SET utf8mb4;' +
      `CREATE USER livechat@localhost IDENTIFIED BY '${kDatabasePassword}';` +
      'GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON livechat.* TO livechat@localhost']);
    await promisify(execFile)(path.join(build, 'bin/livechat-admin'), [
      'migrate', 'apply', '--defaults-file', database.options, '--migrations', path.join(root, 'sql/migrations')]);
    return database;
  }

  async start() {
    if (mysqlWanted) {
      this.server = new Program(path.join(root, 'scripts/mysql-server'), [this.folder, this.socket]);
      await this.server.says(/ready for connections/);
      return;
    }
    this.server = new Program('mariadbd', [
      '--no-defaults', `--datadir=${this.folder}/data`, `--tmpdir=${this.folder}`, `--socket=${this.socket}`,
      `--pid-file=${this.folder}/mariadb.pid`, '--skip-networking', '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=2', '--innodb-buffer-pool-size=128M', '--max-connections=100', redoLog,
      '--character-set-server=utf8mb4', ...(asRoot ? ['--user=root'] : []),
    ]);
    await this.server.says(/ready for connections/);
  }

  stop(signal = 'SIGTERM') {
    return this.server.stop(signal);
  }

  // Rows of text, by the database's owner.
  sql(text) {
    return runSql(this.options, text);
  }

  async value(text) {
    return (await this.sql(text))[0][0];
  }

  // A connection that stays open, for a transaction that others are to wait for.
  connect() {
    const client = new Program('mariadb', [`--defaults-file=${this.options}`, '-N', '-B', '--unbuffered'],
      { stdio: ['pipe', 'pipe', 'pipe'] });
    let count = 0;
    return {
      async run(text) {
        const mark = `done-${++count}`;
        client.child.stdin.write(`${text};\nSELECT '${mark}';\n`);
        await client.says(new RegExp(`^${mark}$`, 'm'));
      },
      end() {
        client.child.stdin.end();
        return client.exited;
      },
    };
  }
}

export async function startNginx(folder, endpoint, port) {
  const prefix = path.join(folder, 'nginx');
  fs.mkdirSync(path.join(prefix, 'temp'), { recursive: true });
  execFileSync(path.join(root, 'scripts/nginx-conf'), ['--into', prefix, '--fcgi', endpoint]);
  const values = { PORT: port, USER: asRoot ? 'user root root;' : '', FILES: 4096, CONNECTIONS: 1024 };
  const template = fs.readFileSync(path.join(root, 'nginx/stack.conf.template'), 'utf8');
  fs.writeFileSync(path.join(prefix, 'nginx.conf'),
    template.replace(/@([A-Z]+)@/g, (_, name) => String(values[name])));
  const nginx = new Program('nginx', ['-p', `${prefix}/`, '-c', 'nginx.conf']);
  await waitFor(async () => {
    assert(!nginx.ended, `nginx ended:\n${nginx.output}`);
    return canConnect(port);
  }, 'nginx to listen');
  return nginx;
}

export async function canConnect(where) {
  const socket = typeof where === 'number' ? net.connect(where, '127.0.0.1') : net.connect(where);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

// One request; `at` is a path, sent as it stands. A body that is no string or Buffer goes as JSON. from: the
// client's address, any of 127.0.0.0/8.
export function request(port, method, at, { body, headers = {}, agent, socketPath, from } = {}) {
  const json = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
  const data = json ? JSON.stringify(body) : body;
  learn(body?.password, body?.signature);
  const fields = { ...headers };
  if (json) fields['Content-Type'] ??= 'application/json';
  if (data !== undefined) fields['Content-Length'] ??= Buffer.byteLength(data);
  return new Promise((resolve, reject) => {
    const call = http.request({
      host: '127.0.0.1', port, method, path: at, headers: fields, agent, socketPath, localAddress: from,
    });
    call.on('error', reject);
    call.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const type = response.headers['content-type'] ?? '';
        resolve({
          status: response.statusCode,
          headers: response.headers,
          type,
          text,
          json: /[/+]json/.test(type) && text ? JSON.parse(text) : undefined,
        });
      });
    });
    call.end(data);
  });
}

// Bytes as they are, for what no HTTP library would send; gives everything up to the end.
export async function rawRequest(port, bytes) {
  const socket = net.connect(port, '127.0.0.1');
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString();
  const end = text.indexOf('\r\n\r\n');
  return {
    status: Number(text.slice(9, 12)),
    head: text.slice(0, end),
    type: /^content-type: *(.*)$/im.exec(text.slice(0, end))?.[1].trim() ?? '',
    text: text.slice(end + 4),
  };
}

export class Stack {
  // options: see startFcgi; without `fcgi: false` the program is started too.
  static async start(options = {}) {
    const stack = new Stack();
    stack.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-rest-'));
    folders.add(stack.folder);
    stack.socket = path.join(stack.folder, 'fcgi.sock');
    stack.programs = []; // each livechat-fcgi that ran
    stack.port = await freePort();
    try {
      stack.database = await Database.create(stack.folder);
      stack.writeConfiguration(options.set);
      stack.nginx = await startNginx(stack.folder, `unix:${stack.socket}`, stack.port);
      if (options.fcgi !== false) await stack.startFcgi();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  get configuration() {
    return path.join(this.folder, 'livechat.toml');
  }

  // set: { 'fcgi.workers': 2 }, beside what every stack needs.
  writeConfiguration(set = {}) {
    const keys = {
      'database.socket': this.database.socket,
      'database.password': kDatabasePassword,
      'auth.mode': 'open',
      'abuse.enabled': false,
      'fcgi.listen': `unix:${this.socket}`,
      'fcgi.workers': 4,
      'log.level': 'debug',
      ...set,
    };
    learn(keys['database.password'], keys['auth.site_secret']);
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    fs.writeFileSync(this.configuration, lines.join('\n') + '\n');
  }

  get arguments() {
    return ['--config', this.configuration];
  }

  async startFcgi() {
    this.fcgi = new Program(program, this.arguments);
    this.programs.push(this.fcgi);
    await this.fcgi.says(/event=ready/);
    return this.fcgi;
  }

  workers(master = this.fcgi.pid) {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      try {
        const [, state, parent] = /^.*\) (\S) (\d+)/s.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
        return Number(parent) === master && state !== 'Z';
      } catch {
        return false; // it has just gone
      }
    });
  }

  request(method, at, options) {
    return request(this.port, method, at, options);
  }

  call(method, at, body, options) {
    return this.request(method, `/api/chat${at}`, { body, ...options });
  }

  async open(clientId) {
    const answer = await this.call('POST', '/initialize', { clientId });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }

  async send(clientId, message, sender = 'client', more = {}) {
    const answer = await this.call('POST', `/messages/${encodeURIComponent(clientId)}`,
      { message, sender, ...more });
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  }

  // Ends the program and its workers at once, however busy they are.
  async killFcgi() {
    if (!this.fcgi || this.fcgi.ended) return;
    const workers = this.workers();
    await this.fcgi.stop('SIGKILL');
    for (const pid of workers.filter(alive)) process.kill(pid, 'SIGKILL');
    await waitFor(() => !workers.some(alive), 'the workers to end');
    fs.rmSync(this.socket, { force: true });
  }

  // Fails when a secret stands in what the programs have said, or in `ps`.
  async stop() {
    const places = { 'ps of livechat-fcgi': this.fcgi ? commandLines(this.fcgi.pid) : '' };
    for (const part of [this.fcgi, this.nginx, this.database?.server]) {
      if (part && !part.ended) await part.stop();
    }
    for (const one of this.programs) places[`what livechat-fcgi ${one.pid} said`] = one.output;
    places['what nginx said'] = this.nginx?.output ?? '';
    Object.assign(places, logsBelow(path.join(this.folder, 'nginx')));
    fs.rmSync(this.folder, { recursive: true, force: true });
    folders.delete(this.folder);
    assertNoSecrets(places);
  }
}

// A problem document as the contract describes it, with this status and code.
export function assertProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.type, 'application/problem+json');
  const problem = answer.json;
  assert.equal(problem.status, status);
  assert.equal(problem.code, code, answer.text);
  for (const member of ['type', 'title', 'detail', 'requestId']) {
    assert.equal(typeof problem[member], 'string', member);
    assert.notEqual(problem[member], '', member);
  }
  assert.equal(answer.headers['x-request-id'], problem.requestId);
  assert.doesNotMatch(answer.text, /select|insert|mariadb|mysql|\.cpp|\/(tmp|run|home|usr)\//i);
}
