// TLS by nginx, with a certificate that the test makes: https polling, wss, and a browser on HTTP/2.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, test } from 'node:test';

import { io } from 'socket.io-client';

import { newSession } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Browser } from './lib/chromium.mjs';
import { transports } from './lib/conversation.mjs';
import { PlainClient } from './lib/plain_client.mjs';

let stack;
let nginx;
let ca;
let port;
let url;

before(async () => {
  stack = await Stack.start();
  await startNginx(path.join(stack.state, 'nginx'));
}, { timeout: 120_000 });

after(async () => {
  if (nginx) {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
  }
  await stack?.stop();
});

// A second nginx beside the stack's own: its configuration, but for the lines of the listener.
async function startNginx(prefix) {
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-keyout', path.join(prefix, 'tls.key'), '-out', path.join(prefix, 'tls.crt'),
  ], { stdio: 'pipe' });
  ca = fs.readFileSync(path.join(prefix, 'tls.crt'));
  port = await freePort();
  url = `https://localhost:${port}`;
  const plain = fs.readFileSync(path.join(prefix, 'nginx.conf'), 'utf8');
  const secure = plain
    .replace('pid nginx.pid;', 'pid tls.pid;')
    .replace('access_log access.log;', 'access_log tls-access.log;')
    .replace('error_log stderr warn;', 'error_log tls-error.log warn;')
    .replace(/listen 127\.0\.0\.1:\d+[^;]*;/,
      `listen 127.0.0.1:${port} ssl http2; ssl_certificate tls.crt; ssl_certificate_key tls.key;`);
  assert.match(secure, /ssl http2/);
  fs.writeFileSync(path.join(prefix, 'tls.conf'), secure);
  const arguments_ = ['--pdeathsig', 'TERM', 'nginx', '-p', `${prefix}/`, '-c', 'tls.conf'];
  nginx = spawn('setpriv', arguments_, { stdio: ['ignore', 'ignore', 'inherit'] });
  await waitFor(listens, 'nginx on TLS');
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const found = server.address().port;
  server.close();
  await once(server, 'close');
  return found;
}

function listens() {
  return new Promise((resolve) => {
    const probe = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => resolve(true));
    probe.on('secureConnect', () => probe.destroy());
    probe.on('error', () => resolve(false));
  });
}

const say = (client, clientId, message) => client.ask('send-message', { clientId, message, sender: 'client' });

for (const [name, options] of Object.entries(transports)) {
  test(`socket.io-client over TLS, with ${name}, talks`, async () => {
    const clientId = await newSession(stack);
    const socket = io(url, { forceNew: true, ca, ...options });
    const client = { ask: (event, data) => socket.timeout(20_000).emitWithAck(event, data) };
    assert.equal((await client.ask('join', clientId)).status, 'ok');
    const heard = once(socket, 'new-message');
    assert.equal((await say(client, clientId, 'secret')).seq, 1);
    assert.equal((await heard)[0].message, 'secret');
    socket.close();
  });
}

test('a plain WebSocket over TLS talks', async () => {
  const clientId = await newSession(stack);
  const client = await PlainClient.open(stack, { url, ca });
  assert.equal((await client.ask('join', clientId)).status, 'ok');
  assert.equal((await say(client, clientId, 'secret')).seq, 1);
  await waitFor(() => client.heard('new-message').length === 1, 'the message');
  client.close();
});

test('Chromium over TLS and HTTP/2 talks, on polling as on WebSocket', async () => {
  const browser = await Browser.start();
  try {
    for (const options of [{ transports: ['polling'] }, { transports: ['websocket'] }, {}]) {
      const clientId = await newSession(stack);
      const visitor = await browser.visitor(url, options);
      assert.equal((await visitor.ask('join', clientId)).status, 'ok');
      assert.equal((await say(visitor, clientId, 'secret')).seq, 1);
      await waitFor(async () => (await visitor.heard('new-message')).length === 1, 'the message');
      await visitor.close();
    }
  } finally {
    await browser.stop();
  }
});
