// WebSocket frames byte by byte (RFC 6455), and HTTP as unusual but valid clients send it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import { againstEcho, direct, maxPayload, openTarget } from './lib/target.mjs';
import {
  Polling, Raw, acceptKey, closeCode, frame, frames, request, sleep, upgradeRequest,
} from './lib/wire.mjs';

let target;
before(async () => { target = await openTarget('engine.io'); });
after(() => target.stop());

const path = () => target.query({ transport: 'websocket' });

async function open(extraBytes = Buffer.alloc(0)) {
  const raw = await Raw.open(target);
  raw.write(Buffer.concat([Buffer.from(upgradeRequest(target, path())), extraBytes]));
  await raw.until((bytes) => bytes.includes('\r\n\r\n') && frames(bytes).length > 0, 'open packet');
  return raw;
}

const texts = (raw) => frames(raw.received).filter(({ opcode, data }) => opcode === 1 && data.toString() !== '2')
  .map(({ data }) => data.toString()).slice(1);
const hasText = (raw, text) => raw.until(() => texts(raw).includes(text), `frame ${text.slice(0, 20)}`);
const closes = async (raw, code) => {
  await raw.until((bytes) => closeCode(frames(bytes)) !== undefined, 'close frame');
  assert.equal(closeCode(frames(raw.received)), code);
  await raw.ended;
};

describe('opening', () => {
  it('answers the key', async () => {
    const raw = await open();
    assert.match(raw.received.toString(), /^HTTP\/1.1 101 /);
    assert.ok(raw.received.includes(`Sec-WebSocket-Accept: ${acceptKey}\r\n`));
    raw.destroy();
  });

  it('takes header names in any case and Connection: keep-alive, Upgrade', async () => {
    const raw = await Raw.open(target);
    raw.write(upgradeRequest(target, path()).replace('Upgrade: websocket', 'UPGRADE: WebSocket')
      .replace('Connection: Upgrade', 'connection: keep-alive, Upgrade')
      .replace('Sec-WebSocket-Key', 'sec-websocket-KEY'));
    await raw.text('101 Switching');
    raw.destroy();
  });

  it('takes the request byte by byte', async () => {
    const raw = await Raw.open(target);
    for (const char of upgradeRequest(target, path())) {
      raw.write(char);
      await new Promise(setImmediate);
    }
    await raw.text('101 Switching');
    raw.destroy();
  });

  it('refuses a request without key or of another version', async () => {
    for (const [from, to] of [[/Sec-WebSocket-Key: .*\r\n/, ''], ['Version: 13', 'Version: 8']]) {
      const raw = await Raw.open(target);
      raw.write(upgradeRequest(target, path()).replace(from, to));
      await raw.text('HTTP/1.1 4');
      raw.destroy();
    }
  });
});

