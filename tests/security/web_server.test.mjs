// The shipped nginx configuration: TLS, headers, limits, proxies in front, and workers that die.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, describe, it } from 'node:test';

import { io } from 'socket.io-client';
import WebSocket from 'ws';

import { addAgent, kPassword } from '../harness/access.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { SqlSession } from '../harness/sql.mjs';
import { Stack, root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

let stack;
const others = [];

before(async () => {
  stack = await Stack.start({ fcgiWorkers: 1 });
  await addAgent((text) => stack.sql(text), 'ann');
}, { timeout: 120_000 });

after(async () => {
  for (const { nginx, exited } of others) {
    nginx.kill('SIGTERM');
    await exited;
  }
  await stack?.stop();
});

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// Another nginx before the same programs, below the stack's nginx folder. change: the text of nginx.conf.
async function startNginx(name, options, change) {
  const prefix = path.join(stack.state, name);
  fs.cpSync(path.join(stack.state, 'nginx'), prefix, { recursive: true, filter: (file) => !/\.(pid|log)$/.test(file) });
  execFileSync(path.join(root, 'scripts/nginx-conf'), [
    '--into', prefix, '--fcgi', `unix:${stack.sockets}/fcgi.sock`, '--wsd', `a=unix:${stack.sockets}/wsd-a.sock`, ...options,
  ]);
  const port = await freePort();
  const text = change(fs.readFileSync(path.join(prefix, 'nginx.conf'), 'utf8'), port, prefix);
  fs.writeFileSync(path.join(prefix, 'nginx.conf'), text.replace('error_log stderr warn;', 'error_log error.log warn;'));
  const nginx = spawn('setpriv', ['--pdeathsig', 'TERM', 'nginx', '-p', `${prefix}/`, '-c', 'nginx.conf'], { stdio: ['ignore', 'ignore', 'inherit'] });
  others.push({ nginx, exited: once(nginx, 'exit') });
  await waitFor(() => new Promise((resolve, reject) => {
    if (nginx.exitCode !== null) reject(new Error(`nginx ended with ${nginx.exitCode}`));
    const probe = net.connect(port, '127.0.0.1', () => resolve(true) ?? probe.destroy());
    probe.on('error', () => resolve(false));
  }), 'nginx');
  return { port, prefix, url: `http://127.0.0.1:${port}` };
}

const login = (at, options) =>
  request(at, 'POST', '/api/chat/login', { body: { username: 'ann', password: kPassword }, ...options });

const onPort = (text, port) => text.replace(/listen 127\.0\.0\.1:\d+/, `listen 127.0.0.1:${port}`);

it('says no version, and what makes browsers careful', async () => {
  for (const where of ['/api/chat/sessions', '/api/chat/nothing', '/socket.io/?EIO=4&transport=none', '/ws', '/api/chat/%zz']) {
    const { headers } = await request(stack, 'GET', where);
    assert.equal(headers.server, 'nginx', where);
    assert.equal(headers['x-content-type-options'], 'nosniff', where);
    assert.equal(headers['x-frame-options'], 'SAMEORIGIN', where);
    assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin', where);
    assert.equal(headers['strict-transport-security'], undefined, where);
    assert.equal(headers['cache-control'], 'no-store', where);
  }
});

it('answers what it refuses by itself as the program would', async () => {
  const large = (size) => 'x'.repeat(size);
  for (const [method, where, headers, status, code] of [
    ['GET', '/api/chat/%zz', {}, 400, 'bad_request'],
    ['GET', '/api/chat/sessions', { Cookie: `other=${'c'.repeat(40_000)}` }, 431, 'headers_too_large'],
    ['GET', `/api/chat/${large(40_000)}`, {}, 414, 'uri_too_long'],
    ['TRACE', '/api/chat/sessions', {}, 405, 'method_not_allowed'],
    ['GET', '/api/chat/sessions', { 'Transfer-Encoding': 'nonsense' }, 501, 'not_implemented'],
    ['POST', '/api/chat/initialize', { 'Content-Length': '9999999999' }, 413, 'body_too_large'],
    ['POST', '/socket.io/?EIO=4&transport=polling', { 'Content-Length': '1048577' }, 413, 'body_too_large'],
  ]) {
    const answer = await request(stack, method, where, { headers, agent: new http.Agent() });
    assert.equal(answer.status, status, where.slice(0, 40));
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.body.code, code);
    assert.equal(answer.body.requestId, answer.headers['x-request-id']);
  }
});

