// What the conformance tests run against, by $LIVECHAT_TARGET:
//   echo     sio-echo, which answers with what it is sent (the default)
//   nginx    a whole stack, through its nginx
//   daemon   livechat-wsd on the database of a stack, direct
// or what runs at $LIVECHAT_URL, a stack with the default configuration. Rules that need an echo are
// tested against sio-echo alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readline from 'node:readline';

import { Stack, build } from '../../harness/stack.mjs';

const kind = process.env.LIVECHAT_URL ? 'url' : process.env.LIVECHAT_TARGET ?? 'echo';

export const againstEcho = kind === 'echo';
// Nothing stands between: bytes and connections arrive as they were sent.
export const direct = kind === 'echo' || kind === 'daemon';
// The timings are short, so that they can be tested, and not so short that a busy machine misses them.
export const quick = kind !== 'url';
export const pingInterval = quick ? 300 : 25000;
export const pingTimeout = quick ? 1000 : 20000;
export const connectTimeout = quick ? 3000 : 45000;
// A page that sio-echo lets in although it is of another origin.
export const listedOrigin = 'https://shop.example';
export const maxPayload = 1000000;

class Target {
  constructor(url, { path = '/socket.io/', unix, stop = async () => {} } = {}) {
    this.url = new URL(url);
    this.echo = againstEcho;
    this.path = path;
    this.unix = unix;
    this.stop = stop;
    // What a client of the stack sends as the payload of its CONNECT.
    this.auth = process.env.LIVECHAT_AUTH ?? '';
  }
  get host() { return this.url.hostname; }
  get port() { return Number(this.url.port || 80); }
  query(parameters) {
    return `${this.path}?${new URLSearchParams({ EIO: '4', ...parameters })}`;
  }
  ws(parameters = {}) {
    return `ws://${this.url.host}${this.query({ transport: 'websocket', ...parameters })}`;
  }
}

// Starts a program of the build. ready: takes a line of what it says, and gives its host:port once there.
async function start(name, args, ready) {
  const program = join(build, 'bin', name);
  if (!existsSync(program)) throw new Error(`no ${program}: build it, or set LIVECHAT_BUILD`);
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  const endpoint = new Promise((resolve) => {
    for (const output of [child.stdout, child.stderr]) {
      readline.createInterface({ input: output }).on('line', (line) => {
        said += `${line}\n`;
        const found = ready(line);
        if (found) resolve(found);
      });
    }
  });
  const first = await Promise.race([endpoint, ended]);
  if (Array.isArray(first)) throw new Error(`${name} ended with ${first[0] ?? first[1]}:\n${said}`);
  return {
    endpoint: first,
    stop: async () => {
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      if (code !== 0) throw new Error(`${name} ended with ${code ?? signal}:\n${said}`);
    },
  };
}

async function openEcho(protocol) {
  const dir = mkdtempSync(join(tmpdir(), 'sio-echo-'));
  const unix = join(dir, 'socket');
  const program = await start('sio-echo', ['--port', '0', '--protocol', protocol, '--unix', unix, '--allow-origin', listedOrigin,
    '--ping-timeout', `${pingTimeout}`, '--connect-timeout', `${connectTimeout}`],
    (line) => line.match(/^listening on (.*)$/)?.[1]);
  return new Target(`http://${program.endpoint}`, {
    path: protocol === 'engine.io' ? '/engine.io/' : '/socket.io/',
    unix,
    stop: async () => {
      await program.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}

const timings = [
  `wsd.ping_interval_ms=${pingInterval}`, `wsd.ping_timeout_ms=${pingTimeout}`,
  `wsd.connect_timeout_ms=${connectTimeout}`,
];

async function openNginx() {
  const stack = await Stack.start({ set: timings });
  return new Target(stack.url, { stop: () => stack.stop() });
}

async function openDaemon() {
  const stack = await Stack.start();
  try {
    const daemon = await start('livechat-wsd', [
      '--config', join(stack.state, 'livechat.toml'), '--name', 'direct', '--listen', '127.0.0.1:0',
      ...timings.flatMap((override) => ['--set', override]),
    ], (line) => line.match(/event=ready .*listen=(\S+)/)?.[1]);
    return new Target(`http://${daemon.endpoint}`, {
      unix: join(stack.sockets, 'wsd-a.sock'),
      stop: async () => {
        await daemon.stop();
        await stack.stop();
      },
    });
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

// protocol: engine.io or socket.io, for sio-echo. A stack speaks Socket.IO only, which carries the same
// Engine.IO.
export async function openTarget(protocol) {
  switch (kind) {
    case 'url': return new Target(process.env.LIVECHAT_URL);
    case 'echo': return openEcho(protocol);
    case 'nginx': return openNginx();
    case 'daemon': return openDaemon();
    default: throw new Error(`LIVECHAT_TARGET is echo, nginx or daemon, not ${kind}`);
  }
}
