// What a stranger, another visitor or a page of another site may try, once each.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';

import { sign } from '../harness/access.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { bearer, call, newAgent, newVisitor, revoke, sha256 } from './lib/people.mjs';
import { Plain, Refused, transports } from './lib/sockets.mjs';

const evil = 'https://evil.example';
const siteSecret = 'a secret of the whole site';
let stack;
let owner; // of the session that others reach for
let other;
let agent;

before(async () => {
  stack = await Stack.start({
    auth: 'token',
    set: ['auth.allowed_origins=["https://shop.example"]', 'log.level=debug'],
    env: { LIVECHAT_SITE_SECRET: siteSecret },
  });
  owner = await newVisitor(stack);
  other = await newVisitor(stack);
  agent = await newAgent(stack);
}, { timeout: 120_000 });

after(() => stack?.stop());

const say = (clientId, message, sender = 'client') => ({ clientId, message, sender });
const texts = async (clientId) =>
  (await call(stack, agent, 'GET', sessionPath('history', clientId))).body.messages.map(({ message, sender }) => `${sender}: ${message}`);

const flip = (token) => token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.at(-1);

describe('an invalid token', () => {
  const odd = () => ({
    null: null, 'a number': 7, true: true, 'an array': [owner.token], 'an object': { token: owner.token }, 'empty text': '',
    'a prefix of one': owner.token.slice(0, -1), 'one with something behind it': `${owner.token}x`, 'one with a flipped bit': flip(owner.token),
    'the hash of one': sha256(owner.token), 'very long text': owner.token.repeat(100), 'text with a newline': `${owner.token}\n`,
  });

  for (const name of ['null', 'a number', 'true', 'an array', 'an object', 'empty text', 'a prefix of one', 'one with something behind it',
    'one with a flipped bit', 'the hash of one', 'very long text', 'text with a newline']) {
    for (const transport of ['websocket', 'polling']) {
      it(`lets no one in: ${name}, over ${transport}`, async () => {
        await assert.rejects(transports[transport](stack, { auth: { token: odd()[name] } }), { code: 'unauthorized' });
      });
    }
    it(`lets no one in: ${name}, in the first frame of /ws`, async () => {
      await assert.rejects(Plain.connect(stack, undefined, { first: ['auth', { token: odd()[name] }] }), { code: 'unauthorized' });
    });
  }

  it('is refused although the cookie is good', async () => {
    const extraHeaders = { cookie: owner.cookie };
    await assert.rejects(transports.websocket(stack, { auth: { token: flip(other.token) } }, { extraHeaders }), { code: 'unauthorized' });
  });

  it('is what stands in the cookie of another kind', async () => {
    for (const cookie of [`livechat_visitor=${agent.token}`, `livechat_agent=${owner.token}`, `LIVECHAT_AGENT=${agent.token}`]) {
      for (const transport of ['websocket', 'polling']) {
        await assert.rejects(transports[transport](stack, undefined, { extraHeaders: { cookie } }), { code: 'unauthorized' });
      }
      await assert.rejects(Plain.connect(stack, undefined, { headers: { cookie } }), { code: 'unauthorized' });
    }
  });

  it('is no better in a header', async () => {
    for (const token of ['', 'x', owner.token.slice(0, -1), `${owner.token}x`, flip(owner.token), sha256(owner.token)]) {
      const answer = await request(stack, 'GET', sessionPath('history', owner.clientId), { headers: bearer({ token }) });
      assert.equal(answer.status, 401, token);
      await assert.rejects(Plain.connect(stack, undefined, { headers: { authorization: `Bearer ${token}` } }), { code: 'unauthorized' });
    }
    const basic = Buffer.from(`x:${owner.token}`).toString('base64');
    for (const authorization of [owner.token, `Basic ${basic}`, `Token ${owner.token}`]) {
      const answer = await request(stack, 'GET', sessionPath('history', owner.clientId), { headers: { Authorization: authorization } });
      assert.equal(answer.status, 401, authorization);
    }
  });

  it('is not taken from a URL', async () => {
    const query = `?token=${owner.token}&access_token=${owner.token}&livechat_visitor=${owner.token}`;
    assert.equal((await request(stack, 'GET', sessionPath('history', owner.clientId, query))).status, 401);
    await assert.rejects(transports.websocket(stack, undefined, { query: { token: owner.token } }), { code: 'unauthorized' });
  });
});

