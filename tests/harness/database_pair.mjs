// Two MariaDB servers of which the second repeats the first, and one address that leads to either: what a
// failover looks like from a program. It can also go silent for connections that it has.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { runSql } from './sql.mjs';
import { waitFor } from './wait.mjs';

export class DatabasePair {
  static async start() {
    const pair = new DatabasePair();
    pair.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-pair-'));
    pair.servers = [];
    pair.connections = new Set();
    const first = path.join(pair.folder, 'data-0');
    execFileSync('mariadb-install-db', ['--no-defaults', `--datadir=${first}`, '--skip-test-db', '--innodb-log-file-size=16M',
      '--auth-root-authentication-method=socket', `--auth-root-socket-user=${os.userInfo().username}`, ...asRoot()], { stdio: 'ignore' });
    fs.cpSync(first, path.join(pair.folder, 'data-1'), { recursive: true });
    for (const index of [0, 1]) await pair.#launch(index);
    await pair.sql(0, 'CREATE DATABASE livechat CHARACTER SET utf8mb4;'
      + "GRANT ALL ON *.* TO owner@'127.0.0.1' IDENTIFIED BY '';"
      + "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON livechat.* TO livechat@'127.0.0.1' IDENTIFIED BY '';");
    await pair.sql(1, `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${pair.servers[0].port},`
      + ` MASTER_USER='owner', MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=4; START SLAVE`);
    pair.target = 0;
    pair.gate = net.createServer((near) => pair.#join(near)).listen(0, '127.0.0.1');
    await once(pair.gate, 'listening');
    return pair;
  }

  async #launch(index) {
    const folder = path.join(this.folder, `data-${index}`);
    const socket = path.join(this.folder, `${index}.sock`);
    const port = await freePort();
    const log = fs.openSync(path.join(this.folder, `${index}.log`), 'a');
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'mariadbd', '--no-defaults', `--datadir=${folder}`, `--socket=${socket}`,
      `--pid-file=${folder}/pid`, '--bind-address=127.0.0.1', `--port=${port}`, `--server-id=${index + 1}`, '--log-bin=binlog',
      '--binlog-format=ROW', '--innodb-buffer-pool-size=64M', '--skip-name-resolve', '--max-connections=200', ...asRoot()], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    const options = path.join(this.folder, `${index}.cnf`);
    fs.writeFileSync(options, `[client]\nsocket=${socket}\nuser=${os.userInfo().username}\n`);
    this.servers[index] = { child, port, options };
    await waitFor(() => this.sql(index, 'SELECT 1').catch(() => undefined), `MariaDB ${index}`, 60_000);
  }

  #join(near) {
    const far = net.connect(this.servers[this.target].port, '127.0.0.1');
    const one = { near, far, silent: false, used: Date.now() };
    this.connections.add(one);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        this.connections.delete(one);
      });
      from.on('data', (data) => {
        one.used = Date.now();
        if (!one.silent) to.write(data);
      });
    }
  }

  // What a program is to be told of the address; account: "owner" or "livechat".
  dsn(account) {
    return `mysql://${account}@127.0.0.1:${this.gate.address().port}/livechat`;
  }

  sql(index, text) {
    return runSql(this.servers[index].options, text);
  }

  // Until the second has all of the first.
  async caughtUp() {
    const count = (index) => this.sql(index, 'SELECT COUNT(*), MAX(id) FROM livechat.notification');
    await waitFor(async () => `${await count(0)}` === `${await count(1).catch(() => '')}`, 'the replica');
  }

  // The second takes over. Connections to the first stay.
  async failOver() {
    await this.sql(0, 'SET GLOBAL read_only=1');
    await this.caughtUp();
    await this.sql(1, 'STOP SLAVE');
    this.target = 1;
  }

  // Connections that were idle for so long.
  idle(milliseconds) {
    return [...this.connections].filter(({ used }) => Date.now() - used >= milliseconds);
  }

  // Nothing passes on these any more, and neither end is told. As a firewall that forgets what is idle.
  silence(connections) {
    for (const one of connections) one.silent = true;
  }

  async stop() {
    this.gate.close();
    for (const { near, far } of this.connections) {
      near.destroy();
      far.destroy();
    }
    for (const { child } of this.servers) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

const asRoot = () => (process.getuid() === 0 ? ['--user=root'] : []);

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
