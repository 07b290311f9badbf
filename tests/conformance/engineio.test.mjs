// Engine.IO v4: handshake, polling, heartbeat, upgrade, closing (docs/protocol.md, "Engine.IO").
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import { againstEcho, direct, maxPayload, openTarget, pingInterval, pingTimeout, quick } from './lib/target.mjs';
import { Polling, Raw, Socket, inTime, request, sleep } from './lib/wire.mjs';

let target;
before(async () => { target = await openTarget('engine.io'); });
after(() => target.stop());

const RS = '\x1e';
const error = (code, message) => JSON.stringify({ code, message });
const get = (parameters, options = {}) => request(target, { path: target.query(parameters), ...options });

async function upgraded(session) {
  const ws = await Socket.open(target.ws({ sid: session.sid }));
  ws.send('2probe');
  assert.equal(await ws.next(), '3probe');
  ws.send('5');
  return ws;
}

// The same, where the server may not have heard yet that the WebSocket before has gone.
async function upgradedAgain(session) {
  for (;;) {
    const ws = await Socket.open(target.ws({ sid: session.sid }));
    ws.send('2probe');
    if (await Promise.race([ws.next().catch(() => {}), ws.closed]) === '3probe') return ws.send('5');
  }
}

describe('handshake', () => {
  it('answers exactly the documented members over polling', async () => {
    const res = await get({ transport: 'polling' });
    assert.equal(res.status, 200);
    assert.equal(res.headers['content-type'], 'text/plain; charset=UTF-8');
    assert.equal(res.headers['cache-control'], 'no-store');
    assert.equal(res.body[0], '0');
    const open = JSON.parse(res.body.slice(1));
    assert.deepEqual(Object.keys(open), ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload']);
    assert.deepEqual({ ...open, sid: '' },
      { sid: '', upgrades: ['websocket'], pingInterval, pingTimeout, maxPayload });
    assert.match(open.sid, /^[\w.-]{20,}$/);
  });

  it('offers no upgrade over WebSocket', async () => {
    const ws = await Socket.open(target.ws());
    const open = JSON.parse((await ws.next()).slice(1));
    assert.deepEqual(open.upgrades, []);
    await ws.end();
  });

  const refused = [
    ['no transport', {}, 'GET', 0, 'Transport unknown'],
    ['a transport that is none', { transport: 'abc' }, 'GET', 0, 'Transport unknown'],
    ['an unknown sid', { transport: 'polling', sid: 'nope' }, 'GET', 1, 'Session ID unknown'],
    ['an unknown sid with POST', { transport: 'polling', sid: 'nope' }, 'POST', 1, 'Session ID unknown'],
    ['POST without sid', { transport: 'polling' }, 'POST', 2, 'Bad handshake method'],
    ['PUT without sid', { transport: 'polling' }, 'PUT', 2, 'Bad handshake method'],
    ['WebSocket without upgrade', { transport: 'websocket' }, 'GET', 3, 'Bad request'],
    ['EIO=3', { transport: 'polling', EIO: '3' }, 'GET', 5, 'Unsupported protocol version'],
    ['an EIO that is no number', { transport: 'polling', EIO: 'abc' }, 'GET', 5, 'Unsupported protocol version'],
    ['a bad transport and a bad EIO: the transport counts', { transport: 'x', EIO: '3' }, 'GET', 0, 'Transport unknown'],
    ['a bad method and a bad EIO: the method counts', { transport: 'polling', EIO: '3' }, 'POST', 2, 'Bad handshake method'],
    ['an unknown sid and a bad EIO: the sid counts', { transport: 'polling', EIO: '3', sid: 'x' }, 'GET', 1, 'Session ID unknown'],
    ['WebSocket without upgrade and a bad EIO: the upgrade counts', { transport: 'websocket', EIO: '3' }, 'GET', 3, 'Bad request'],
  ];
  for (const [name, parameters, method, code, message] of refused) {
    it(`refuses ${name}`, async () => {
      const res = await get(parameters, { method });
      assert.equal(res.status, 400);
      assert.match(res.headers['content-type'], /^application\/json/);
      assert.equal(res.body, error(code, message));
    });
  }

  it('refuses a missing EIO', async () => {
    const res = await request(target, { path: `${target.path}?transport=polling` });
    assert.equal(res.status, 400);
    assert.equal(res.body, error(5, 'Unsupported protocol version'));
  });

  it('refuses a WebSocket with a bad transport, EIO or sid', async () => {
    for (const parameters of [{ transport: 'abc' }, { EIO: '3' }, { sid: 'nope' }]) {
      const { status } = await new Socket(target.ws(parameters)).refused;
      assert.equal(status, 400);
    }
  });

  it('knows no other path', async () => {
    assert.equal((await request(target, { path: '/other/?EIO=4&transport=polling' })).status, 404);
  });
});

describe('polling', () => {
  it('a second GET while one waits ends the session', async () => {
    const session = await Polling.open(target);
    const agent = new http.Agent({ keepAlive: true });
    const answers = await Promise.all([session.poll({ agent }), session.poll()]);
    const [waiting, second] = answers.sort((one, other) => one.status - other.status);
    assert.deepEqual([waiting.status, waiting.body, second.status], [200, '1', 400]);
    assert.equal((await session.poll()).status, 400);
    agent.destroy();
  });

  it('a client that leaves its waiting poll has left the session', async () => {
    const session = await Polling.open(target);
    const leaving = new AbortController();
    const gone = session.poll({ signal: leaving.signal }).catch(() => 'gone');
    await sleep(100); // it has come to the server
    leaving.abort();
    assert.equal(await gone, 'gone');
    await sleep(100);
    assert.equal((await session.poll()).status, 400);
  });

  it('a close packet is answered ok, the waiting poll 6, later polls 400', async () => {
    const session = await Polling.open(target);
    const [poll, post] = await Promise.all([session.poll(), session.post('1')]);
    assert.deepEqual([poll.status, poll.body], [200, '6']);
    assert.deepEqual([post.status, post.body], [200, 'ok']);
    assert.equal((await session.poll()).status, 400);
  });

  it('a close packet without a waiting poll ends the session too', async () => {
    const session = await Polling.open(target);
    assert.equal((await session.post('1')).body, 'ok');
    assert.equal((await session.poll()).status, 400);
  });

  for (const bad of ['abc', '', '4a' + RS, RS + '4a', '7', '2', '0', 'b*', '4a' + RS + 'x']) {
    it(`a bad payload ${JSON.stringify(bad)} ends the session`, async () => {
      const session = await Polling.open(target);
      assert.equal((await session.post(bad)).status, 400);
      assert.equal((await session.poll()).status, 400);
    });
  }

  it('a payload above maxPayload is 413, says how much may come, and the session goes on', async () => {
    const session = await Polling.open(target);
    const res = await session.post('4' + 'x'.repeat(maxPayload)).catch((error) => error);
    if (res.status !== undefined) {
      assert.equal(res.status, 413);
      assert.match(res.body, /payload_too_large.*1000000|too large/i); // nginx has a page of its own beyond its limit
    } else {
      assert.ok(res.code === 'EPIPE' || res.code === 'ECONNRESET', String(res));
    }
    assert.equal((await session.post(target.echo ? '4a' : `40${target.auth}`)).body, 'ok');
    assert.match((await session.poll()).body, target.echo ? /^4a$/ : /^40\{/);
    await session.leave();
  });

  it('a second POST while the first comes in ends the session', async () => {
    const session = await Polling.open(target);
    const slow = await Raw.open(target);
    slow.write(`POST ${session.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n4`);
    await sleep(100); // its beginning has come to the server
    const second = await session.post('4b');
    if (direct) {
      assert.equal(second.status, 400);
      slow.write('123456789');
      await slow.text('HTTP/1.1 400');
      assert.equal((await session.poll()).status, 400);
    }
    slow.destroy();
  });

  if (againstEcho) {
    it('messages of a POST come back in one payload, in order, text as text and binary as binary', async () => {
      const session = await Polling.open(target);
      const payload = ['4test1', 'bAQIDBA==', '4tést€2', '4', 'b', '4{"a":"\\u001e"}'].join(RS);
      const post = await session.post(payload);
      assert.deepEqual([post.status, post.body], [200, 'ok']);
      assert.equal((await session.poll()).body, payload);
      await session.leave();
    });

    it('a payload of exactly maxPayload is taken', async () => {
      const session = await Polling.open(target);
      const payload = '4' + 'x'.repeat(maxPayload - 1);
      assert.equal((await session.post(payload)).status, 200);
      // On a slow machine a ping comes along.
      assert.equal((await session.poll()).body.replace(/\x1e2$/, '').length, maxPayload);
      await session.leave();
    });

    it('a poll waits for what comes', async () => {
      const session = await Polling.open(target);
      const poll = session.poll();
      await sleep(20);
      await session.post('4a' + RS + '4b');
      assert.equal((await poll).body, '4a' + RS + '4b');
      await session.leave();
    });
  }
});

describe('WebSocket', () => {
  it('accepts the first subprotocol that a client offers, for a new session and for an upgrade', async () => {
    const protocols = ['x.token.abc', 'v1'];
    const ws = await Socket.open(target.ws(), { protocols });
    assert.equal(ws.ws.protocol, 'x.token.abc');
    await ws.end();
    const session = await Polling.open(target);
    const upgrade = await Socket.open(target.ws({ sid: session.sid }), { protocols });
    assert.equal(upgrade.ws.protocol, 'x.token.abc');
    await upgrade.end();
    await session.leave();
  });

  if (againstEcho) {
    it('carries one packet a message, binary as it is', async () => {
      const ws = await Socket.open(target.ws());
      await ws.next();
      ws.send('4hé€llo').send(Buffer.from([1, 2, 3, 4])).send('4').send(Buffer.alloc(0));
      assert.equal(await ws.next(), '4hé€llo');
      assert.deepEqual(await ws.next(), Buffer.from([1, 2, 3, 4]));
      assert.equal(await ws.next(), '4');
      assert.deepEqual(await ws.next(), Buffer.alloc(0));
      await ws.end();
    });

    for (const size of [125, 126, 65535, 65536, 999999]) {
      it(`carries a message of ${size} bytes`, async () => {
        const ws = await Socket.open(target.ws());
        await ws.next();
        ws.send('4' + 'x'.repeat(size - 1));
        assert.equal((await ws.next()).length, size);
        await ws.end();
      });
    }
  }

  for (const bad of ['abc', '', '2', '0', '9']) {
    it(`a bad packet ${JSON.stringify(bad)} ends it`, async () => {
      const ws = await Socket.open(target.ws());
      await ws.next();
      ws.send(bad);
      await ws.closing();
    });
  }

  it('a close packet ends it', async () => {
    const ws = await Socket.open(target.ws());
    await ws.next();
    ws.send('1');
    await ws.closing();
  });

  it('its session cannot be polled', async () => {
    const ws = await Socket.open(target.ws());
    const { sid } = JSON.parse((await ws.next()).slice(1));
    const res = await get({ transport: 'polling', sid });
    assert.deepEqual([res.status, res.body], [400, error(3, 'Bad request')]);
    await ws.end();
  });
});

if (quick) {
  const lifetime = pingInterval + pingTimeout; // of a session that is not heard of

  // A session ended that was last heard of after `since`: a fault, unless a busy machine held something up for so
  // long that it may have ended by rights. That shows nothing.
  function endedByRights(since) {
    assert.ok(performance.now() - since >= lifetime, 'the session ended too early');
    return false;
  }

  // Takes a ping with `next` and answers it with `pong`, three times; both say whether the session was there. None
  // comes too early, counted from before the daemon can have begun to wait, and one is in time.
  async function pingsInTime({ start, next, pong }) {
    const times = [];
    for (let i = 0, before = start, since = start; i < 3; ++i) {
      if (!await next()) return endedByRights(before);
      const now = performance.now();
      times.push(now - since);
      [before, since] = [since, now];
      if (!await pong()) return endedByRights(before);
    }
    const soonest = Math.min(...times);
    assert.ok(soonest > pingInterval - 2, `${times}`);
    return soonest < pingInterval + 60;
  }

  describe('heartbeat', () => {
    it('pings over polling come pingInterval after the handshake and after each pong', () => inTime(async () => {
      const start = performance.now();
      const session = await Polling.open(target);
      const prompt = await pingsInTime({
        start,
        next: async () => (await session.poll()).body === '2',
        pong: async () => (await session.post('3')).body === 'ok',
      });
      await session.leave();
      return prompt;
    }));

    it('pings over WebSocket come pingInterval after each pong', () => inTime(async () => {
      const start = performance.now();
      const ws = await Socket.open(target.ws());
      await ws.next();
      const prompt = await pingsInTime({
        start,
        next: async () => await Promise.race([ws.next({ pings: true }), ws.closed]) === '2',
        pong: () => ws.send('3'),
      });
      await ws.end();
      return prompt;
    }));

    it('a client that polls at exactly interval + timeout is too late', async () => {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => Polling.open(target)));
      await sleep(lifetime);
      for (const res of await Promise.all(sessions.map((session) => session.poll()))) {
        assert.equal(res.status, 400);
      }
    });

    it('a client that polls late, but before, is served its ping', () => inTime(async () => {
      const start = performance.now();
      const session = await Polling.open(target);
      await sleep(lifetime - pingTimeout / 2);
      const { status, body } = await session.poll();
      if (status === 400) return endedByRights(start);
      assert.equal(body, '2');
      await session.leave();
      return true;
    }));

    it('a waiting poll of a client that answers no ping ends with the session', () => inTime(async () => {
      const start = performance.now();
      const session = await Polling.open(target);
      const ping = await session.poll();
      if (ping.status === 400) return endedByRights(start);
      assert.equal(ping.body, '2');
      const { status, body } = await session.poll();
      if (status === 400) return endedByRights(start); // before this poll came
      assert.deepEqual([status, body], [200, '1']);
      assert.equal((await session.poll()).status, 400);
      return true;
    }));

    it('a WebSocket that answers no ping is closed interval + timeout after its handshake', () => inTime(async () => {
      const start = performance.now();
      const ws = await Socket.open(target.ws());
      await ws.closed;
      const took = performance.now() - start;
      assert.ok(took > lifetime - 2, `${took}`);
      return took < lifetime + pingInterval; // not after another interval
    }));
  });
}