it('takes the cookies of a whole site', async () => {
  const cookie = Array.from({ length: 7 }, (_, i) => `site${i}=${'c'.repeat(4000)}`).join('; ');
  const { status } = await request(stack, 'GET', '/api/chat/nothing', { headers: { cookie } });
  assert.equal(status, 404);
});

it('writes no query string into its log', async () => {
  await request(stack, 'GET', '/socket.io/?EIO=4&transport=polling&sid=a.knowing-this-is-having-the-session');
  const log = () => fs.readFileSync(path.join(stack.state, 'nginx/access.log'), 'utf8');
  await waitFor(() => log().includes('"GET /socket.io/ HTTP/1.1" 400'), 'the line');
  assert.ok(!log().includes('knowing-this'));
});

it('forges no line of its error log for who asks for a name with line breaks', async () => {
  for (const where of ['/', '/x', '/console/', '/console/assets/', '/livechat/', '/livechat/client/', '/demo/', '/socket.io/', '/widget.js', '/hello.html']) {
    for (const end of ['', '/', '.html', '.js']) {
      const { status } = await request(stack, 'GET', `${where}%0d%0aforged: a line${end}`.replaceAll(' ', '%20'));
      assert.ok(status === 404 || status === 400, `${where}: ${status}`);
    }
  }
  assert.doesNotMatch(stack.log('nginx'), /^forged/m);
});

