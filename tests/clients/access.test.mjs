// Stock clients where access is by token: in Node and in Chromium, with auth: { token } and with the cookie
// alone.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { io } from 'socket.io-client';

import { Stack, root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { newAgent, newVisitor } from '../security/lib/people.mjs';
import { Browser } from './lib/chromium.mjs';
import { transports } from './lib/conversation.mjs';

let stack;
let page; // the one with a socket that README.md shows

before(async () => {
  stack = await Stack.start({ auth: 'token' });
  const pages = fs.readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```html\n([\s\S]*?)```/g);
  page = [...pages].map(([, text]) => text).find((text) => text.includes('socket.io.js'));
}, { timeout: 120_000 });

after(() => stack?.stop());

// Joins, says something and hears it.
async function talks(socket, clientId) {
  assert.deepEqual(await socket.timeout(20_000).emitWithAck('join', clientId), { status: 'ok', clientId, lastSeq: 0 });
  const heard = once(socket, 'new-message');
  const sent = await socket.timeout(20_000).emitWithAck('send-message', { clientId, message: 'here I am', sender: 'client' });
  assert.equal(sent.status, 'ok', JSON.stringify(sent));
  assert.equal((await heard)[0].message, 'here I am');
}

for (const [name, options] of Object.entries(transports)) {
  describe(`socket.io-client with ${name}`, () => {
    it('talks with auth: { token }', async () => {
      const { token, clientId } = await newVisitor(stack);
      const socket = io(stack.url, { forceNew: true, auth: { token }, ...options });
      await talks(socket, clientId);
      socket.close();
    });

    it('talks with a function for auth', async () => {
      const { token, clientId } = await newVisitor(stack);
      const socket = io(stack.url, { forceNew: true, auth: (give) => give({ token }), ...options });
      await talks(socket, clientId);
      socket.close();
    });

    it('talks with the cookie alone', async () => {
      const { cookie, clientId } = await newVisitor(stack);
      const socket = io(stack.url, { forceNew: true, extraHeaders: { cookie }, ...options });
      await talks(socket, clientId);
      socket.close();
    });

    it('gets connect_error with a message and a code, and may try again with a token', async () => {
      const socket = io(stack.url, { forceNew: true, ...options });
      const [error] = await once(socket, 'connect_error');
      assert.match(error.message, /a token is required/);
      assert.deepEqual(error.data, { code: 'unauthorized' });
      const { token, clientId } = await newVisitor(stack);
      socket.auth = { token };
      socket.connect();
      await talks(socket, clientId);
      socket.close();
    });
  });
}

it('what a visitor opens while connected is theirs at once', async () => {
  const visitor = await newVisitor(stack);
  const socket = io(stack.url, { forceNew: true, auth: { token: visitor.token } });
  await talks(socket, visitor.clientId);
  const clientId = `${visitor.clientId} too`;
  const opened = await fetch(`${stack.url}/api/chat/initialize`, {
    method: 'POST', body: JSON.stringify({ clientId }),
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${visitor.token}` },
  });
  assert.equal(opened.status, 200);
  await talks(socket, clientId);
  socket.close();
});

it('a token that is revoked is told with chat-error, and the client stays away', async () => {
  const agent = await newAgent(stack);
  const socket = io(stack.url, { forceNew: true, auth: { token: agent.token }, reconnectionDelay: 50 });
  await once(socket, 'connect');
  const told = once(socket, 'chat-error');
  const gone = once(socket, 'disconnect');
  await stack.sql(`UPDATE agent SET disabled = 1 WHERE username = '${agent.username}'`);
  assert.equal((await told)[0].code, 'unauthorized');
  assert.equal((await gone)[0], 'io server disconnect');
  assert.equal(socket.active, false);
  socket.close();
});

describe('Chromium', () => {
  let browser;
  before(async () => {
    browser = await Browser.start();
  });
  after(() => browser?.stop());

  // What a page does with a clientId, in the browser; gives what it heard.
  const conversation = (given) => window.fetch('/api/chat/initialize', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ clientId: given.clientId }),
  }).then((answer) => answer.json()).then(({ token }) => new Promise((resolve, reject) => {
    const auth = given.byToken ? { auth: { token } } : {};
    const socket = window.io({ ...given.options, ...auth });
    socket.on('connect_error', (error) => reject(new Error(`${error.message} ${JSON.stringify(error.data)}`)));
    socket.on('new-message', ({ message }) => resolve(message));
    socket.emit('join', given.clientId);
    socket.emit('send-message', { clientId: given.clientId, message: 'from a page', sender: 'client' });
  }));

  for (const [name, options] of Object.entries(transports)) {
    for (const byToken of [false, true]) {
      it(`with ${name} talks ${byToken ? 'with auth: { token }' : 'with the cookie alone'}`, async () => {
        await browser.context.clearCookies();
        const tab = await browser.context.newPage();
        await tab.goto(`${stack.url}/nothing-here`);
        await tab.addScriptTag({ url: `${stack.url}/socket.io/socket.io.js` });
        const clientId = `in ${name} ${byToken}`;
        assert.equal(await tab.evaluate(conversation, { clientId, options, byToken }), 'from a page');
        const [cookie] = await browser.context.cookies();
        assert.equal(cookie.httpOnly, true);
        assert.equal(cookie.sameSite, 'Lax');
        assert.equal(await tab.evaluate(() => document.cookie), '');
        await tab.close();
      });
    }
  }

  it('shows the page of README.md, which talks', async () => {
    const tab = await browser.context.newPage();
    await tab.route('**/hello.html', (route) => route.fulfill({ contentType: 'text/html', body: page }));
    await tab.goto(`${stack.url}/hello.html`);
    // It says so through its own socket, as soon as that is there.
    await waitFor(() => tab.evaluate(() => { try { return socket?.connected; } catch { return false; } }), 'the connection');
    await tab.fill('#text', 'typed by hand');
    await tab.press('#text', 'Enter');
    await waitFor(async () => (await tab.textContent('#log')).includes('client: typed by hand'), 'the message');
    await tab.close();
  });

  it('keeps a page of another site out, although it adds the cookie', async () => {
    const tab = await browser.context.newPage();
    await tab.goto(`${stack.url}/nothing-here`);
    await tab.evaluate(conversation, { clientId: 'to be stolen', options: {}, byToken: false }).catch(() => {});
    // Another port is another origin of the same site: the browser sends the cookie there.
    const other = `http://127.0.0.1:${stack.port === 65535 ? 1 : stack.port + 1}`;
    await tab.route(`${other}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await tab.goto(`${other}/`);
    const outcome = await tab.evaluate(async (url) => {
      const read = await window.fetch(`${url}/api/chat/history/to%20be%20stolen`, { credentials: 'include' }).then(() => 'read', () => 'blocked');
      const poll = await window.fetch(`${url}/socket.io/?EIO=4&transport=polling`, { credentials: 'include' }).then(() => 'read', () => 'blocked');
      const socket = await new Promise((resolve) => {
        const ws = new WebSocket(`${url.replace('http', 'ws')}/ws`);
        ws.onopen = () => resolve('open');
        ws.onerror = () => resolve('blocked');
      });
      return { read, poll, socket };
    }, stack.url);
    assert.deepEqual(outcome, { read: 'blocked', poll: 'blocked', socket: 'blocked' });
    await tab.close();
  });
});
