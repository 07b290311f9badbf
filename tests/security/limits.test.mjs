// How often one may do something over sockets (docs/security.md, "Too much of it"), and what the rest is told.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import WebSocket from 'ws';

import { request } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { newAgent, newVisitor } from './lib/people.mjs';
import { transports } from './lib/sockets.mjs';

const kJoins = 4;
const kSends = 5;
const kConnections = 10;
const kMinute = 60_000;

let stack;
let agent;

before(async () => {
  stack = await Stack.start({
    auth: 'token',
    limits: true,
    // Those of an address are for tests at addresses of their own; all others share one.
    set: [`abuse.join_per_visitor=${kJoins}`, `abuse.send_per_visitor=${kSends}`, `abuse.connect_per_address=${kConnections}`],
  });
  agent = await newAgent(stack);
}, { timeout: 120_000 });

after(() => stack?.stop());

// Asks so often at once, and gives the refusals.
async function refusals(times, ask) {
  const answers = await Promise.all(Array.from({ length: times }, ask));
  const refused = answers.filter(({ status }) => status !== 'ok');
  for (const { code, retryAfterMs } of refused) {
    assert.equal(code, 'rate_limited');
    assert.ok(retryAfterMs > 0 && retryAfterMs <= kMinute, String(retryAfterMs));
  }
  return refused.length;
}

const message = (clientId, sender) => ({ clientId, sender, message: 'x' });

for (const [transport, connect] of Object.entries(transports)) {
  describe(`over ${transport}`, () => {
    it('a visitor sends and joins so often, and is told how long to wait', async () => {
      const who = await newVisitor(stack);
      const socket = await connect(stack, who);
      assert.equal(await refusals(kSends + 2, () => socket.ask('send-message', message(who.clientId, 'client'))), 2);
      assert.equal(await refusals(kJoins + 3, () => socket.ask('join', who.clientId)), 3);
      socket.close();
    });

    it('an agent does so as often as they like', async () => {
      const { clientId } = await newVisitor(stack);
      const socket = await connect(stack, agent);
      assert.equal(await refusals(2 * kSends, () => socket.ask('send-message', message(clientId, 'admin'))), 0);
      assert.equal(await refusals(2 * kJoins, () => socket.ask('join', clientId)), 0);
      socket.close();
    });
  });
}

describe('an address', () => {
  it('opens so many connections', async () => {
    // Handshakes alone, of which nobody comes in.
    const handshake = (localAddress) => {
      const at = new http.Agent({ localAddress });
      return request(stack, 'GET', '/socket.io/?EIO=4&transport=polling', { agent: at });
    };
    const answers = await Promise.all(Array.from({ length: kConnections + 3 }, () => handshake('127.2.0.1')));
    const refused = answers.filter(({ status }) => status !== 200);
    assert.deepEqual(refused.map(({ status }) => status), [429, 429, 429]);
    for (const { headers } of refused) {
      assert.ok(headers['retry-after'] >= 1 && headers['retry-after'] <= kMinute / 1000, headers['retry-after']);
    }
    assert.equal((await handshake('127.2.0.2')).status, 200);
  });

  it('enters so often, also over one connection', async () => {
    const { token } = await newVisitor(stack);
    const ws = new WebSocket(`${stack.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { localAddress: '127.2.0.3' });
    const next = async () => String((await once(ws, 'message'))[0]);
    assert.match(await next(), /^0\{/);
    const enter = () => {
      const answer = next();
      ws.send(`40${JSON.stringify({ token })}`);
      return answer;
    };
    for (let i = 0; i < kConnections; i += 1) {
      assert.match(await enter(), /^40\{/);
      ws.send('41');
    }
    const refused = await enter();
    assert.match(refused, /^44\{/);
    const { code, retryAfterMs } = JSON.parse(refused.slice(2)).data;
    assert.equal(code, 'rate_limited');
    assert.ok(retryAfterMs > 0 && retryAfterMs <= kMinute, refused);
    ws.close();
  });
});
