// The whole conversation that every client of livechat must be able to have, held by a visitor of any
// kind with an agent who uses the stock client.
//
// A visitor is { ask(event, data) -> ack, emit(event, data), heard(event) -> [data], connects() -> how often
// it has connected, recovers: whether it resumes by itself what it missed, close() }; all may be async.
import assert from 'node:assert/strict';

import { ChatClient } from '../../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../../harness/http.mjs';
import { waitFor } from '../../harness/wait.mjs';

const hears = (visitor, event, count) =>
  waitFor(async () => {
    const heard = await visitor.heard(event);
    return heard.length >= count && heard;
  }, `${count} of ${event}`, 60_000);

// stack: a Stack with one daemon, which is restarted in the middle; open: gives the visitor.
export async function holdConversation(stack, open) {
  const clientId = await newSession(stack);
  const agent = await ChatClient.connect(stack);
  const visitor = await open();
  try {
    assert.deepEqual(await agent.ask('join', clientId), { status: 'ok', clientId, lastSeq: 0 });
    assert.deepEqual(await visitor.ask('join', clientId), { status: 'ok', clientId, lastSeq: 0 });
    await talk(visitor, agent, clientId);
    await type(visitor, agent, clientId);
    await comeBack(stack, visitor, agent, clientId);
  } finally {
    agent.close();
    await visitor.close();
  }
}

async function talk(visitor, agent, clientId) {
  const ack = await visitor.ask('send-message', { clientId, message: 'Grüße 👋', sender: 'client', messageId: 'm-1' });
  assert.equal(ack.status, 'ok');
  assert.equal(ack.seq, 1);
  assert.equal(ack.messageId, 'm-1');
  const said = { clientId, message: 'Grüße 👋', sender: 'client', createdAt: ack.createdAt, seq: 1, messageId: 'm-1' };
  assert.deepEqual(await hears(visitor, 'new-message', 1), [said]);
  assert.deepEqual(await agent.hears('new-message'), said);

  await visitor.emit('send-message', { clientId, message: 'without an ack', sender: 'client' });
  await hears(visitor, 'new-message', 2);
  assert.equal((await agent.ask('send-message', { clientId, message: 'Hello', sender: 'admin' })).seq, 3);
  const heard = await hears(visitor, 'new-message', 3);
  assert.deepEqual(heard.map(({ seq, sender, message }) => [seq, sender, message]),
    [[1, 'client', 'Grüße 👋'], [2, 'client', 'without an ack'], [3, 'admin', 'Hello']]);

  const refused = await visitor.ask('send-message', { clientId, message: ' ', sender: 'client' });
  assert.equal(refused.status, 'error');
  assert.equal(refused.code, 'message_required');
}

async function type(visitor, agent, clientId) {
  agent.emit('typing', { clientId, isTyping: true, sender: 'admin' });
  assert.deepEqual(await hears(visitor, 'typing', 1), [{ clientId, isTyping: true, sender: 'admin' }]);
  await visitor.emit('typing', { clientId, isTyping: true, sender: 'client' });
  assert.deepEqual(await agent.hears('typing', (data) => data.sender === 'client'),
    { clientId, isTyping: true, sender: 'client' });
}

// The daemon ends and comes back. What is said meanwhile is heard once, by a client that resumes by
// itself as by one that joins again from where it was.
async function comeBack(stack, visitor, agent, clientId) {
  const before = await visitor.connects();
  await stack.take('wsd-a');
  const sent = await request(stack, 'POST', sessionPath('messages', clientId), {
    body: { message: 'while you were away', sender: 'admin' },
  });
  assert.equal(sent.status, 201, sent.text);
  await stack.bring('wsd-a');
  await waitFor(async () => (await visitor.connects()) > before, 'the new connection', 60_000);
  if (!visitor.recovers) {
    assert.equal((await visitor.ask('join', { clientId, after: 3 })).status, 'ok');
  }
  await hears(visitor, 'new-message', 4);
  assert.equal((await visitor.ask('send-message', { clientId, message: 'back', sender: 'client' })).seq, 5);
  const heard = await hears(visitor, 'new-message', 5);
  assert.deepEqual(heard.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
  assert.equal(heard[3].message, 'while you were away');
  assert.deepEqual((await agent.hearsAll('new-message', 5)).map(({ seq }) => seq), [1, 2, 3, 4, 5]);
}

// The choices of transports that a stock client has.
export const transports = {
  'default transports': {},
  'polling only': { transports: ['polling'] },
  'websocket only': { transports: ['websocket'] },
  'websocket first': { transports: ['websocket', 'polling'] },
};

// How tests let clients come back sooner than they would.
export const soon = { reconnectionDelay: 100, reconnectionDelayMax: 300 };
