// Everything that is measured. The stack (livechat, nginx, MariaDB) and the peer run all the time, with
// a database each in one MariaDB; the others are started afresh for each measurement.
import fs from 'node:fs';
import path from 'node:path';

import { Stack } from '../../tests/harness/stack.mjs';
import { treeCpuOf } from './machine.mjs';
import { bench, out, programs } from './places.mjs';
import { Server } from './process.mjs';

const log = (name) => path.join(out, `${name}.log`);
const kServerCpu = 0; // the generator has core 1

export class Servers {
  static async start(options) {
    const servers = new Servers();
    servers.state = path.join(out, 'stack');
    fs.rmSync(servers.state, { recursive: true, force: true });
    servers.stack = await Stack.start({ state: servers.state, ...options });
    try {
      await servers.#startPeer();
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  async #startPeer() {
    // The log is large, so that no measurement pays for the checkpoints of earlier ones.
    await this.stack.sql(`
      SET GLOBAL innodb_log_file_size = 1 << 30;
      CREATE DATABASE IF NOT EXISTS peer CHARACTER SET utf8mb4;
      CREATE USER IF NOT EXISTS peer@localhost IDENTIFIED BY 'peer';
      GRANT ALL ON peer.* TO peer@localhost;`);
    this.nodeServer = await Server.start(['node', path.join(bench, 'peers/node/server.js')], {
      env: {
        NODE_ENV: 'production', DB_SOCKET: this.databaseSocket,
        DB_USER: 'peer', DB_PASSWORD: 'peer', DB_NAME: 'peer',
      },
      log: log('peer'),
    });
  }

  get databaseSocket() {
    return path.join(this.stack.sockets, 'mariadb.sock');
  }

  // Where the bench's C client reaches livechat's tables: socket, user, password, database.
  get databaseAccount() {
    const password = fs.readFileSync(path.join(this.state, 'database.password'), 'utf8').trim();
    return [this.databaseSocket, 'livechat', password, 'livechat'];
  }

  // wsload's targets among the servers that run all the time.
  get direct() {
    return { target: `unix:${this.stack.sockets}/wsd-a.sock`, pids: [this.stack.pid('wsd-a')] };
  }

  get nginx() {
    return { target: `127.0.0.1:${this.stack.port}`, pids: [this.stack.pid('wsd-a'), this.stack.pid('nginx')] };
  }

  get peer() {
    return { target: this.nodeServer.target, pids: [this.nodeServer.pid] };
  }

  // One of these three, with MariaDB among its processes.
  withDatabase(name) {
    const { target, pids } = this[name];
    return { target, pids: [...pids, this.stack.pid('mariadb')] };
  }

  // Calls measure({ target, pids }) with a new server of that name, alone on its core.
  async fresh(name, measure) {
    const server = await Server.start(this.#command(name), { cpu: kServerCpu, log: log(name) });
    try {
      return await measure({ target: server.target, pids: [server.pid] });
    } finally {
      await server.stop();
    }
  }

  #command(name) {
    switch (name) {
      case 'livechat':
        return (port) => [
          path.join(programs, 'livechat-wsd'), '--config', path.join(this.state, 'livechat.toml'),
          '--name', 'bench', '--listen', `127.0.0.1:${port}`, '--set', 'doorbell.ring=[]',
        ];
      case 'socket.io':
        return ['node', path.join(bench, 'refs/node-socketio.js')];
      case 'bun':
        return [path.join(bench, 'refs/node_modules/.bin/bun'), path.join(bench, 'refs/bun-uws.js')];
      case 'epoll-limit':
        return [path.join(out, 'epoll-limit')];
    }
    throw new Error(`no such server: ${name}`);
  }

  // Calls measure() while the stack's own daemon, which would follow every message too, is stopped.
  async withoutDaemon(measure) {
    await this.stack.take('wsd-a');
    try {
      return await measure();
    } finally {
      await this.stack.bring('wsd-a');
    }
  }

  // Seconds of CPU time used by each part that serves REST. stack: one that uses our database.
  cpuOfRest(stack = this.stack) {
    const of = (where, name) => treeCpuOf(where.pid(name));
    return { nginx: of(stack, 'nginx'), workers: of(stack, 'fcgi'), mariadb: of(this.stack, 'mariadb') };
  }

  // Creates (or opens) sessions on livechat and the peer.
  async initialize(clientIds) {
    for (const url of [this.stack.url, `http://${this.nodeServer.target}`]) {
      for (const clientId of clientIds) {
        const response = await fetch(`${url}/api/chat/initialize`, {
          method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ clientId }),
        });
        if (response.status !== 200) throw new Error(`initialize: ${response.status} ${await response.text()}`);
        await response.arrayBuffer();
      }
    }
  }

  // The data that the REST measurements read, once.
  async seed() {
    if (this.seeded) return;
    this.seeded = true;
    const read = (name) => fs.readFileSync(path.join(bench, 'seed', name), 'utf8');
    // The daemon would read all those messages while the first endpoints are measured.
    await this.withoutDaemon(async () => {
      await this.stack.sql(`USE livechat; ${read('livechat.sql')}`);
      await this.stack.sql(`USE peer; ${read('peer.sql')}`);
      await this.stack.sql('ANALYZE TABLE livechat.session, livechat.message, peer.chat_sessions, peer.chat_messages;');
    });
  }

  async stop() {
    await this.nodeServer?.stop();
    await this.stack.stop();
  }
}
