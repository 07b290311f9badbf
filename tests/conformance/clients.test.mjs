// The stock client on every choice of transports, and programs on the plain WebSocket endpoint.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, describe, it } from 'node:test';

import { io } from 'socket.io-client';

import { againstEcho, openTarget, quick } from './lib/target.mjs';
import { Socket, inTime, within } from './lib/wire.mjs';

let target;
before(async () => { target = await openTarget('socket.io'); });
after(() => target.stop());

// A client that a failed test leaves behind would come back for ever, and keep this process.
const clients = [];
afterEach(() => clients.splice(0).forEach((socket) => socket.disconnect()));

function connect(options = {}) {
  const socket = io(target.url.href, {
    forceNew: true,
    auth: target.auth ? JSON.parse(target.auth) : {},
    ...options,
  });
  clients.push(socket);
  return socket;
}

const choices = {
  'default transports': {},
  'polling only': { transports: ['polling'] },
  'websocket only': { transports: ['websocket'] },
  'websocket first': { transports: ['websocket', 'polling'] },
};

for (const [name, options] of Object.entries(choices)) {
  describe(`socket.io-client, ${name}`, () => {
    it('connects and is told of an unknown namespace', async () => {
      const socket = connect(options);
      await within(5000, once(socket, 'connect'), 'connect');
      const stranger = io(new URL('/random', target.url).href, { forceNew: true, ...options });
      clients.push(stranger);
      const [error] = await once(stranger, 'connect_error');
      assert.equal(error.message, 'Invalid namespace');
      stranger.disconnect();
      socket.disconnect();
    });

    if (quick) {
      it('stays through many heartbeats', () => inTime(async () => {
        const socket = connect(options);
        await within(5000, once(socket, 'connect'), 'connect');
        let pings = 0;
        const end = await within(5000, new Promise((resolve) => {
          socket.on('disconnect', resolve);
          socket.io.on('ping', () => { if (++pings === 4) resolve('stayed'); });
        }), '4 pings');
        socket.off('disconnect');
        socket.disconnect();
        // Each side counts by its own clock: it leaves as well when the machine has held up the other one.
        if (['ping timeout', 'transport close', 'transport error'].includes(end)) return false;
        assert.equal(end, 'stayed');
        return true;
      }));
    }

    if (!againstEcho) return;

    it('sends and hears everything in order while it upgrades', async () => {
      const socket = connect(options);
      const heard = [];
      socket.on('message-back', (n) => heard.push(n));
      for (let i = 0; i < 1000; ++i) {
        socket.emit('message', i);
        if (i % 10 === 0) await new Promise(setImmediate);
      }
      // What was sent before a new connection is not echoed on it.
      const lost = new Promise((_, reject) => {
        socket.on('disconnect', (reason) => reject(new Error(`disconnected: ${reason}`)));
      });
      await within(10000, Promise.race([lost, (async () => {
        while (heard.length < 1000) await once(socket, 'message-back');
      })()]), 'echoes');
      socket.off('disconnect');
      assert.deepEqual(heard, Array.from({ length: 1000 }, (_, i) => i));
      socket.disconnect();
    });

    it('sends binary, asks for acknowledgements and gives them', async () => {
      const socket = connect(options);
      const data = { a: Buffer.from([1, 2, 3]), b: ['é', Buffer.alloc(0)] };
      assert.deepEqual(await socket.timeout(5000).emitWithAck('message-with-ack', data), data);
      socket.on('question', (text, answer) => answer(`${text}!`));
      socket.emit('ask-me', 'really');
      const [answer] = await within(5000, once(socket, 'answered'), 'answer');
      assert.equal(answer, 'really!');
      socket.disconnect();
    });

    it('comes back when the server closes the connection, not when it is sent away', async () => {
      const socket = connect({ ...options, reconnectionDelay: 10, reconnectionDelayMax: 20 });
      await once(socket, 'connect');
      const first = socket.id;
      socket.emit('leave-me', true);
      await within(5000, once(socket, 'disconnect'), 'disconnect');
      await within(5000, once(socket, 'connect'), 'reconnect');
      assert.notEqual(socket.id, first);
      socket.emit('leave-me');
      const [reason] = await within(5000, once(socket, 'disconnect'), 'disconnect');
      assert.equal(reason, 'io server disconnect');
      assert.equal(socket.active, false);
      socket.disconnect();
    });
  });
}