describe('a token that ends', () => {
  for (const [transport, connect] of Object.entries(transports)) {
    it(`stops working on an open socket within five seconds, over ${transport}`, async () => {
      const who = await newVisitor(stack);
      const socket = await connect(stack, who);
      assert.equal((await socket.ask('join', who.clientId)).status, 'ok');
      const start = Date.now();
      await revoke(stack, who);
      await waitFor(() => socket.closed, 'the end of the socket', 5_000);
      assert.ok(Date.now() - start < 5_000);
      assert.equal(socket.heard('chat-error')[0].code, 'unauthorized');
      await assert.rejects(connect(stack, who), { code: 'unauthorized' });
      // Nothing that is said later reaches it.
      await call(stack, agent, 'POST', sessionPath('messages', who.clientId), { body: { sender: 'admin', message: 'later' } });
      assert.deepEqual(socket.heard('new-message'), []);
    });
  }

  it('ends on every device and transport when the site signs its user out', async () => {
    const clientId = `signed out ${process.pid}`;
    const open = () => request(stack, 'POST', '/api/chat/initialize', { body: { clientId, signature: sign(siteSecret, clientId) } });
    const sockets = [];
    for (const connect of Object.values(transports)) {
      const { token } = (await open()).body;
      sockets.push(await connect(stack, { token, cookie: `livechat_visitor=${token}`, clientId }));
    }
    for (const socket of sockets) assert.equal((await socket.ask('join', clientId)).status, 'ok');
    await stack.sql(`CALL livechat_sign_out('${clientId}')`);
    await waitFor(() => sockets.every(({ closed }) => closed), 'the end of the sockets', 5_000);
  });

  it('is not that of the attacker when a victim signs in with a cookie that he has planted', async () => {
    const planted = await newVisitor(stack);
    const clientId = `victim ${process.pid}`;
    const victim = await request(stack, 'POST', '/api/chat/initialize',
      { body: { clientId, signature: sign(siteSecret, clientId) }, headers: { cookie: planted.cookie, origin: stack.url } });
    assert.equal(victim.status, 200, victim.text);
    assert.notEqual(victim.body.token, planted.token);
    const socket = await transports.websocket(stack, planted);
    assert.equal((await socket.ask('join', clientId)).code, 'forbidden');
    assert.equal((await call(stack, planted, 'GET', sessionPath('history', clientId))).status, 403);
    assert.equal((await call(stack, victim.body, 'GET', sessionPath('history', clientId))).status, 200);
  });

  it('is read from the cookie that no one can plant, at the daemon as well', async () => {
    const mine = await newVisitor(stack);
    const planted = await newVisitor(stack);
    const cookie = `livechat_visitor=${planted.token}; __Host-livechat_visitor=${mine.token}`;
    const socket = await transports.websocket(stack, undefined, { extraHeaders: { cookie } });
    assert.equal((await socket.ask('join', mine.clientId)).status, 'ok');
    assert.equal((await socket.ask('join', planted.clientId)).code, 'forbidden');
  });

  it('stops over REST within five seconds', async () => {
    const who = await newVisitor(stack);
    const read = () => call(stack, who, 'GET', sessionPath('history', who.clientId));
    assert.equal((await read()).status, 200);
    await revoke(stack, who);
    await waitFor(async () => (await read()).status === 401, 'the end of access', 5_000);
  });

  it('ends an agent who is disabled, on an open socket', async () => {
    const who = await newAgent(stack);
    const socket = await transports.websocket(stack, who);
    await stack.sql(`UPDATE agent SET disabled = 1 WHERE username = '${who.username}'`);
    await waitFor(() => socket.closed, 'the end of the socket', 5_000);
    await assert.rejects(transports.websocket(stack, who), { code: 'unauthorized' });
  });

  it('ends on an open socket when its row is deleted', async () => {
    const who = await newVisitor(stack);
    const socket = await transports.websocket(stack, who);
    await stack.sql(`DELETE FROM access_token WHERE token_hash = UNHEX('${sha256(who.token)}')`);
    await waitFor(() => socket.closed, 'the end of the socket', 5_000);
  });

  it('ends on an open socket when its time is over', async () => {
    const who = await newVisitor(stack);
    // Near the end of a second: one who counts whole ones closes early, and the token is let in again.
    await stack.sql(`UPDATE access_token SET expires_at = UTC_TIMESTAMP() + INTERVAL 2900000 MICROSECOND
      WHERE token_hash = UNHEX('${sha256(who.token)}')`);
    const socket = await transports.websocket(stack, who);
    await waitFor(() => socket.closed, 'the end of the socket', 7_000);
    await assert.rejects(transports.websocket(stack, who), { code: 'unauthorized' });
  });
});

