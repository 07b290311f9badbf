// Which web pages may talk to the daemon, and what their browsers are told (docs/protocol.md, "Origin").
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { againstEcho, listedOrigin, openTarget } from './lib/target.mjs';
import { Polling, Socket, request } from './lib/wire.mjs';

let target;

before(async () => {
  target = await openTarget('socket.io');
}, { timeout: 120_000 });

after(() => target?.stop());

const foreign = ['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://127.0.0.1.evil.example'];
const polling = () => target.query({ transport: 'polling' });

for (const origin of foreign) {
  describe(`a page of ${origin}`, () => {
    it('opens no polling session', async () => {
      const refused = await request(target, { path: polling(), headers: { origin } });
      assert.equal(refused.status, 403);
      assert.equal(JSON.parse(refused.body).code, 4);
      assert.match(JSON.parse(refused.body).message, new RegExp(`pages of ${origin} may not call ${target.url.host}`));
      assert.equal(refused.headers['access-control-allow-origin'], undefined);
    });

    it('uses no existing session, even with its sid', async () => {
      const session = await Polling.open(target);
      assert.equal((await session.poll({ headers: { origin } })).status, 403);
      assert.equal((await session.post('40', { headers: { origin } })).status, 403);
      const upgrade = new Socket(target.ws({ sid: session.sid }), { headers: { origin } });
      assert.equal((await upgrade.refused).status, 403);
      assert.equal((await session.post('40')).status, 200);
      await session.leave();
    });

    it('opens no WebSocket', async () => {
      assert.equal((await new Socket(target.ws(), { headers: { origin } }).refused).status, 403);
      const plain = `ws://${target.url.host}/ws`;
      assert.equal((await new Socket(plain, { headers: { origin } }).refused).status, 403);
    });

    it('gets no leave from a preflight', async () => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const refused = await request(target, { method: 'OPTIONS', path: polling(), headers });
      assert.equal(refused.status, 403);
      assert.equal(refused.headers['access-control-allow-origin'], undefined);
    });
  });
}

it('a page of the same host is served, without headers of CORS', async () => {
  const headers = { origin: target.url.origin };
  const opened = await request(target, { path: polling(), headers });
  assert.equal(opened.status, 200);
  assert.equal(opened.headers['access-control-allow-origin'], undefined);
  const ws = await Socket.open(target.ws(), { headers });
  await ws.end();
});

if (againstEcho) {
  describe('a page of a listed origin', () => {
    const origin = listedOrigin;
    const isWelcome = ({ status, headers }, expected = 200) => {
      assert.equal(status, expected);
      assert.equal(headers['access-control-allow-origin'], origin);
      assert.equal(headers['access-control-allow-credentials'], 'true');
      assert.equal(headers.vary, 'Origin');
    };

    it('polls, with credentials', async () => {
      const opened = await request(target, { path: polling(), headers: { origin } });
      isWelcome(opened);
      const session = new Polling(target, JSON.parse(opened.body.slice(1)));
      isWelcome(await session.post('40', { headers: { origin } }));
      isWelcome(await session.poll({ headers: { origin } }));
      await session.leave();
    });

    it('is told what is wrong as well', async () => {
      isWelcome(await request(target, { path: target.query({ transport: 'polling', sid: 'gone' }), headers: { origin } }), 400);
      const body = Buffer.alloc(1_100_000, '4');
      const session = await Polling.open(target);
      isWelcome(await session.post(body, { headers: { origin } }), 413);
    });

    it('gets leave from a preflight', async () => {
      const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
      const leave = await request(target, { method: 'OPTIONS', path: polling(), headers });
      isWelcome(leave, 204);
      assert.match(leave.headers['access-control-allow-methods'], /POST/);
      assert.match(leave.headers['access-control-allow-headers'], /authorization/i);
      assert.equal(leave.headers['content-length'], undefined);
    });

    it('opens a WebSocket', async () => {
      const ws = await Socket.open(target.ws(), { headers: { origin } });
      await ws.end();
    });
  });
}
