// Walks the table of docs/security.md: every operation, by everybody, over every transport. For those who
// may not reach a session, one that never was looks the same.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { sessionPath } from '../harness/http.mjs';
import { Stack, root } from '../harness/stack.mjs';
import { call, newAgent, newBot, newVisitor } from './lib/people.mjs';
import { Refused, transports } from './lib/sockets.mjs';

// { operation: { who: cell } }
function readTable() {
  const text = fs.readFileSync(path.join(root, 'docs/security.md'), 'utf8');
  const lines = text.split('\n## The table\n')[1].split('\n## ')[0].split('\n').filter((line) => line.startsWith('|'));
  const cells = (line) => line.slice(1, -1).split('|').map((cell) => cell.trim());
  const [, ...everybody] = cells(lines[0]);
  return Object.fromEntries(lines.slice(2).map(cells).map(([operation, ...answers]) =>
    [operation, Object.fromEntries(everybody.map((who, i) => [who, answers[i]]))]));
}

const table = readTable();
const everybody = Object.keys(table['list sessions']);

// What REST offers of it: [method, path, body]
let opened = 0;
const rest = {
  'initialize a new clientId': () => ['POST', '/api/chat/initialize', { clientId: `opened by the test ${++opened}` }],
  'initialize mine': (clientId) => ['POST', '/api/chat/initialize', { clientId }],
  'list sessions': () => ['GET', '/api/chat/sessions?limit=1'],
  'show one of the sessions': (clientId) => ['GET', sessionPath('sessions', clientId)],
  'read the history of mine': (clientId) => ['GET', sessionPath('history', clientId)],
  'send into mine as client': (clientId) => ['POST', sessionPath('messages', clientId), { sender: 'client', message: 'x' }],
  'send into mine as admin': (clientId) => ['POST', sessionPath('messages', clientId), { sender: 'admin', message: 'x' }],
  'mark mine as read as client': (clientId) => ['PUT', sessionPath('read', clientId), { sender: 'client' }],
  'mark mine as read as admin': (clientId) => ['PUT', sessionPath('read', clientId), { sender: 'admin' }],
  'close mine': (clientId) => ['PUT', sessionPath('close', clientId)],
  'sign a visitor out': () => ['DELETE', sessionPath('tokens', 'somebody else')],
  'manage bans': () => ['GET', '/api/chat/bans'],
};

// What sockets offer of it: [event, data]
const events = {
  'watch sessions': () => ['watch-sessions'],
  'join mine': (clientId) => ['join', clientId],
  'send into mine as client': (clientId) => ['send-message', { clientId, sender: 'client', message: 'x' }],
  'send into mine as admin': (clientId) => ['send-message', { clientId, sender: 'admin', message: 'x' }],
  'type in mine as client': (clientId) => ['typing', { clientId, sender: 'client', isTyping: true }],
  'type in mine as admin': (clientId) => ['typing', { clientId, sender: 'admin', isTyping: true }],
  'mark mine as read as client': (clientId) => ['mark-read', { clientId, sender: 'client' }],
  'mark mine as read as admin': (clientId) => ['mark-read', { clientId, sender: 'admin' }],
};

const codes = { 401: 'unauthorized', 403: 'forbidden' };
let stack;
let session; // the owner's
const people = {};

before(async () => {
  stack = await Stack.start({ auth: 'token', set: ['limits.typing_per_second=100', 'log.level=debug', 'log.format=json'] });
  people.owner = await newVisitor(stack);
  people['other visitor'] = await newVisitor(stack);
  people.agent = await newAgent(stack);
  people.supervisor = await newAgent(stack, 'supervisor');
  for (const who of everybody.filter((name) => name.startsWith('bot: '))) people[who] = await newBot(stack, who.slice(5));
  people['bot of all scopes'] = await newBot(stack, 'sessions,read,send,close,visitor');
  session = people.owner.clientId;
}, { timeout: 120_000 });

after(() => stack?.stop());