describe('another site', () => {
  it('upgrades to no WebSocket, although the browser adds the cookie', async () => {
    const headers = { origin: evil, cookie: owner.cookie };
    await assert.rejects(Plain.connect(stack, undefined, { headers }), { message: 'status 403' });
    await assert.rejects(transports.websocket(stack, undefined, { extraHeaders: headers }), Refused);
    await assert.rejects(transports.polling(stack, undefined, { extraHeaders: headers }), Refused);
  });

  it('writes nothing by the cookie', async () => {
    const before_ = await texts(owner.clientId);
    for (const origin of [evil, 'null', `http://127.0.0.1:${stack.port + 1}`, `http://127.0.0.1.evil.example:${stack.port}`]) {
      const answer = await request(stack, 'POST', sessionPath('messages', owner.clientId), {
        body: { sender: 'client', message: 'forged' }, headers: { cookie: owner.cookie, origin },
      });
      assert.equal(answer.status, 403, `${origin}: ${answer.text}`);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    assert.deepEqual(await texts(owner.clientId), before_);
  });

  it('of the list gets leave, for itself alone', async () => {
    const origin = 'https://shop.example';
    const answer = await request(stack, 'GET', sessionPath('history', owner.clientId), { headers: { ...bearer(owner), origin } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], origin);
    const socket = await transports.polling(stack, owner, { extraHeaders: { origin } });
    assert.equal((await socket.ask('join', owner.clientId)).status, 'ok');
    socket.close();
  });
});

describe('recovery with the pid of another client', () => {
  it('gives nothing, and takes nothing from its owner', async () => {
    const clientId = owner.clientId;
    const socket = await transports.websocket(stack, owner);
    const io = socket.socket;
    await socket.ask('join', clientId);
    await socket.ask('send-message', say(clientId, 'so that there is an offset'));
    await waitFor(() => socket.heard('new-message').length > 0, 'the message');
    const { _pid: pid, _lastOffset: offset } = io;
    assert.ok(pid && offset);
    io.io.engine.close(); // as a broken connection
    await waitFor(async () => (await stack.sql('SELECT COUNT(*) FROM recovery'))[0][0] !== '0', 'the record');
    await call(stack, agent, 'POST', sessionPath('messages', clientId), { body: { sender: 'admin', message: 'missed' } });

    // Who is recovered keeps the pid.
    const recover = async (who) => {
      const one = await transports.websocket(stack, { auth: { token: who.token, pid, offset } });
      const same = one.socket._pid === pid;
      assert.equal((await one.ask('leave', 'nowhere')).status, 'ok');
      const heard = one.heard('new-message').map(({ message }) => message);
      one.close();
      return { same, heard };
    };
    for (const thief of [other, agent]) assert.deepEqual(await recover(thief), { same: false, heard: [] });
    await assert.rejects(transports.websocket(stack, { auth: { pid, offset } }), { code: 'unauthorized' });
    assert.deepEqual(await recover(owner), { same: true, heard: ['missed'] });
  });
});

describe('who pretends to be an agent', () => {
  it('is not one by a query parameter, a header or a member', async () => {
    const query = '?sender=admin&role=admin&admin=1&isAdmin=true';
    assert.equal((await call(stack, owner, 'GET', `/api/chat/sessions${query}`)).status, 403);
    const headers = { 'X-Role': 'supervisor', 'X-Livechat-Sender': 'admin', REMOTE_USER: 'admin' };
    assert.equal((await call(stack, owner, 'GET', '/api/chat/sessions', { headers })).status, 403);
    const socket = await transports.websocket(stack, { auth: { token: owner.token, role: 'supervisor', sender: 'admin' } }, { query: { role: 'admin' } });
    assert.equal((await socket.ask('watch-sessions')).code, 'forbidden');
    assert.equal((await socket.ask('send-message', { ...say(owner.clientId, 'x', 'admin'), role: 'supervisor' })).code, 'forbidden');
    socket.close();
  });

  it('is not one by a second member of the same name', async () => {
    const before_ = await texts(owner.clientId);
    for (const [first, second] of [['client', 'admin'], ['admin', 'client']]) {
      const body = `{"sender":"${first}","message":"twice","sender":"${second}"}`;
      await call(stack, owner, 'POST', sessionPath('messages', owner.clientId), { body });
      const plain = await Plain.connect(stack, owner);
      const clientId = JSON.stringify(owner.clientId);
      plain.ws.send(`["send-message",{"clientId":${clientId},"sender":"${first}","message":"twice","sender":"${second}"}]`);
      plain.ws.send(`["send-message",{"clientId":"${other.clientId}","clientId":${clientId},"sender":"client","message":"whose","clientId":"${other.clientId}"}]`);
      await plain.ask('leave', 'nowhere');
      await plain.ask('send-message', say(owner.clientId, 'the last'));
      plain.close();
    }
    const after_ = (await texts(owner.clientId)).slice(before_.length);
    assert.deepEqual(after_.filter((text) => text.startsWith('admin')), []);
    assert.deepEqual((await texts(other.clientId)).filter((text) => text.includes('whose')), []);
  });

  it('sends nothing as the other side', async () => {
    const socket = await transports.websocket(stack, owner);
    for (const sender of ['admin', 'Admin', 'admin ', 'agent', ['admin'], { admin: 1 }, null, 1]) {
      assert.equal((await socket.ask('send-message', say(owner.clientId, 'forged', sender))).status, 'error');
    }
    socket.close();
    assert.deepEqual((await texts(owner.clientId)).filter((text) => text.includes('forged')), []);
  });
});

describe('names with something in them', () => {
  for (const clientId of ['a\r\nSet-Cookie: x=y', 'a\nevent=forged level=error', 'a\u0000b', '\u001b[31m']) {
    it(`are refused with control characters: ${JSON.stringify(clientId)}`, async () => {
      const opened = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
      assert.equal(opened.status, 400);
      assert.equal(opened.headers['set-cookie'], undefined);
      const read = await call(stack, agent, 'GET', sessionPath('history', clientId));
      assert.equal(read.status, 400);
      const socket = await transports.websocket(stack, agent);
      assert.equal((await socket.ask('join', clientId)).code, 'client_id_invalid');
      socket.close();
    });
  }

  it('forge no line in a log, wherever they stand', async () => {
    const forged = 'x\nevent=forged';
    await request(stack, 'GET', `/api/chat/history/${encodeURIComponent(forged)}`);
    await request(stack, 'GET', '/api/chat/sessions%0aevent=forged');
    await request(stack, 'GET', '/api/chat/sessions', { headers: { 'User-Agent': 'x event=forged', 'X-Request-Id': 'x" event=forged' } });
    await assert.rejects(transports.websocket(stack, { auth: { token: forged } }), Refused);
    for (const name of ['fcgi', 'wsd-a']) assert.doesNotMatch(stack.log(name), /^(<\d>)?event=forged/m, name);
  });
});

describe('requests that are too large or too slow', () => {
  it('are refused when they are large', async () => {
    const body = JSON.stringify({ clientId: 'x'.repeat(1_000_001) });
    assert.equal((await request(stack, 'POST', '/api/chat/initialize', { body })).status, 413);
    assert.equal((await request(stack, 'GET', '/', { headers: { 'X-Large': 'x'.repeat(80_000) } })).status, 431);
    assert.equal((await request(stack, 'GET', `/api/chat/history/${'x'.repeat(80_000)}`)).status, 414);
    await assert.rejects(transports.websocket(stack, { auth: { token: 'x'.repeat(200_000) } }), Refused);
    const socket = await transports.websocket(stack, owner);
    socket.ask('send-message', say(owner.clientId, 'x'.repeat(1_000_001))).catch(() => {});
    await waitFor(() => socket.closed, 'the end of the socket');
  });

  it('hold no one up, and are ended', { timeout: 60_000 }, async () => {
    const slow = Array.from({ length: 50 }, (_, i) => {
      const socket = net.connect(stack.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(i % 2 ? 'POST /api/chat/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{' : 'GET /api/chat/sessions HTTP/1.1\r\nHost: x\r\nX-Slow: ');
      const ended = new Promise((resolve) => socket.once('close', resolve));
      return { socket, ended };
    });
    // A header that comes byte by byte gains nothing by that.
    const drip = setInterval(() => {
      for (let i = 0; i < slow.length; i += 2) slow[i].socket.write('x');
    }, 500);
    for (let i = 0; i < 10; i += 1) {
      const start = Date.now();
      assert.equal((await call(stack, owner, 'GET', sessionPath('history', owner.clientId))).status, 200);
      assert.ok(Date.now() - start < 3_000);
    }
    for (const { socket } of slow) socket.resume();
    await Promise.all(slow.map(({ ended }) => ended));
    clearInterval(drip);
  });
});

describe('a ban', () => {
  const ban = (kind, value) => stack.sql(`INSERT INTO ban (kind, value) VALUES ('${kind}', '${value}')`);
  const lift = () => stack.sql('DELETE FROM ban');

  it('of a clientId ends its open sockets within five seconds, and lets it in again when it is lifted', async () => {
    const who = await newVisitor(stack);
    const socket = await transports.websocket(stack, who);
    const staff = await transports.websocket(stack, agent);
    for (const one of [socket, staff]) assert.equal((await one.ask('join', who.clientId)).status, 'ok');
    await ban('client', who.clientId);
    await waitFor(() => socket.closed, 'the end of the socket', 5_000);
    assert.equal(socket.heard('chat-error')[0].code, 'banned');
    const again = await transports.websocket(stack, who);
    assert.equal((await again.ask('join', who.clientId)).code, 'banned');
    assert.equal((await again.ask('send-message', say(who.clientId, 'x'))).code, 'banned');
    assert.equal(staff.closed, undefined);
    await lift();
    await waitFor(async () => (await again.ask('join', who.clientId)).status === 'ok', 'access', 5_000);
    again.close();
    staff.close();
  });

  it('of an address ends its open sockets within five seconds, but not those of agents', async () => {
    const who = await newVisitor(stack);
    const socket = await transports.polling(stack, who);
    const staff = await transports.websocket(stack, agent);
    await ban('address', '127.0.0.0/8');
    await waitFor(() => socket.closed, 'the end of the socket', 5_000);
    await assert.rejects(transports.websocket(stack, who), { code: 'banned' });
    await assert.rejects(transports['/ws'](stack, who), { code: 'banned' });
    assert.equal(staff.closed, undefined);
    staff.close();
    await lift();
    await waitFor(() => transports.websocket(stack, who).then((one) => one.close() ?? true, () => false), 'access', 5_000);
  });
});

it('nothing that was logged, shown or counted holds a token or the site secret', async () => {
  const places = Object.entries(await stack.keepsSecrets());
  for (const name of [/^ps$/, /fcgi\/metrics$/, /wsd\/metrics$/, /fcgi\.log$/, /wsd-a\.log$/, /access\.log$/]) {
    assert.ok(places.some(([place, text]) => name.test(place) && text.length > 100), `${name} was searched`);
  }
});
