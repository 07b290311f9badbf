// How often one may do something over sockets (docs/security.md, "Too much of it"), and what the rest is told.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import WebSocket from 'ws';

import { newToken } from '../harness/access.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { newAgent, newVisitor } from './lib/people.mjs';
import { transports } from './lib/sockets.mjs';

const kJoins = 4;
const kSends = 5;
const kConnections = 10;
const kUnknown = 6; // tokens
const kRefusals = 8; // of one connection
const kMinute = 60_000;

let stack;
let agent;

before(async () => {
  stack = await Stack.start({
    auth: 'token',
    limits: true,
    // Those of an address are for tests at addresses of their own; all others share one.
    set: [`abuse.join_per_visitor=${kJoins}`, `abuse.send_per_visitor=${kSends}`, `abuse.connect_per_address=${kConnections}`,
      `abuse.unknown_tokens_per_address=${kUnknown}`, 'abuse.initialize_per_address=1000'],
  });
  await stack.sql("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1");
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

// How many statements have looked for tokens until now.
async function tokenReads() {
  const [[count]] = await stack.sql(`SELECT COUNT(*) FROM mysql.general_log WHERE command_type IN ('Execute', 'Query')
    AND argument LIKE '%FROM access_token t %' AND argument NOT LIKE '%general_log%'`);
  return Number(count);
}

// An Engine.IO connection by hand, over which one may CONNECT again and again.
class Door {
  static async open(localAddress) {
    const door = new Door();
    door.ws = new WebSocket(`${stack.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { localAddress });
    door.heard = [];
    door.ws.on('message', (text) => door.heard.push(String(text)));
    door.ws.on('close', () => (door.closed = true));
    assert.match(await door.#next(), /^0\{/);
    return door;
  }

  async #next() {
    await waitFor(() => this.heard.length > 0 || this.closed, 'an answer');
    if (this.heard.length === 0) throw new Error('closed');
    return this.heard.shift();
  }

  enter(token) {
    const answer = this.#next();
    this.ws.send(`40${JSON.stringify({ token })}`);
    return answer;
  }

  leave() { this.ws.send('41'); }
  close() { this.ws.close(); }
}

function refusal(answer) {
  assert.match(answer, /^44\{/);
  return JSON.parse(answer.slice(2)).data;
}

function assertLimited(answer) {
  const { code, retryAfterMs } = refusal(answer);
  assert.equal(code, 'rate_limited');
  assert.ok(retryAfterMs > 0 && retryAfterMs <= kMinute, answer);
}

describe('an address', () => {
  it('opens so many connections', async () => {
    // Handshakes alone, of which none comes in.
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
    const door = await Door.open('127.2.0.3');
    for (let i = 0; i < kConnections; i += 1) {
      assert.match(await door.enter(token), /^40\{/);
      door.leave();
    }
    assertLimited(await door.enter(token));
    door.close();
  });

  it('tries so many tokens, and the database is not asked for the rest', async () => {
    // Over as few connections as go.
    const answers = [];
    const before_ = await tokenReads();
    while (answers.length < kConnections + 4) {
      const door = await Door.open('127.2.0.4');
      for (let i = 0; i < kRefusals && answers.length < kConnections + 4; i += 1) answers.push(await door.enter(newToken('')));
      door.close();
    }
    for (const answer of answers.slice(0, kConnections)) assert.equal(refusal(answer).code, 'unauthorized');
    for (const answer of answers.slice(kConnections)) assertLimited(answer);
    assert.equal(await tokenReads() - before_, kConnections);
    // A good token is not asked for either; elsewhere it is.
    const { token } = await newVisitor(stack);
    for (const [at, expected] of [['127.2.0.4', /^44\{.*rate_limited/], ['127.2.0.5', /^40\{/]]) {
      const door = await Door.open(at);
      assert.match(await door.enter(token), expected);
      door.close();
    }
  });

  it('is not forgiven more than a few wrong tokens over one connection', async () => {
    const door = await Door.open('127.2.0.6');
    for (let i = 0; i < kRefusals; i += 1) assert.equal(refusal(await door.enter(newToken(''))).code, 'unauthorized');
    await assert.rejects(door.enter(newToken('')), /closed/);
  });

  it('says who it is once over /ws', async () => {
    const options = { localAddress: '127.2.0.7' };
    for (let i = 0; i < kConnections; i += 1) {
      const ws = new WebSocket(`${stack.url.replace('http', 'ws')}/ws`, 'livechat.v1.json', options);
      const heard = [];
      ws.on('message', (text) => heard.push(JSON.parse(text)[0]));
      await once(ws, 'open');
      for (let n = 0; n < 20; n += 1) ws.send(JSON.stringify(['auth', { token: newToken('') }]));
      await once(ws, 'close');
      assert.deepEqual(heard, ['connect_error']);
    }
  });

  it('asks REST for so many unknown tokens, and the database is not asked for the rest', async () => {
    const at = (localAddress) => new http.Agent({ localAddress });
    const read = (agent_, headers) => request(stack, 'GET', '/api/chat/history/x', { agent: agent_, headers });
    const ask = { // a header, and a cookie
      '127.2.1.1': () => read(at('127.2.1.1'), { Authorization: `Bearer ${newToken('')}` }),
      '127.2.1.2': () => read(at('127.2.1.2'), { cookie: `livechat_visitor=${newToken('')}` }),
      '127.2.1.3': () => read(at('127.2.1.3'), { cookie: `livechat_agent=${newToken('lca_')}` }),
    };
    for (const [address, one] of Object.entries(ask)) {
      const before_ = await tokenReads();
      const statuses = [];
      for (let i = 0; i < kUnknown + 4; i += 1) {
        const { status, headers } = await one();
        statuses.push(status);
        if (status === 429) assert.ok(headers['retry-after'] >= 1, headers['retry-after']);
      }
      assert.deepEqual(statuses, [...Array(kUnknown).fill(401), ...Array(4).fill(429)], address);
      assert.equal(await tokenReads() - before_, kUnknown);
    }
    // What has not the form of a token costs nothing.
    assert.equal((await read(at('127.2.1.1'), { Authorization: 'Bearer x' })).status, 401);
  });

  it('does so as often as it likes with good tokens', async () => {
    const agent_ = new http.Agent({ localAddress: '127.2.1.4' });
    for (let i = 0; i < 3 * kUnknown; i += 1) {
      const { token, clientId } = await newVisitor(stack);
      const headers = { Authorization: `Bearer ${token}` };
      assert.equal((await request(stack, 'GET', sessionPath('history', clientId), { agent: agent_, headers })).status, 200);
    }
  });
});