const messages = async () => Number((await stack.sql('SELECT COUNT(*) FROM message'))[0][0]);

it('the table names what REST and the sockets offer', () => {
  assert.deepEqual(Object.keys(table).sort(), [...new Set([...Object.keys(rest), ...Object.keys(events)])].sort());
});

describe('over REST', () => {
  for (const who of everybody) {
    it(`${who} is answered as the table says, and no differently about a session that never was`, async () => {
      for (const [operation, of] of Object.entries(rest)) {
        const ask = (clientId) => {
          const [method, where, body] = of(clientId);
          return call(stack, people[who], method, where, { body });
        };
        const before_ = await messages();
        const answer = await ask(session);
        const wanted = table[operation][who];
        if (wanted === 'yes') {
          assert.ok(answer.status < 300, `${operation}: ${answer.text}`);
          continue;
        }
        assert.equal(answer.status, Number(wanted), `${operation}: ${answer.text}`);
        assert.equal(answer.body.code, codes[wanted]);
        assert.equal(await messages(), before_);
        if (operation.startsWith('initialize')) continue; // which may make it
        const unknown = await ask('a session that never was');
        assert.deepEqual({ ...unknown.body, requestId: '' }, { ...answer.body, requestId: '' });
      }
    });
  }
});

for (const [transport, connect] of Object.entries(transports)) {
  describe(`over ${transport}`, () => {
    it('a stranger is not let in', async () => {
      for (const operation of Object.keys(events)) assert.equal(table[operation].stranger, '401');
      await assert.rejects(connect(stack), (error) => {
        assert.ok(error instanceof Refused);
        assert.equal(error.code, 'unauthorized');
        assert.match(error.message, /token is required/);
        return true;
      });
    });

    for (const who of everybody.filter((name) => name !== 'stranger')) {
      it(`${who} is answered as the table says, and no differently about a session that never was`, async () => {
        const client = await connect(stack, people[who]);
        for (const [operation, of] of Object.entries(events)) {
          const before_ = await messages();
          const answer = await client.ask(...of(session));
          const wanted = table[operation][who];
          if (wanted === 'yes') {
            assert.equal(answer.status, 'ok', `${operation}: ${JSON.stringify(answer)}`);
            continue;
          }
          assert.equal(answer.code, codes[wanted], `${operation}: ${JSON.stringify(answer)}`);
          assert.equal(await messages(), before_);
          assert.deepEqual(await client.ask(...of('a session that never was')), answer);
        }
        client.close();
      });
    }

    it('a bot of all scopes may do what its scopes allow together', async () => {
      const client = await connect(stack, people['bot of all scopes']);
      for (const [operation, of] of Object.entries(events)) {
        const may = Object.entries(table[operation]).some(([who, cell]) => who.startsWith('bot: ') && cell === 'yes');
        assert.equal((await client.ask(...of(session))).status === 'ok', may, operation);
      }
      client.close();
    });

    it('who is not allowed to join hears nothing of the room', async () => {
      const owner = await connect(stack, people.owner);
      const other = await connect(stack, people['other visitor']);
      await owner.ask('join', session);
      await other.ask('join', session);
      await owner.ask('send-message', { clientId: session, sender: 'client', message: 'for the agent alone' });
      await owner.ask('typing', { clientId: session, sender: 'client', isTyping: true });
      // What another visitor is sent comes behind whatever the room would have brought.
      const own = people['other visitor'].clientId;
      await other.ask('join', own);
      await other.ask('send-message', { clientId: own, sender: 'client', message: 'x' });
      assert.deepEqual(other.heard('new-message').filter(({ clientId }) => clientId === session), []);
      assert.deepEqual(other.heard('typing'), []);
      owner.close();
      other.close();
    });
  });
}

it('nothing that was logged holds a token, not even with all levels and as JSON', async () => {
  const places = await stack.keepsSecrets();
  for (const name of ['fcgi', 'wsd-a']) assert.match(places[path.join(stack.state, 'log', `${name}.log`)], /^\{.*"level":"debug"/m);
});
