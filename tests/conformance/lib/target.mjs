// What the conformance tests run against: sio-echo, started here, or with LIVECHAT_URL a running stack.
// Rules that need an echo or short timings are tested against sio-echo alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function program() {
  const builds = process.env.LIVECHAT_BUILD_DIR
    ? [process.env.LIVECHAT_BUILD_DIR]
    : ['release', 'dev'].map((name) => join(root, 'build', name));
  const found = builds.map((dir) => join(dir, 'bin', 'sio-echo')).find((file) => existsSync(file));
  if (!found) throw new Error(`no sio-echo in ${builds.join(' or ')}: build it, or set LIVECHAT_BUILD_DIR`);
  return found;
}

class Target {
  constructor(url, { echo, path, stop, unix }) {
    this.url = new URL(url);
    this.echo = echo;
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

async function startEcho(protocol) {
  const dir = mkdtempSync(join(tmpdir(), 'sio-echo-'));
  const unix = join(dir, 'socket');
  const child = spawn(program(), ['--port', '0', '--protocol', protocol, '--unix', unix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  while (!text.includes('\n')) {
    const [chunk] = await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(([code]) => { throw new Error(`sio-echo ended with ${code}`); }),
    ]);
    text += chunk;
  }
  const endpoint = text.trim().split(' ').at(-1);
  return new Target(`http://${endpoint}`, {
    echo: true,
    path: protocol === 'engine.io' ? '/engine.io/' : '/socket.io/',
    unix,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      rmSync(dir, { recursive: true, force: true });
      if (code !== 0) throw new Error(`sio-echo ended with ${code ?? signal}`);
    },
  });
}

// protocol: engine.io or socket.io, for sio-echo. A stack speaks Socket.IO only, which carries the same
// Engine.IO.
export async function openTarget(protocol) {
  const url = process.env.LIVECHAT_URL;
  if (!url) return startEcho(protocol);
  return new Target(url, { echo: false, path: '/socket.io/', stop: async () => {} });
}

export const againstEcho = !process.env.LIVECHAT_URL;
export const pingInterval = againstEcho ? 300 : 25000;
export const pingTimeout = againstEcho ? 200 : 20000;
export const maxPayload = againstEcho ? 1000000 : 128 * 1024;
