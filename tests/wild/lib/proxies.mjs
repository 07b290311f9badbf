// Programs in front of livechat, each with the configuration of its case file (tests/wild/proxies): a conversation by
// every transport through it, and what it makes of paths, addresses, cookies and files.
//
// A case: { title, versions, result, program, package, slow?, options: of nginx-conf, alone?: it needs no nginx,
//   expect?: what differs from kWell, async start({ folder, port, inner, programs, spawn }) }.
import assert from 'node:assert/strict';
import { execFileSync, spawn as spawnProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

import { addAgent, kPassword } from '../../harness/access.mjs';
import { ChatClient } from '../../harness/chat_client.mjs';
import { Stack, root } from '../../harness/stack.mjs';
import { waitFor } from '../../harness/wait.mjs';

const folderOfCases = path.join(root, 'tests/wild/proxies');

export async function cases() {
  const names = fs.readdirSync(folderOfCases).filter((name) => name.endsWith('.case.mjs')).sort();
  return Promise.all(names.map(async (name) => ({ name, ...(await import(path.join(folderOfCases, name))).default })));
}

// What a good proxy leaves as it is.
const kWell = {
  origin: 201, // a page of the site may write
  slash: 201, // a clientId with a slash
  polling: true, websocket: true, upgrade: true,
  secure: true, // the agent's cookie, where the visitor came by https
  address: '127.0.0.9', // the client's, as livechat sees it; undefined: not looked at
  gzip: 'plain,gzip,plain', // one after the other, with what keeps files in between
};

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const canConnect = (port) => new Promise((resolve) => {
  const probe = net.connect(port, '127.0.0.1', () => resolve(true) ?? probe.destroy());
  probe.on('error', () => resolve(false));
});

// One stack for all cases of a file. With programs of other users in front, its sockets are for everyone.
export class Front {
  static async open() {
    const front = new Front();
    front.stack = await Stack.start({ auth: 'token', fcgiWorkers: 2 });
    await addAgent((text) => front.stack.sql(text), 'ann', 'supervisor');
    const { sockets } = front.stack;
    fs.chmodSync(sockets, 0o755);
    for (const name of fs.readdirSync(sockets)) fs.chmodSync(path.join(sockets, name), 0o777);
    return front;
  }

  close() {
    return this.stack?.stop();
  }

  // Starts the programs of a case, has a conversation through them, and compares.
  async holds(one) {
    const started = [];
    const folder = fs.mkdtempSync(path.join(this.stack.state, 'front-'));
    // Programs that give up root's rights look into it, too.
    fs.chmodSync(folder, 0o777);
    const spawn = async (port, program, args, options = {}) => {
      const child = spawnProcess('setpriv', ['--pdeathsig', 'TERM', '--', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
      started.push({ child, exited: once(child, 'exit') });
      await waitFor(async () => {
        assert.equal(child.exitCode, null, `${program} (Debian's package ${one.package}) ended: ${said}`);
        return canConnect(port);
      }, () => `${program}: ${said}`);
    };
    try {
      const inner = one.alone ? undefined : await this.#nginx(path.join(folder, 'inner'), one.options ?? [], spawn);
      const port = await freePort();
      await one.start({ folder, port, inner: inner?.port, sockets: this.stack.sockets, web: fs.realpathSync(path.join(this.stack.state, 'nginx/web')), spawn });
      assert.deepEqual(await this.#converse(port, inner, one), { ...kWell, ...one.expect });
    } finally {
      for (const { child, exited } of started.reverse()) {
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
        await exited;
        clearTimeout(late);
      }
    }
  }

  async #nginx(prefix, options, spawn) {
    fs.cpSync(path.join(this.stack.state, 'nginx'), prefix, { recursive: true, filter: (file) => !/\.(pid|log)$/.test(file) });
    const { sockets } = this.stack;
    execFileSync(path.join(root, 'scripts/nginx-conf'), ['--into', prefix, '--fcgi', `unix:${sockets}/fcgi.sock`,
      '--wsd', `a=unix:${sockets}/wsd-a.sock`, ...options]);
    const port = await freePort();
    const file = path.join(prefix, 'nginx.conf');
    const listen = options.includes('proxy_protocol') ? '$1 proxy_protocol' : '$1';
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/(listen 127\.0\.0\.1:)\d+/, `$1${port}`)
      .replace(new RegExp(`(listen 127\\.0\\.0\\.1:${port})`), listen));
    await spawn(port, 'nginx', ['-p', `${prefix}/`, '-c', 'nginx.conf']);
    return { port, log: () => fs.readFileSync(path.join(prefix, 'access.log'), 'utf8') };
  }

  async #converse(port, inner, { name, secure = true, expect = {} }) {
    const site = { url: `http://127.0.0.1:${port}`, port };
    // As a browser sends it, which sees the proxy's own scheme.
    const origin = `${secure && expect.secure !== false ? 'https' : 'http'}://127.0.0.1:${port}`;
    const ask = (method, at, { body, headers = {}, from } = {}) => new Promise((resolve, reject) => {
      const data = body && JSON.stringify(body);
      const call = http.request({ host: '127.0.0.1', port, method, path: at, localAddress: from, agent: new http.Agent(),
        headers: { ...headers, ...(data ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(data) } : {}) } }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() });
        });
      });
      call.on('error', reject);
      call.end(data);
    });
    const json = async (...args) => {
      const answer = await ask(...args);
      assert.ok(answer.status < 300, `${args.slice(0, 2)}: ${answer.status} ${answer.text.slice(0, 300)}`);
      return { ...answer, body: JSON.parse(answer.text) };
    };
    const found = {};
    const login = await json('POST', '/api/chat/login', { body: { username: 'ann', password: kPassword } });
    const bearer = { Authorization: `Bearer ${login.body.token}` };
    found.secure = /; Secure/.test(login.headers['set-cookie'].join());
    const clientId = `of ${name}`;
    const opened = await json('POST', '/api/chat/initialize', { body: { clientId } });
    const { token } = opened.body;

    const say = (to, headers) => ask('POST', `/api/chat/messages/${encodeURIComponent(to)}`,
      { body: { sender: 'admin', message: `to ${to}` }, headers: { ...bearer, ...headers } });
    found.origin = (await say(clientId, { Origin: origin })).status;
    await json('POST', '/api/chat/initialize', { body: { clientId: `${clientId}/a` } });
    found.slash = (await say(`${clientId}/a`)).status;

    for (const [kind, transports] of [['polling', ['polling']], ['websocket', ['websocket']], ['upgrade', ['polling', 'websocket']]]) {
      found[kind] = await this.#talks(site, { transports, auth: { token }, reconnection: false, extraHeaders: { Origin: origin } }, clientId, say, kind);
    }

    const at = '/api/chat/seen-by-address';
    await ask('GET', at, { from: '127.0.0.9' });
    found.address = inner ? await waitFor(() => inner.log().split('\n').find((line) => line.includes(`GET ${at} `))?.split(' ')[0], 'the line of the log')
      : kWell.address;

    const forms = [];
    for (const encoding of ['identity', 'gzip', 'identity']) {
      const { headers, bytes } = await ask('GET', '/widget.js', { headers: { 'Accept-Encoding': encoding } });
      const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
      assert.equal(packed, headers['content-encoding'] === 'gzip');
      forms.push(packed ? 'gzip' : 'plain');
    }
    found.gzip = forms.join();
    return found;
  }

  // Whether a message arrives by these transports, and those only.
  async #talks(site, options, clientId, say, kind) {
    const client = new ChatClient(site.url, options);
    try {
      const failure = await new Promise((resolve) => {
        client.socket.once('connect', () => resolve()).once('connect_error', resolve);
      });
      if (failure) return failure.message;
      if (kind === 'upgrade') {
        await waitFor(() => client.socket.io.engine.transport.name === 'websocket', 'the upgrade');
      }
      await client.ask('join', { clientId });
      const before = client.all('new-message').length;
      assert.equal((await say(clientId)).status, 201);
      await waitFor(() => client.all('new-message').length > before, 'the message');
      const sent = await client.ask('send-message', { clientId, sender: 'client', message: 'and back' });
      return sent.status === 'ok';
    } finally {
      client.close();
    }
  }
}
