// The database goes away and comes back under load: both programs stay up, refuse by name, and nothing
// that was acknowledged is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(() => stack?.stop());

// Sends over a socket and by REST without a pause until stopped; keeps what was acknowledged and which
// errors came.
class Load {
  constructor(client, clientId) {
    this.acknowledged = [];
    this.errors = { socket: [], rest: [] };
    this.running = true;
    this.done = Promise.all([this.#overSocket(client, clientId), this.#overRest(clientId)]);
  }

  async #overSocket(client, clientId) {
    for (let i = 0; this.running; i += 1) {
      const message = `socket ${i}`;
      const ack = await client.ask('send-message', { clientId, message, sender: 'client', messageId: message });
      if (ack.status === 'ok') this.acknowledged.push({ seq: ack.seq, message });
      else this.errors.socket.push(ack);
    }
  }

  async #overRest(clientId) {
    for (let i = 0; this.running; i += 1) {
      const message = `rest ${i}`;
      const answer = await request(stack, 'POST', sessionPath('messages', clientId), {
        body: { message, sender: 'admin', messageId: message },
      });
      if (answer.status === 201) this.acknowledged.push({ seq: answer.body.seq, message });
      else this.errors.rest.push(answer);
    }
  }
}

async function everyMessage(clientId) {
  const found = [];
  for (;;) {
    const after = found.at(-1)?.seq ?? 0;
    const { body } = await request(stack, 'GET', sessionPath('history', clientId, `?after=${after}&limit=200`));
    if (body.messages.length === 0) return found;
    found.push(...body.messages);
  }
}

for (const [how, signal] of [['stopped', 'SIGTERM'], ['killed', 'SIGKILL']]) {
  test(`MariaDB ${how} and started under load`, { timeout: 120_000 }, async () => {
    const clientId = await newSession(stack);
    const client = await ChatClient.connect(stack);
    assert.equal((await client.ask('join', clientId)).status, 'ok');
    const pids = ['fcgi', 'wsd-a'].map((name) => stack.pid(name));

    const load = new Load(client, clientId);
    await waitFor(() => load.acknowledged.length > 50, 'the first messages');
    await stack.take('mariadb', signal);
    await waitFor(() => load.errors.socket.length > 0 && load.errors.rest.length > 0, 'the first errors');
    await stack.bring('mariadb');
    const before = load.acknowledged.length;
    await waitFor(() => load.acknowledged.length > before + 50, 'messages after the return');
    load.running = false;
    await load.done;

    assert.deepEqual([...new Set(load.errors.socket.map((ack) => ack.code))], ['unavailable']);
    for (const answer of load.errors.rest) {
      assert.equal(answer.status, 503);
      assert.equal(answer.body.code, 'unavailable');
      assert.match(answer.headers['retry-after'], /^\d+$/);
    }
    assert.deepEqual(['fcgi', 'wsd-a'].map((name) => stack.pid(name)), pids, 'nothing was restarted');
    assert.deepEqual(client.disconnects, []);

    const stored = new Map((await everyMessage(clientId)).map((one) => [one.seq, one.message]));
    for (const { seq, message } of load.acknowledged) assert.equal(stored.get(seq), message);
    assert.equal(new Set(stored.values()).size, stored.size, 'nothing is stored twice');
    const last = Math.max(...stored.keys());
    await client.hears('new-message', (data) => data.seq === last);
    assert.deepEqual(client.all('new-message').map((data) => data.seq), [...stored.keys()]);
    client.close();
  });
}
