// The database of a stack when tests run against Oracle MySQL ($LIVECHAT_TEST_DATABASE is "mysql"): a
// private server of scripts/mysql-server, which is started again when it dies, as scripts/run does with
// its MariaDB.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { runSql } from './sql.mjs';
import { waitFor } from './wait.mjs';

const script = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../scripts/mysql-server');
const START_MS = 120_000;

export const wanted = process.env.LIVECHAT_TEST_DATABASE === 'mysql';

export class MysqlServer {
  // folder: where data and log go; the socket has a short path of its own. binlog: with a binary log
  static async start(folder, { binlog } = {}) {
    const server = new MysqlServer();
    server.more = binlog ? ['--log-bin=binlog', '--binlog-format=ROW', '--sync-binlog=1', '--server-id=1'] : [];
    server.folder = folder;
    server.sockets = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-mysql-'));
    server.socket = path.join(server.sockets, 'mysql.sock');
    server.held = false;
    fs.mkdirSync(folder, { recursive: true });
    await server.#launch();
    // The programs get an account of their own with the same rights as with the private MariaDB.
    server.options = path.join(folder, 'root.cnf');
    fs.writeFileSync(server.options, `[client]\nuser=root\nsocket=${server.socket}\n[mysql]\ndatabase=mysql\n`);
    await runSql(server.options, 'CREATE DATABASE livechat CHARACTER SET utf8mb4;' +
      "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON livechat.* TO livechat@localhost IDENTIFIED BY 'secret';");
    fs.writeFileSync(server.options, `[client]\nuser=root\nsocket=${server.socket}\n[mysql]\ndatabase=livechat\n`);
    return server;
  }

  get ownerDsn() {
    return this.#dsn('root');
  }

  get programsDsn() {
    return this.#dsn('livechat:secret');
  }

  #dsn(account) {
    return `mysql://${account}@localhost/livechat?socket=${encodeURIComponent(this.socket)}`;
  }

  get pid() {
    return this.child?.pid;
  }

  get log() {
    return fs.readFileSync(path.join(this.folder, 'mysql.log'), 'utf8');
  }

  // How often it has said that it is ready.
  get starts() {
    return this.log.split('ready for connections').length - 1;
  }

  async #launch() {
    const output = fs.openSync(path.join(this.folder, 'mysql.log'), 'a');
    const before = this.starts;
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', script, this.folder, this.socket, ...this.more], { stdio: ['ignore', output, output] });
    fs.closeSync(output);
    this.child = child;
    child.once('exit', () => {
      this.child = undefined;
      if (!this.held) this.#launch().catch(() => {});
    });
    await waitFor(() => {
      if (child.exitCode !== null) throw new Error(`MySQL ended:\n${this.log}`);
      return this.starts > before;
    }, 'MySQL', START_MS);
  }

  // It stays away until bring().
  hold() {
    this.held = true;
  }

  async bring() {
    this.held = false;
    if (!this.child) await this.#launch();
  }

  async stop() {
    this.held = true;
    if (this.child) {
      const child = this.child;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    fs.rmSync(this.sockets, { recursive: true, force: true });
  }
}
