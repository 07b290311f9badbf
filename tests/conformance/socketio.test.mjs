// Socket.IO v5 inside Engine.IO messages (docs/protocol.md, "Socket.IO").
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { againstEcho, connectTimeout, openTarget, quick } from './lib/target.mjs';
import { Polling, Socket, sleep } from './lib/wire.mjs';

let target;
before(async () => { target = await openTarget('socket.io'); });
after(() => target.stop());

// A WebSocket of an opened session, not connected to any namespace.
async function open() {
  const ws = await Socket.open(target.ws());
  ws.sid = JSON.parse((await ws.next()).slice(1)).sid;
  return ws;
}

// Connected to "/" (and past sio-echo's `auth` event).
async function connected() {
  const ws = await open();
  ws.send(`40${target.auth}`);
  const answer = await ws.next();
  assert.match(answer, /^40\{"sid":"[^"]+"/);
  if (target.echo) assert.equal(await ws.next(), '42["auth",{}]');
  return ws;
}

describe('CONNECT', () => {
  it('is answered by a sid of its own', async () => {
    const ws = await open();
    ws.send(`40${target.auth}`);
    const { sid } = JSON.parse((await ws.next()).slice(2));
    assert.equal(typeof sid, 'string');
    assert.notEqual(sid, ws.sid);
    await ws.end();
  });

  it('to an unknown namespace is refused, and the connection stays', async () => {
    const ws = await open();
    ws.send('40/random').send('40/random,').send(`40${target.auth}`);
    assert.equal(await ws.next(), '44/random,{"message":"Invalid namespace"}');
    assert.equal(await ws.next(), '44/random,{"message":"Invalid namespace"}');
    assert.match(await ws.next(), /^40\{/);
    await ws.end();
  });

  if (againstEcho) {
    for (const text of ['40/custom', '40/custom,', '40/custom,{"token":"123"}']) {
      it(`${text} joins the namespace`, async () => {
        const ws = await open();
        ws.send(text);
        assert.match(await ws.next(), /^40\/custom,\{"sid":"[^"]+"\}$/);
        assert.equal(await ws.next(), `42/custom,["auth",${text.split(',')[1] || '{}'}]`);
        await ws.end();
      });
    }

    it('hands over its payload, keys in their order', async () => {
      const ws = await open();
      ws.send('40{"z":1,"a":{"y":2,"b":[3]}}');
      await ws.next();
      assert.equal(await ws.next(), '42["auth",{"z":1,"a":{"y":2,"b":[3]}}]');
      await ws.end();
    });

    it('over polling works the same', async () => {
      const session = await Polling.open(target);
      assert.equal((await session.post('40')).body, 'ok');
      const packets = (await session.poll()).body.split('\x1e');
      assert.match(packets[0], /^40\{"sid"/);
      assert.equal(packets[1], '42["auth",{}]');
      await session.leave();
    });
  }

  if (quick) {
    it('must come within connectTimeout; one to an unknown namespace does not count', async () => {
      const start = performance.now();
      const silent = await open();
      const lost = await open();
      lost.send('40/random');
      assert.match(await lost.next(), /^44/);
      const pings = (ws) => ws.ws.on('message', (data) => data.toString() === '2' && ws.send('3'));
      pings(silent);
      pings(lost);
      await Promise.all([silent.closed, lost.closed]);
      const took = performance.now() - start;
      assert.ok(took > connectTimeout - 100 && took < connectTimeout + 2000, `${took}`);
    });
  }
});

if (againstEcho) {
  describe('events', () => {
    const events = [
      ['42["message"]', '42["message-back"]'],
      ['42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
      ['42["message",null,{"z":0,"a":1}]', '42["message-back",null,{"z":0,"a":1}]'],
      ['42["message","\\ud83d\\ude00"]', '42["message-back","😀"]'],
      ['42["message","\\ud83d","\\ude00x","\\\\ud83d"]', '42["message-back","\ufffd","\ufffdx","\\\\ud83d"]'],
      ['42["message","\\u0000\\u001e"]', '42["message-back","\\u0000\\u001e"]'],
      ['42456["message-with-ack",1,"2"]', '43456[1,"2"]'],
      ['420["message-with-ack"]', '430[]'],
      ['429007199254740991["message-with-ack",0]', '439007199254740991[0]'],
    ];
    for (const [text, answer] of events) {
      it(`${text} is answered`, async () => {
        const ws = await connected();
        ws.send(text);
        assert.equal(await ws.next(), answer);
        await ws.end();
      });
    }

    it('carry attachments both ways', async () => {
      const ws = await connected();
      ws.send('452-["message",{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}}]');
      ws.send(Buffer.from([1, 2, 3])).send(Buffer.from([4]));
      assert.equal(await ws.next(),
        '452-["message-back",{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}}]');
      assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3]));
      assert.deepEqual(await ws.next(), Buffer.from([4]));
      ws.send('451-789["message-with-ack",{"_placeholder":true,"num":0}]').send(Buffer.from([9]));
      assert.equal(await ws.next(), '461-789[{"_placeholder":true,"num":0}]');
      assert.deepEqual(await ws.next(), Buffer.from([9]));
      await ws.end();
    });

    it('carry attachments over polling', async () => {
      const session = await Polling.open(target);
      await session.post('40');
      await session.poll();
      await session.post('451-["message",{"_placeholder":true,"num":0}]\x1ebAQID');
      assert.equal((await session.poll()).body,
        '451-["message-back",{"_placeholder":true,"num":0}]\x1ebAQID');
      await session.leave();
    });

    it('of the server are acknowledged by the client', async () => {
      const ws = await connected();
      ws.send('42["ask-me","why"]');
      assert.equal(await ws.next(), '420["question","why"]');
      ws.send('430["because"]');
      assert.equal(await ws.next(), '42["answered","because"]');
      ws.send('430["twice"]').send('4399["never asked"]').send('42["message"]');
      assert.equal(await ws.next(), '42["message-back"]');
      await ws.end();
    });

    it('keep the namespaces apart', async () => {
      const ws = await connected();
      ws.send('40/custom,');
      await ws.next();
      await ws.next();
      ws.send('42["message",1]').send('42/custom,["message",2]').send('42["message",3]');
      assert.equal(await ws.next(), '42["message-back",1]');
      assert.equal(await ws.next(), '42/custom,["message-back",2]');
      assert.equal(await ws.next(), '42["message-back",3]');
      await ws.end();
    });

    it('nested 512 deep are taken', async () => {
      const ws = await connected();
      const deep = '['.repeat(511) + ']'.repeat(511);
      ws.send(`42["message",${deep}]`);
      assert.equal(await ws.next(), `42["message-back",${deep}]`);
      await ws.end();
    });
  });

  describe('DISCONNECT', () => {
    it('leaves the namespace and no other', async () => {
      const ws = await connected();
      ws.send('40/custom');
      await ws.next();
      await ws.next();
      ws.send('41/custom').send('42["message"]');
      assert.equal(await ws.next(), '42["message-back"]');
      ws.send('41').send('40/custom');
      assert.match(await ws.next(), /^40\/custom,/);
      await ws.end();
    });

    it('of the server is 41, and the connection stays', async () => {
      const ws = await connected();
      ws.send('42["leave-me"]');
      assert.equal(await ws.next(), '41');
      ws.send('40');
      assert.match(await ws.next(), /^40/);
      await ws.end();
    });

    it('of the server with the connection closes the WebSocket without 41', async () => {
      const ws = await connected();
      ws.send('42["leave-me",true]');
      await ws.closing();
      assert.deepEqual(ws.queue, []);
    });
  });
}

describe('the connection is closed on', () => {
  const deep = '['.repeat(200000);
  const whenConnected = [
    '4abc', '4', '42', '42{}', '42[]', '42abc["message"]', '42["message"', '42[null]', '42[{}]',
    '42["message"]x', '40', '40{}', '42/other,["message"]', '41/other', '43/other,1[]', '43{}', '431{}', '43[]',
    '41{}', '44', '44{"message":"x"}', '45["message"]', '45-["message"]', '451["message"]',
    '4511-["message"]', '451-["message",{"_placeholder":true,"num":1}]',
    '451-["message",{"_placeholder":true,"num":-1}]', '451-["message",{"_placeholder":true,"num":"0"}]',
    '451-["message",{"_placeholder":true}]', '47', '429007199254740992["message"]',
    '42["message",1e999]', '42["message","\u0000"]', `42["message",${deep.slice(0, 1000)}`,
    `42["message",${deep.slice(0, 60000)}${']'.repeat(60000)}]`,
    ...['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']
      .map((name) => `42["${name}"]`),
  ];
  for (const text of whenConnected) {
    const name = JSON.stringify(text.length > 60 ? `${text.slice(0, 20)}… (${text.length} bytes)` : text);
    it(name, async () => {
      const ws = await connected();
      ws.send(text);
      await ws.closing();
    });
  }

  for (const text of ['42["message"]', '41', '431[]', '451-["message"]', '4abc', '40[]', '40"x"', '40{"a":']) {
    it(`${text} before CONNECT`, async () => {
      const ws = await open();
      ws.send(text);
      await ws.closing();
    });
  }

  it('binary out of nowhere', async () => {
    const ws = await connected();
    ws.send(Buffer.from([1]));
    await ws.closing();
  });

  it('text while attachments are due', async () => {
    const ws = await connected();
    ws.send('451-["message",{"_placeholder":true,"num":0}]').send('42["message"]');
    await ws.closing();
  });

  it('a bad packet over polling', async () => {
    const session = await Polling.open(target);
    await session.post(`40${target.auth}`);
    await session.poll();
    await session.post('4abc');
    let res = await session.poll();
    if (res.status === 200) res = await session.poll();
    assert.equal(res.status, 400);
  });
});

describe('nothing is kept of', () => {
  it('thousands of sessions that come and go', async () => {
    for (let round = 0; round < 20; ++round) {
      const all = await Promise.all(Array.from({ length: 50 }, () => connected()));
      all.forEach((ws, i) => { if (i % 2) ws.ws.terminate(); else ws.send('41'); });
      await sleep(1);
      all.forEach((ws) => ws.ws.terminate());
    }
    const ws = await connected();
    await ws.end();
  });
});
