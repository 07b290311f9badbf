// Programs that the bench runs: to completion, or as a server for a while.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';

// The kernel tells each of them to end when the bench ends, in whatever way.
const start = (command, options) => spawn('setpriv', ['--pdeathsig', 'TERM', ...command], options);

// Returns { code, out, errors } of a program that ends by itself.
export async function run(command, options = {}) {
  const child = start(command, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (data) => (out += data));
  child.stderr.setEncoding('utf8').on('data', (data) => (errors += data));
  const [code] = await once(child, 'close');
  return { code, out, errors };
}

// A server on a TCP port of 127.0.0.1, pinned to a core if one is given (a number).
export class Server {
  // command: a list, or a function that makes it from the port. env: PORT is added.
  static async start(command, { cpu, env = {}, log }) {
    const server = new Server();
    server.port = await freePort();
    const list = typeof command === 'function' ? command(server.port) : command;
    const pinned = cpu === undefined ? list : ['taskset', '-c', String(cpu), ...list];
    const output = fs.openSync(log, 'a');
    server.child = start(pinned, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env, PORT: String(server.port), HOST: '127.0.0.1' },
    });
    fs.closeSync(output);
    server.ended = once(server.child, 'exit');
    for (const end = Date.now() + 20_000; !(await answers(server.port)); await sleep(50)) {
      if (server.child.exitCode !== null || Date.now() > end) {
        throw new Error(`${list.join(' ')} did not start:\n${fs.readFileSync(log, 'utf8').slice(-2000)}`);
      }
    }
    await sleep(300);
    return server;
  }

  get target() {
    return `127.0.0.1:${this.port}`;
  }

  // setpriv and taskset replace themselves with the server.
  get pid() {
    return this.child.pid;
  }

  async stop() {
    this.child.kill('SIGTERM');
    const kill = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(kill);
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

// Below the ephemeral range, so that no client's socket in TIME_WAIT holds it.
async function freePort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    if (!(await answers(port))) return port;
  }
}