describe('addresses', () => {
  // Many requests at once, of an address that a proxy in front tells.
  const flood = async (at, address, where, count = 400) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
    const answers = await Promise.all(Array.from({ length: count }, () =>
      request(at, 'GET', where, { agent, headers: { 'X-Forwarded-For': address } })));
    agent.destroy();
    return answers;
  };

  it('that strangers claim to have are not believed', async () => {
    const answers = await flood(stack, '203.0.113.5', '/api/chat/nothing');
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [404]);
    const log = fs.readFileSync(path.join(stack.state, 'nginx/access.log'), 'utf8');
    assert.ok(!log.includes('203.0.113.5'));
  });

  let behind;
  before(async () => {
    behind = await startNginx('behind', ['--trusted-proxy', '127.0.0.1'], onPort);
  });

  it('behind a trusted proxy are told apart, and each gets 429 when it asks too often', async () => {
    for (const where of ['/api/chat/nothing', '/socket.io/?EIO=4&transport=none']) {
      const address = where.includes('api') ? '203.0.113.6' : '203.0.113.7';
      const refused = (await flood(behind, address, where)).filter(({ status }) => status === 429);
      assert.ok(refused.length > 100, `${refused.length} refused`);
      assert.equal(refused[0].headers['content-type'], 'application/problem+json');
      assert.equal(refused[0].headers['retry-after'], '1');
      assert.equal(refused[0].body.code, 'rate_limited');
    }
    const [other] = await flood(behind, '203.0.113.8', '/api/chat/nothing', 1);
    assert.equal(other.status, 404);
    // The nearest proxy's word counts, not what the client has put before it.
    await flood(behind, '203.0.113.8, 203.0.113.9', '/api/chat/nothing', 1);
    const log = () => fs.readFileSync(path.join(behind.prefix, 'access.log'), 'utf8').trimEnd().split('\n').at(-1);
    await waitFor(() => log().startsWith('203.0.113.9 '), log);
  });

  it('of one IPv6 network of 64 bits are one, however they are written', async () => {
    for (const [net, written, beside] of [
      ['a network without zeros', (i) => `2001:db8:1:2:${i.toString(16)}::1`, '2001:db8:1:3::1'],
      ['one that ends with zeros', (i) => `2001:db8:5::${i.toString(16)}`, '2001:db8:5:1::1'],
      ['the same, with all its groups', (i) => `2001:db8:6:0:1:2:3:${i.toString(16)}`, '2001:db8:6:1:1:2:3:4'],
    ]) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => flood(behind, written(i + 1), '/api/chat/nothing', 20)));
      const refused = answers.flat().filter(({ status }) => status === 429).length;
      assert.ok(refused > 100, `${net}: ${refused} refused`);
      const [other] = await flood(behind, beside, '/api/chat/nothing', 1);
      assert.equal(other.status, 404, beside);
    }
  });

  it('of one IPv6 network of 48 bits have a limit together', async () => {
    const nets = Array.from({ length: 40 }, (_, i) => `2001:db8:9:${(i + 1).toString(16)}::1`);
    const answers = (await Promise.all(nets.map((address) => flood(behind, address, '/api/chat/nothing', 100)))).flat();
    const refused = answers.filter(({ status }) => status === 429).length;
    assert.ok(refused > 200, `${refused} refused of ${answers.length}, each network within its own limit`);
    const [other] = await flood(behind, '2001:db8:a::1', '/api/chat/nothing', 1);
    assert.equal(other.status, 404);
  });

  it('of an IPv6 network with its zeros in front are one as well', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => flood(behind, `2001::a:1:2:3:${i + 1}`, '/api/chat/nothing', 20)));
    assert.ok(answers.flat().filter(({ status }) => status === 429).length > 100);
  });

  it('that are refused cost the error log nothing', async () => {
    const log = path.join(behind.prefix, 'error.log');
    const size = () => fs.statSync(log).size;
    const before_ = size();
    const long = 'y'.repeat(1500);
    let refused = 0;
    while (refused < 1000) {
      const answers = await flood(behind, '203.0.113.20', `/socket.io/?EIO=4&transport=none&x=${long}`, 800);
      refused += answers.filter(({ status }) => status === 429).length;
    }
    // Nor does a body that is too large, which nginx would refuse before any limit counts it.
    const agent = new http.Agent();
    for (let i = 0; i < 100; i += 1) {
      const answer = await request(behind, 'POST', `/api/chat/initialize?x=${long}`, { agent, headers: { 'Content-Length': '5000000' } });
      assert.equal(answer.status, 413);
    }
    assert.equal(size() - before_, 0, fs.readFileSync(log, 'utf8').slice(before_, before_ + 500));
  });

  it('are said by the header that the proxy uses, or by none', async () => {
    const line = async (at, headers) => {
      await request(at, 'GET', '/api/chat/nothing', { headers });
      const last = () => fs.readFileSync(path.join(at.prefix, 'access.log'), 'utf8').trimEnd().split('\n').at(-1);
      await waitFor(() => / 404 /.test(last()), last);
      return last();
    };
    const cloud = await startNginx('cloud', ['--trusted-proxy', '127.0.0.1', '--client-address-header', 'CF-Connecting-IP'], onPort);
    const headers = { 'CF-Connecting-IP': '203.0.113.30', 'X-Forwarded-For': '203.0.113.31' };
    assert.match(await line(cloud, headers), /^203\.0\.113\.30 /);
    const site = await startNginx('itself', ['--trusted-proxy', '127.0.0.1', '--client-address-header', 'none'], (text, port) =>
      onPort(text, port).replace('server {', 'set_real_ip_from 127.0.0.1; real_ip_header X-Client;\n    server {'));
    assert.match(await line(site, { ...headers, 'X-Client': '203.0.113.32' }), /^203\.0\.113\.32 /);
    const kept = await startNginx('snippet', ['--trusted-proxy', '127.0.0.1'], (text, port) =>
      onPort(text, port).replace('server {', 'set_real_ip_from 127.0.0.1; real_ip_header CF-Connecting-IP;\n    server {'));
    assert.match(await line(kept, headers), /^203\.0\.113\.30 /, 'what the site says of its proxies goes first');
  });

  it('of other parts of the site are as they were', async () => {
    const shared = await startNginx('shared', ['--trusted-proxy', '127.0.0.1'], (text, port) => onPort(text, port)
      .replace('server {', "log_format plain '$remote_addr';\n    server {\n        location = /shop { access_log shop.log plain; return 204; }"));
    const { status } = await request(shared, 'GET', '/shop', { headers: { 'X-Forwarded-For': '203.0.113.40' } });
    assert.equal(status, 204);
    const log = () => fs.readFileSync(path.join(shared.prefix, 'shop.log'), 'utf8');
    await waitFor(() => log() !== '', 'the line');
    assert.equal(log(), '127.0.0.1\n');
  });

  it('are believed of a proxy that comes by a unix socket, or by the PROXY protocol', async () => {
    const socket = path.join(stack.sockets, 'front.sock');
    const local = await startNginx('local', ['--trusted-proxy', 'unix:'], (text, port) =>
      onPort(text, port).replace('server_name localhost;', `listen unix:${socket};\n        server_name localhost;`));
    const answer = await new Promise((resolve, reject) => {
      http.get({ socketPath: socket, path: '/api/chat/nothing', headers: { 'X-Forwarded-For': '203.0.113.50', 'X-Forwarded-Proto': 'https' } }, resolve)
        .on('error', reject);
    });
    answer.resume();
    assert.equal(answer.headers['strict-transport-security'], 'max-age=63072000');
    const last = (at) => fs.readFileSync(path.join(at.prefix, 'access.log'), 'utf8').trimEnd().split('\n').at(-1);
    await waitFor(() => last(local).startsWith('203.0.113.50 '), () => last(local));

    const balanced = await startNginx('balanced', ['--trusted-proxy', '127.0.0.1', '--client-address-header', 'proxy_protocol'],
      (text, port) => onPort(text, port).replace(/(listen 127\.0\.0\.1:\d+)/, '$1 proxy_protocol'));
    const raw = net.connect(balanced.port, '127.0.0.1');
    raw.end('PROXY TCP4 203.0.113.51 127.0.0.1 1 2\r\nGET /api/chat/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    raw.resume();
    await once(raw, 'close');
    await waitFor(() => last(balanced).startsWith('203.0.113.51 '), () => last(balanced));
  });

  it('may have other limits', async () => {
    const strict = await startNginx('strict', ['--trusted-proxy', '127.0.0.1', '--requests-per-second', '1', '--connections-per-address', '3'], onPort);
    const refused = (await flood(strict, '203.0.113.60', '/api/chat/nothing', 60)).filter(({ status }) => status === 429).length;
    assert.ok(refused > 40, `${refused} refused`);
    const sockets = Array.from({ length: 6 }, () => new WebSocket(`ws://127.0.0.1:${strict.port}/ws`, { headers: { 'X-Forwarded-For': '203.0.113.61' } }));
    const codes = await Promise.all(sockets.map((socket) => new Promise((resolve) => {
      socket.on('open', () => resolve(101)).on('unexpected-response', (_, { statusCode }) => resolve(statusCode)).on('error', () => {});
    })));
    for (const socket of sockets) socket.terminate();
    assert.deepEqual([codes.filter((code) => code === 101).length, codes.filter((code) => code === 429).length], [3, 3]);
  });

  it('behind a trusted proxy that ends TLS get answers for https', async () => {
    const ask = (at) => request(at, 'GET', '/api/chat/nothing', { headers: { 'X-Forwarded-Proto': 'https' } });
    assert.equal((await ask(behind)).headers['strict-transport-security'], 'max-age=63072000');
    assert.equal((await ask(stack)).headers['strict-transport-security'], undefined);
    // Only a trusted proxy's word makes a cookie one for https.
    const headers = { 'X-Forwarded-Proto': 'https' };
    assert.match((await login(behind, { headers })).headers['set-cookie'][0], /^__Host-livechat_agent=.*; HttpOnly; SameSite=Lax; Secure$/);
    assert.match((await login(stack, { headers })).headers['set-cookie'][0], /^livechat_agent=.*; HttpOnly; SameSite=Lax$/);
  });
});