describe('frames', () => {
  const breaches = [
    ['unmasked', frame('4x', { masked: false }), 1002],
    ['with RSV1', frame('4x', { rsv: 4 }), 1002],
    ['with RSV3', frame('4x', { rsv: 1 }), 1002],
    ['of a reserved opcode', frame('4x', { opcode: 3 }), 1002],
    ['of a reserved control opcode', frame('', { opcode: 11 }), 1002],
    ['with a control payload of 126 bytes', frame('x'.repeat(126), { opcode: 9 }), 1002],
    ['fragmented control', frame('x', { opcode: 9, fin: false }), 1002],
    ['a continuation of nothing', frame('x', { opcode: 0 }), 1002],
    ['a new message inside another', Buffer.concat([frame('4a', { fin: false }), frame('4b')]), 1002],
    ['a length longer than need be', frame('4x', { lengthForm: 16 }), 1002],
    ['bad UTF-8', frame(Buffer.from([0x34, 0xff, 0xfe])), 1007],
    ['a surrogate in UTF-8', frame(Buffer.from([0x34, 0xed, 0xa0, 0x80])), 1007],
  ];
  for (const [name, bytes, code] of breaches) {
    it(`${name}: closed with ${code}`, async () => {
      const raw = await open();
      raw.write(bytes);
      await closes(raw, code);
    });
  }

  it('above maxPayload are closed with 1009 from their header alone, and with the limit as the reason', async () => {
    const raw = await open();
    raw.write(frame('4'.repeat(maxPayload + 1)).subarray(0, 14));
    await closes(raw, 1009);
    assert.match(raw.received.toString(), /payload_too_large: a message has at most 1000000 bytes/);
  });

  it('above maxPayload in fragments are closed with 1009', async () => {
    const raw = await open();
    const part = '4'.repeat(Math.ceil(maxPayload / 2));
    raw.write(frame(part, { fin: false }));
    raw.write(frame(part + 'xx', { opcode: 0 }));
    await closes(raw, 1009);
  });

  it('of length 2^63 are refused', async () => {
    const raw = await open();
    raw.write(Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    const code = await raw.until((bytes) => closeCode(frames(bytes)) !== undefined, 'close')
      .then(() => closeCode(frames(raw.received)));
    assert.ok([1002, 1009].includes(code), `${code}`);
    raw.destroy();
  });

  it('ping is answered by pong with its payload', async () => {
    const raw = await open();
    raw.write(frame('are you there', { opcode: 9 }));
    await raw.until((bytes) => frames(bytes).some(({ opcode, data }) => opcode === 10 && data.toString() === 'are you there'), 'pong');
    raw.destroy();
  });

  it('close is answered with its code and the connection ended', async () => {
    const raw = await open();
    raw.write(frame(Buffer.from([0x03, 0xe8, 0x62, 0x79]), { opcode: 8 }));
    await closes(raw, 1000);
  });

  if (againstEcho) {
    it('in the same segment as the upgrade request count', async () => {
      const raw = await open(Buffer.concat([frame('4first'), frame('4second')]));
      await hasText(raw, '4second');
      assert.deepEqual(texts(raw), ['4first', '4second']);
      raw.destroy();
    });

    it('cut inside a character, with pings between the fragments', async () => {
      const raw = await open();
      const bytes = Buffer.from('4h€llo😀');
      raw.write(frame(bytes.subarray(0, 3), { fin: false }));
      raw.write(frame('p', { opcode: 9 }));
      for (let i = 3; i < bytes.length - 1; ++i) raw.write(frame(bytes.subarray(i, i + 1), { opcode: 0, fin: false }));
      raw.write(frame(bytes.subarray(bytes.length - 1), { opcode: 0 }));
      await hasText(raw, '4h€llo😀');
      raw.destroy();
    });

    it('byte by byte', async () => {
      const raw = await open();
      for (const byte of frame('4hello ' + 'x'.repeat(200))) {
        raw.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      await hasText(raw, '4hello ' + 'x'.repeat(200));
      raw.destroy();
    });

    it('of every length form', async () => {
      const raw = await open();
      for (const size of [125, 126, 65535, 65536]) {
        raw.write(frame('4' + 'y'.repeat(size - 1)));
        await raw.until(() => texts(raw).some((text) => text.length === size), `${size} bytes`);
      }
      raw.destroy();
    });
  }
});

describe('HTTP', () => {
  const handshake = () => target.query({ transport: 'polling' });

  it('/1.0 without Host is answered and closed', async () => {
    const raw = await Raw.open(target);
    raw.write(`GET ${handshake()} HTTP/1.0\r\n\r\n`);
    await raw.text('"maxPayload"');
    await raw.ended;
    assert.match(raw.received.toString(), /^HTTP\/1\.[01] 200 /);
  });

  it('/1.0 with keep-alive goes on', async () => {
    const raw = await Raw.open(target);
    const text = `GET ${handshake()} HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n`;
    raw.write(text);
    await raw.text('"maxPayload"');
    if (direct) {
      raw.write(text);
      await raw.until((bytes) => bytes.toString().split('"maxPayload"').length === 3, 'second answer');
    }
    raw.destroy();
  });

  it('connections are kept', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set();
    agent.on('free', (socket) => ports.add(socket.localPort));
    for (let i = 0; i < 5; ++i) await request(target, { path: handshake(), agent });
    assert.equal(ports.size, 1);
    agent.destroy();
  });

  it('requests behind each other in one segment are answered in order', async () => {
    const session = await Polling.open(target);
    const raw = await Raw.open(target);
    const get = (p) => `GET ${p} HTTP/1.1\r\nHost: x\r\n\r\n`;
    raw.write(get(target.query({ transport: 'abc' })) + get(handshake()) + get(target.query({ transport: 'polling', sid: 'no' })));
    await raw.text('Session ID unknown');
    const text = raw.received.toString();
    assert.ok(text.indexOf('Transport unknown') < text.indexOf('"maxPayload"'));
    assert.ok(text.indexOf('"maxPayload"') < text.indexOf('Session ID unknown'));
    raw.destroy();
    await session.leave();
  });

  if (againstEcho) {
    it('a POST behind a waiting poll on the same connection is taken in', async () => {
      const session = await Polling.open(target);
      const raw = await Raw.open(target);
      raw.write(`GET ${session.path} HTTP/1.1\r\nHost: x\r\n\r\n` +
        `POST ${session.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n4ping` +
        `GET ${target.query({ transport: 'abc' })} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await raw.text('Transport unknown', 250);
      const text = raw.received.toString();
      assert.ok(text.indexOf('\r\n\r\n4ping') < text.indexOf('\r\n\r\nok'));
      assert.ok(text.indexOf('\r\n\r\nok') < text.indexOf('Transport unknown'));
      raw.destroy();
    });

    it('a POST in tiny pieces is taken in whole', async () => {
      const session = await Polling.open(target);
      const raw = await Raw.open(target);
      for (const char of `POST ${session.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4tiny\x1e4ok`) {
        raw.write(char);
        await new Promise(setImmediate);
      }
      await raw.text('\r\n\r\nok');
      assert.equal((await session.poll()).body, '4tiny\x1e4ok');
      raw.destroy();
      await session.leave();
    });

    it('a chunked POST is taken in', async () => {
      const session = await Polling.open(target);
      const raw = await Raw.open(target);
      raw.write(`POST ${session.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n` +
        '3\r\n4ab\r\n3;x=y\r\ncde\r\n0\r\n\r\n');
      await raw.text('\r\n\r\nok');
      assert.equal((await session.poll()).body, '4abcde');
      raw.destroy();
      await session.leave();
    });

  }

  if (direct) {
    it('the unix socket serves the same', async () => {
      const res = await request(target, { path: handshake(), socketPath: target.unix });
      assert.equal(res.status, 200);
    });

    const bad = [
      ['no HTTP', 'hello\r\n\r\n', 400],
      ['two lengths', 'POST /socket.io/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
      ['a length and chunks', 'POST /socket.io/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
      ['a length that is none', 'POST /socket.io/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400],
      ['a length beyond all bounds', 'POST /socket.io/ HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n', 400],
      ['an unknown coding', 'POST /socket.io/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
      ['a head without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(80000)}`, 431],
      ['HTTP/2 by surprise', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ];
    for (const [name, bytes, status] of bad) {
      it(`${name} is ${status}`, async () => {
        const raw = await Raw.open(target);
        raw.write(bytes);
        await raw.text(`HTTP/1.1 ${status} `);
        await raw.ended;
      });
    }
  }

  it('clients that leave in the middle do no harm', async () => {
    const session = await Polling.open(target);
    const texts = [
      'G', `GET ${session.path}`, `POST ${session.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4a`,
      upgradeRequest(target, path()), upgradeRequest(target, path()).slice(0, -2),
    ];
    for (const text of texts) {
      const raw = await Raw.open(target);
      raw.write(text);
      await sleep(5);
      raw.socket.resetAndDestroy?.() ?? raw.destroy();
    }
    const other = await Polling.open(target);
    assert.equal((await other.post('1')).body, 'ok');
  });
});