describe('plain WebSocket', () => {
  const url = () => `ws://${target.url.host}/ws`;

  it('is opened with its subprotocol, and refused with another', async () => {
    const ws = await Socket.open(url(), { protocols: ['livechat.v1.json'] });
    assert.equal(ws.ws.protocol, 'livechat.v1.json');
    await ws.end();
    assert.equal((await new Socket(url(), { protocols: ['mqtt'] }).refused).status, 400);
  });

  if (againstEcho) {
    it('carries events and acknowledgements as JSON arrays', async () => {
      const ws = await Socket.open(url(), { protocols: ['livechat.v1.json'] });
      ws.send('["message",{"a":[1,"é"]}]');
      assert.equal(await ws.next(), '["auth",{}]');
      assert.equal(await ws.next(), '["message-back",{"a":[1,"é"]}]');
      ws.send('["message-with-ack",{"z":1},7]');
      assert.equal(await ws.next(), '["ack",7,{"z":1}]');
      ws.send('["message"]');
      assert.equal(await ws.next(), '["message-back",null]');
      await ws.end();
    });

    it('takes events in the same segment as the request', async () => {
      const ws = new Socket(url(), { protocols: ['livechat.v1.json'] });
      ws.ws.on('open', () => ws.send('["message",1]'));
      assert.equal(await ws.next(), '["auth",{}]');
      assert.equal(await ws.next(), '["message-back",1]');
      await ws.end();
    });

    it('passes the bearer token on', async () => {
      const ws = await Socket.open(url(), { headers: { authorization: 'Bearer abc' } });
      assert.equal(await ws.next(), '["auth",{"token":"abc"}]');
      await ws.end();
    });

    it('takes the token in its first frame, and acknowledges it', async () => {
      const ws = await Socket.open(url());
      ws.send('["auth",{"token":"abc"},3]');
      assert.equal(await ws.next(), '["ack",3,{"status":"ok"}]');
      assert.equal(await ws.next(), '["auth",{"token":"abc"}]');
      await ws.end();
    });

    it('is closed when its first frame does not come', async () => {
      const ws = await Socket.open(url());
      assert.equal((await within(5000, ws.closed, 'close')).reason, 'connect_timeout');
    });
  }

  if (quick) {
    it('is closed when it answers no ping', async () => {
      const ws = await Socket.open(url(), { autoPong: false });
      assert.equal((await within(5000, ws.closed, 'close')).reason, 'ping_timeout');
    });
  }

  for (const [name, data, code] of [
    ['text that is no JSON', 'hello', 1007], ['an object', '{}', 1007], ['an empty array', '[]', 1007],
    ['no name', '[1]', 1007], ['an ack number that is none', '["message",1,"2"]', 1007],
    ['too many elements', '["message",1,2,3]', 1007], ['binary', Buffer.from('["message",1]'), 1003],
  ]) {
    it(`is closed with ${code} on ${name}`, async () => {
      const ws = await Socket.open(url());
      ws.send(data);
      assert.equal((await within(5000, ws.closed, 'close')).code, code);
    });
  }
});

if (againstEcho) {
  describe('stopping', () => {
    it('tells clients on every transport, so that they come back, and ends in time', async () => {
      const own = await openTarget('socket.io');
      const sockets = [['polling'], ['websocket']].map((transports) =>
        io(own.url.href, { forceNew: true, transports, reconnection: false }));
      clients.push(...sockets);
      const connected = Promise.all(sockets.map((socket) => once(socket, 'connect')));
      const plain = await Socket.open(`ws://${own.url.host}/ws`);
      await within(5000, connected, 'connect');
      const told = Promise.all(sockets.map((socket) => once(socket, 'disconnect')));
      const start = performance.now();
      await own.stop();
      assert.deepEqual((await within(5000, told, 'disconnect')).map(([reason]) => reason), ['transport error', 'transport close']);
      assert.equal((await plain.closed).code, 1001);
      assert.ok(performance.now() - start < 1500);
    });
  });
}