describe('the shipped site', () => {
  let site;
  let ca;

  before(async () => {
    site = await startNginx('site', [], (_, port, prefix) => {
      execFileSync('openssl', [
        'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=localhost',
        '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', path.join(prefix, 'tls.key'), '-out', path.join(prefix, 'tls.crt'),
      ], { stdio: 'pipe' });
      ca = fs.readFileSync(path.join(prefix, 'tls.crt'));
      const example = fs.readFileSync(path.join(root, 'nginx/site.conf.example'), 'utf8')
        .replace(/\/etc\/letsencrypt\/live\/\S+\/fullchain\.pem/, 'tls.crt').replace(/\/etc\/letsencrypt\/live\/\S+\/privkey\.pem/, 'tls.key')
        .replace('listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`).replaceAll(/ *listen \[::\]:\d+[^;]*;\n/g, '')
        .replace('/usr/share/livechat/web', `"${web()}"`).replaceAll('/var/log/nginx/', '').replaceAll('chat.example.org', 'localhost');
      const user = process.getuid() === 0 ? 'user root root;' : '';
      return `daemon off; pid nginx.pid; ${user} error_log stderr warn; events {} http {\ninclude livechat-http.conf;\n${example}\n}`;
    });
  });

  // What the build made for browsers.
  const web = () => fs.realpathSync(path.join(stack.state, 'nginx/web'));

  const secure = (where, options = {}) => new Promise((resolve, reject) => {
    https.get({ host: '127.0.0.1', servername: 'localhost', port: site.port, path: where, ca, headers: { host: `localhost:${site.port}` }, ...options }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
    }).on('error', reject);
  });

  it('is served over TLS, with HSTS', async () => {
    const page = fs.readdirSync(path.join(web(), 'console/assets')).find((name) => name.endsWith('.js'));
    for (const where of ['/api/chat/sessions', '/socket.io/?EIO=4&transport=polling', '/widget.js', '/livechat/client/livechat-client.js', '/console/', `/console/assets/${page}`]) {
      const { rawHeaders, headers, statusCode } = await secure(where);
      assert.equal(statusCode, 200, where);
      assert.equal(headers['strict-transport-security'], 'max-age=63072000', where);
      assert.equal(headers['x-content-type-options'], 'nosniff', where);
      assert.equal(headers.server, 'nginx', where);
      const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
      assert.deepEqual(names, [...new Set(names)], `${where}: a header twice`);
    }
  });

  it('leads to the console wherever the site is', async () => {
    const { headers, statusCode } = await secure('/console', { headers: { host: 'evil.example' } });
    assert.equal(statusCode, 301);
    assert.equal(headers.location, '/console/');
  });

  it('speaks no TLS of yesterday, and no cipher without forward secrecy', async () => {
    const connects = (options) => new Promise((resolve) => {
      const socket = tls.connect({ host: '127.0.0.1', servername: 'localhost', port: site.port, ca, ...options }, () => {
        resolve(socket.getCipher().name);
        socket.destroy();
      });
      socket.on('error', () => resolve(false));
    });
    assert.ok(await connects({ maxVersion: 'TLSv1.3', minVersion: 'TLSv1.3' }));
    assert.match(await connects({ maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' }), /^ECDHE/);
    assert.equal(await connects({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }), false);
    assert.equal(await connects({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES256-GCM-SHA384' }), false);
  });

  it('lets pages of its own in, and no page of http', async () => {
    const own = `https://localhost:${site.port}`;
    const socket = io(own, { forceNew: true, ca, extraHeaders: { origin: own } });
    await once(socket, 'connect');
    socket.close();
    const poll = '/socket.io/?EIO=4&transport=polling';
    const from = async (origin) => (await secure(poll, { headers: { host: `localhost:${site.port}`, origin } })).statusCode;
    assert.equal(await from(own), 200);
    assert.equal(await from(own.replace('https', 'http')), 403);
  });
});

it('serves a page that was open during an upgrade the files of the version before', async () => {
  const former = path.join(stack.state, 'former');
  for (const file of ['livechat/panel-00000000.js', 'console/assets/index-00000000.js']) {
    fs.mkdirSync(path.dirname(path.join(former, file)), { recursive: true });
    fs.writeFileSync(path.join(former, file), `// ${file}`);
  }
  const upgraded = await startNginx('upgraded', ['--former-web', former], onPort);
  for (const file of ['livechat/panel-00000000.js', 'console/assets/index-00000000.js']) {
    const { status, text, headers } = await request(upgraded, 'GET', `/${file}`);
    assert.equal(status, 200, file);
    assert.equal(text, `// ${file}`);
    assert.match(headers['content-type'], /^text\/javascript/);
    assert.match(headers['cache-control'], /immutable/);
  }
  assert.equal((await request(upgraded, 'GET', '/livechat/../livechat/panel-11111111.js')).status, 404);
});

describe('the shipped site of port 80', () => {
  let site;
  const get = (where, host = 'chat.example.org') => request(site, 'GET', where, { headers: { host } });

  before(async () => {
    // Before there is any certificate.
    site = await startNginx('port80', [], (_, port, prefix) => {
      const proofs = path.join(prefix, 'html/.well-known/acme-challenge');
      fs.mkdirSync(proofs, { recursive: true });
      fs.writeFileSync(path.join(proofs, 'a-proof'), 'proven');
      const example = fs.readFileSync(path.join(root, 'nginx/port80.conf.example'), 'utf8')
        .replace('listen 80;', `listen 127.0.0.1:${port};`).replace(/ *listen \[::\]:80;\n/, '')
        .replace('/var/www/html;', `"${prefix}/html";`).replaceAll('/var/log/nginx/', '');
      const user = process.getuid() === 0 ? 'user root root;' : '';
      return `daemon off; pid nginx.pid; ${user} error_log stderr warn; events {} http {\ninclude livechat-http.conf;\n${example}\n}`;
    });
  });

  it('sends http to https, at its own name', async () => {
    for (const host of ['chat.example.org', 'evil.example']) {
      const { status, headers } = await get('/some/page?x=1', host);
      assert.equal(status, 301);
      assert.equal(headers.location, 'https://chat.example.org/some/page?x=1');
    }
  });

  it('shows the proofs for a certificate, and there is no way around them', async () => {
    const shown = await get('/.well-known/acme-challenge/a-proof');
    assert.equal(shown.status, 200);
    assert.equal(shown.text, 'proven');
    assert.equal((await get('/.well-known/acme-challenge/another')).status, 404);
  });
});

describe('a worker that dies in the middle of a request', () => {
  // A request that waits for the table, and the worker that serves it.
  async function killedWhile(method, where, body) {
    const clientId = await newSession(stack);
    const lock = new SqlSession(stack.admin);
    await lock.run('LOCK TABLES session WRITE, message WRITE, notification WRITE');
    const answer = request(stack, method, sessionPath(where, clientId), { body });
    answer.catch(() => {});
    const waits = async () => Number((await stack.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"))[0][0]) > 0;
    await waitFor(waits, 'the request to wait');
    const before_ = stack.children('fcgi');
    for (const pid of before_) process.kill(pid, 'SIGKILL');
    await waitFor(() => stack.children('fcgi').some((pid) => !before_.includes(pid)), 'a new worker');
    await lock.run('UNLOCK TABLES');
    await lock.end();
    return answer;
  }

  it('is no matter to a GET or PUT, which is asked again', async () => {
    assert.equal((await killedWhile('GET', 'history')).status, 200);
    assert.equal((await killedWhile('PUT', 'read', { sender: 'client' })).status, 200);
  });

  it('is told to who sent a POST, which might have been done', async () => {
    const answer = await killedWhile('POST', 'messages', { sender: 'client', message: 'x' });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '1');
    assert.equal(answer.body.code, 'unavailable');
  });
});