describe('heads of requests', () => {
  it('hold the cookies of a large site', async () => {
    const cookie = Array.from({ length: 3 }, (_, i) => `c${i}=${'x'.repeat(direct ? 20_000 : 6_000)}`).join('; ');
    // nginx takes one line of 8 KiB as it comes; more is for the site to allow.
    const headers = { cookie: direct ? cookie : cookie.slice(0, 6_000) };
    assert.equal((await get({ transport: 'polling' }, { headers })).status, 200);
    const ws = await Socket.open(target.ws(), { headers });
    await ws.end();
  });
});

describe('upgrade', () => {
  // One by one, since the answer to a poll may be in the way of the next.
  it('polls go on delivering between the probe and the 5', async () => {
    const session = await Polling.open(target);
    const ws = await Socket.open(target.ws({ sid: session.sid }));
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    await session.post(target.echo ? '4a' : `40${target.auth}`);
    assert.match((await session.poll()).body, target.echo ? /^4a$/ : /^40\{/);
    const started = performance.now();
    assert.match((await session.poll()).body, /^[26]$/); // so that a client that waits for its poll can go on
    assert.ok(performance.now() - started < 2000);
    ws.send('5');
    if (target.echo) {
      ws.send('4b');
      assert.equal(await ws.next(), '4b');
    }
    await ws.end();
  });

  it('a 5 upgrades without a probe, as clients of .NET do', async () => {
    const session = await Polling.open(target);
    const waiting = session.poll();
    await sleep(50); // it has come to the server
    const ws = await Socket.open(target.ws({ sid: session.sid }));
    ws.send('5').send(target.echo ? '4hello' : `40${target.auth}`);
    assert.match(await ws.next(), target.echo ? /^4hello$/ : /^40\{/);
    assert.match((await waiting).body, /^[26]$/);
    assert.equal((await session.poll()).status, 400);
    await ws.end();
  });

  it('answers the probe, releases the waiting poll, and refuses polls after the 5', async () => {
    const session = await Polling.open(target);
    const waiting = session.poll();
    const ws = await Socket.open(target.ws({ sid: session.sid }));
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    assert.equal((await waiting).body, '6');
    ws.send('5');
    // The answer to what comes behind the 5 says that it has arrived, on whatever way.
    ws.send(target.echo ? '4hello' : `40${target.auth}`);
    assert.match(await ws.next(), target.echo ? /^4hello$/ : /^40\{/);
    const res = await session.poll();
    assert.deepEqual([res.status, res.body], [400, error(3, 'Bad request')]);
    assert.equal((await session.post('4x')).status, 400);
    await ws.end();
  });

  it('a second WebSocket for the session is accepted and closed, before and after the 5', async () => {
    const session = await Polling.open(target);
    const first = await Socket.open(target.ws({ sid: session.sid }));
    const early = await Socket.open(target.ws({ sid: session.sid }));
    await early.closing();
    first.send('2probe');
    assert.equal(await first.next(), '3probe');
    await (await Socket.open(target.ws({ sid: session.sid }))).closing();
    first.send('5');
    await (await Socket.open(target.ws({ sid: session.sid }))).closing();
    if (target.echo) {
      first.send('4still');
      assert.equal(await first.next(), '4still');
    }
    await first.end();
  });

  for (const first of ['4hello', '2', '3probe', 'x', Buffer.from('2probe')]) {
    it(`a first frame ${JSON.stringify(first.toString())} ends that WebSocket only`, async () => {
      const session = await Polling.open(target);
      const ws = await Socket.open(target.ws({ sid: session.sid }));
      ws.send(first);
      await ws.closing();
      if (target.echo) {
        await session.post('4alive');
        assert.equal((await session.poll()).body, '4alive');
      }
      const again = await upgraded(session);
      await again.end();
    });
  }

  it('a WebSocket that dies while probing leaves the polling session as it was', async () => {
    const session = await Polling.open(target);
    const ws = await Socket.open(target.ws({ sid: session.sid }));
    ws.send('2probe');
    assert.equal(await ws.next(), '3probe');
    ws.ws.terminate();
    await ws.closed;
    if (target.echo) {
      await session.post('4alive');
      let body = '6';
      while (body === '6') body = (await session.poll()).body;
      assert.equal(body, '4alive');
    }
    const again = await upgradedAgain(session);
    await again.end();
  });

  if (againstEcho) {
    it('what was buffered is flushed once and in order, with frames right behind the 5', async () => {
      const session = await Polling.open(target);
      const ws = await Socket.open(target.ws({ sid: session.sid }));
      ws.send('2probe');
      assert.equal(await ws.next(), '3probe');
      await session.post('4a' + RS + 'bAQI=' + RS + '4b');
      ws.send('5').send('4c').send('4d');
      assert.deepEqual([await ws.next(), await ws.next(), await ws.next(), await ws.next(), await ws.next()],
        ['4a', Buffer.from([1, 2]), '4b', '4c', '4d']);
      await ws.end();
    });
  }
});
