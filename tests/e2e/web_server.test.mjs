// What nginx itself answers and passes on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';

let stack;

before(async () => {
  stack = await Stack.start({ wsDaemons: 3 });
}, { timeout: 120_000 });

after(() => stack?.stop());

function isProblem(answer, status, code) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.code, code);
  assert.equal(answer.body.requestId, answer.headers['x-request-id']);
  for (const member of ['type', 'title', 'detail']) assert.equal(typeof answer.body[member], 'string');
}

test('a body that even nginx does not take is refused like one that the program does not take', async () => {
  const sizes = [1_000_001, 1_500_000, 5_000_000];
  for (const size of sizes) {
    const answer = await request(stack, 'POST', '/api/chat/initialize', { body: 'x'.repeat(size) });
    isProblem(answer, 413, 'body_too_large');
  }
});

for (const where of ['/api/chat/history/%zz', '/api/chat/history/a%00b']) {
  test(`${where}, which nginx cannot decode, is a bad request in our form`, async () => {
    isProblem(await request(stack, 'GET', where), 400, 'bad_request');
  });
}

for (const clientId of ['a/b', '..', '../..', 'a//b', 'a%2Fb', 'ä?x=1#y', '.', 'a b+c', '😀'.repeat(128)]) {
  test(`the clientId ${JSON.stringify(clientId.slice(0, 12))} comes through the path unharmed`, async () => {
    await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
    const where = sessionPath('messages', clientId.replaceAll('.', '\u0000')).replaceAll('%00', '%2E');
    const sent = await request(stack, 'POST', where, { body: { message: 'x', sender: 'client' } });
    assert.equal(sent.status, 201, sent.text);
    const sessions = await request(stack, 'GET', '/api/chat/sessions');
    assert.equal(sessions.body.filter((one) => one.clientId === clientId && one.lastMessage).length, 1);
  });
}

test('only /api/chat itself and what is below it belongs to the program', async () => {
  isProblem(await request(stack, 'GET', '/api/chat'), 404, 'not_found');
  isProblem(await request(stack, 'GET', '/api/chat/'), 404, 'not_found');
  const other = await request(stack, 'GET', '/api/chatter');
  assert.equal(other.status, 404);
  assert.equal(other.body, undefined);
});

test('new polling sessions are spread, and each is led back to its daemon by its sid', async () => {
  const names = new Set();
  for (let i = 0; i < 9; i += 1) {
    const opened = await request(stack, 'GET', '/socket.io/?EIO=4&transport=polling');
    assert.equal(opened.status, 200);
    const { sid } = JSON.parse(opened.text.slice(1));
    names.add(sid.split('.')[0]);
    const query = `EIO=4&transport=polling&sid=${encodeURIComponent(sid)}`;
    const headers = { 'Content-Type': 'text/plain' };
    const sent = await request(stack, 'POST', `/socket.io/?${query}`, { body: '40', headers });
    assert.equal(sent.status, 200, sent.text);
    const polled = await request(stack, 'GET', `/socket.io/?${query}`);
    assert.match(polled.text, /^40\{"sid"/);
  }
  assert.deepEqual([...names].sort(), ['a', 'b', 'c']);
});

test('a sid of no daemon is unknown', async () => {
  const answer = await request(stack, 'GET', '/socket.io/?EIO=4&transport=polling&sid=zz.unknown');
  assert.equal(answer.status, 400);
  assert.equal(answer.body.code, 1);
});

test('the request id of an answer is the one in the log of nginx, and hard to guess', async () => {
  const first = await request(stack, 'GET', '/api/chat/sessions');
  const second = await request(stack, 'GET', '/api/chat/sessions');
  assert.match(first.headers['x-request-id'], /^[0-9a-f]{32}$/);
  assert.notEqual(first.headers['x-request-id'], second.headers['x-request-id']);
});

test('twenty initialize at once over twenty connections make one session', async () => {
  const agent = new http.Agent({ maxSockets: 20 });
  const clientId = 'twenty at once';
  const answers = await Promise.all(Array.from({ length: 20 }, () =>
    request(stack, 'POST', '/api/chat/initialize', { body: { clientId }, agent })));
  assert.deepEqual(answers.map((answer) => answer.status), Array(20).fill(200));
  const [[count]] = await stack.sql(`SELECT COUNT(*) FROM session WHERE client_id = '${clientId}'`);
  assert.equal(count, '1');
  agent.destroy();
});

test('the demo page is served', async () => {
  const page = await request(stack, 'GET', '/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.text, /src="\/widget\.js"/);
  assert.match((await request(stack, 'GET', '/socket.io/socket.io.js')).text, /Socket\.IO/);
});

test('the widget is served compressed, to pages of any origin, and the console to none', async () => {
  const headers = { 'Accept-Encoding': 'gzip' };
  const widget = await request(stack, 'GET', '/widget.js', { headers });
  assert.equal(widget.status, 200);
  assert.equal(widget.headers['content-encoding'], 'gzip');
  assert.match(widget.headers['content-type'], /^text\/javascript/);
  assert.equal(widget.headers['access-control-allow-origin'], '*');
  assert.match(widget.headers['cache-control'], /max-age=300\b/);
  const library = await request(stack, 'GET', '/livechat/client/livechat-client.js');
  assert.match(library.text, /\bConversation\b/);
  assert.equal((await request(stack, 'GET', '/livechat/client/types/index.d.ts')).status, 200);
  const moved = await request(stack, 'GET', '/console');
  assert.deepEqual([moved.status, moved.headers.location], [301, '/console/']);
  const console = await request(stack, 'GET', '/console/');
  assert.match(console.headers['content-security-policy'], /script-src 'self';.*frame-ancestors 'none'/);
  assert.equal(console.headers['access-control-allow-origin'], undefined);
});

test('caches in between know both forms of a file, and get the compressed one', async () => {
  const web = path.join(stack.state, 'nginx/web');
  const one = (folder, end) => `/${folder}/${fs.readdirSync(path.join(web, folder)).find((name) => name.endsWith(end))}`;
  for (const where of ['/widget.js', one('livechat', '.js'), '/livechat/client/livechat-client.js', '/console/', one('console/assets', '.js')]) {
    const plain = await request(stack, 'GET', where);
    assert.equal(plain.headers.vary, 'Accept-Encoding', where);
    assert.equal(plain.headers['content-encoding'], undefined, where);
    // As proxies and networks for content say that they stand between.
    const small = await request(stack, 'GET', where, { headers: { 'Accept-Encoding': 'gzip', Via: '1.1 varnish' } });
    assert.equal(small.headers.vary, 'Accept-Encoding', where);
    assert.equal(small.headers['content-encoding'], 'gzip', where);
  }
});

test('a file that is gone is told to pages of any origin, and is not kept', async () => {
  for (const where of ['/livechat/gone-12345678.js', '/livechat/gone.css']) {
    const { status, headers } = await request(stack, 'GET', where);
    assert.equal(status, 404);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(headers['cache-control'], 'no-store');
  }
  assert.equal((await request(stack, 'GET', '/console/assets/gone.js')).headers['cache-control'], 'no-store');
});
