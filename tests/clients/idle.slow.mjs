// Conversations in which nothing is said, with the heartbeat as it is shipped (a ping every 25 s): on every
// transport, through nginx and at the daemon itself, for two pings. All at once, so it takes a minute.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { io } from 'socket.io-client';

import { ExtraDaemon } from '../harness/daemon.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { transports } from './lib/conversation.mjs';
import { PlainClient } from './lib/plain_client.mjs';

const PINGS = 2;
const PATIENCE = 120_000;
let stack;
let daemon;
let urls;

before(async () => {
  stack = await Stack.start();
  daemon = await ExtraDaemon.start(stack, '--name', 'direct');
  urls = { 'through nginx': stack.url, 'at the daemon': daemon.url };
}, { timeout: 120_000 });

after(async () => {
  await daemon?.stop();
  await stack?.stop();
});

function stock(url, options) {
  const heard = [];
  const breaks = [];
  let pings = 0;
  const socket = io(url, { forceNew: true, ...options });
  socket.io.on('ping', () => (pings += 1));
  socket.on('disconnect', (reason) => breaks.push(reason));
  socket.on('connect_error', (error) => breaks.push(error.message));
  socket.on('new-message', (data) => heard.push(data.message));
  return {
    join: (clientId) => socket.timeout(20_000).emitWithAck('join', clientId),
    pings: () => pings,
    breaks: () => breaks,
    heard: () => heard,
    close: () => socket.close(),
  };
}

async function plain(url) {
  const client = await PlainClient.open({ url });
  let pings = 0;
  client.ws.on('ping', () => (pings += 1));
  return {
    join: (clientId) => client.ask('join', clientId),
    pings: () => pings,
    breaks: () => Array(client.connects() - 1).fill('connected again'),
    heard: () => client.heard('new-message').map(({ message }) => message),
    close: () => client.close(),
  };
}

// One request on a connection of its own, as nginx opens one for each poll.
function poll(url, target) {
  return new Promise((resolve, reject) => {
    http.get(url + target, { agent: false }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    }).on('error', reject);
  });
}

test('a silent client is not cut off, whatever its transport', { timeout: 300_000 }, async (t) => {
  const clientId = await newSession(stack);
  const clients = [];
  for (const [where, url] of Object.entries(urls)) {
    for (const [name, options] of Object.entries(transports)) clients.push([`${name}, ${where}`, stock(url, options)]);
    clients.push([`/ws, ${where}`, await plain(url)]);
  }
  t.after(() => clients.forEach(([, client]) => client.close()));
  for (const [name, client] of clients) assert.equal((await client.join(clientId)).status, 'ok', name);
  await waitFor(() => clients.every(([, client]) => client.pings() >= PINGS || client.breaks().length > 0), 'two pings', PATIENCE);
  for (const [name, client] of clients) assert.deepEqual(client.breaks(), [], name);

  await request(stack, 'POST', sessionPath('messages', clientId), { body: { sender: 'client', message: 'still there?' } });
  await waitFor(() => clients.every(([, client]) => client.heard().length > 0), 'the message everywhere');
  for (const [name, client] of clients) assert.deepEqual(client.heard(), ['still there?'], name);
});

test('the first request of a connection may be a poll that waits for its ping', { timeout: 120_000 }, async () => {
  await Promise.all(Object.entries(urls).map(async ([where, url]) => {
    const endpoint = '/socket.io/?EIO=4&transport=polling';
    const { sid } = JSON.parse((await poll(url, endpoint)).body.slice(1));
    assert.deepEqual(await poll(url, `${endpoint}&sid=${sid}`), { status: 200, body: '2' }, where);
  }));
});
