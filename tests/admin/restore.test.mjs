// Backup and restore as docs/operations.md says: a backup while everybody writes, put back, and all
// clients with the same state as the database afterwards.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { dump, load } from '../harness/backup.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { adminOf } from './lib/admin.mjs';

const ROOMS = ['r1', 'r2', 'r3', 'r4'];
let stack;
const clients = []; // closed at the end, also of a test that failed

before(async () => {
  stack = await Stack.start({ wsDaemons: 2 });
  for (const room of ROOMS) await stack.sql(`CALL livechat_open('${room}')`);
});
after(async () => {
  for (const client of clients) client.close();
  await stack?.stop();
});

async function connect() {
  const client = await ChatClient.connect(stack);
  clients.push(client);
  return client;
}

// A client as docs/protocol.md asks for: it keeps what it saw by seq, resumes by it after each
// reconnect, and begins anew when the epoch changes.
class Keeper {
  static async start(room) {
    const keeper = new Keeper();
    keeper.room = room;
    keeper.messages = new Map();
    keeper.epoch = '';
    keeper.resets = 0;
    keeper.client = await connect();
    keeper.client.socket.on('new-message', ({ seq, message }) => keeper.messages.set(seq, message));
    keeper.client.socket.on('connect', () => keeper.join());
    await keeper.join();
    return keeper;
  }

  async join() {
    const after = Math.max(0, ...this.messages.keys());
    // The replay comes behind the acknowledgement.
    const ack = await new Promise((resolve) => {
      this.client.socket.emit('join', { clientId: this.room, after, epoch: this.epoch }, (answer) => {
        if (this.epoch && answer.epoch !== this.epoch) {
          this.messages.clear();
          this.resets += 1;
        }
        this.epoch = answer.epoch ?? this.epoch;
        resolve(answer);
      });
    });
    assert.equal(ack.status, 'ok');
  }

  async agrees() {
    const rows = await stack.sql(`SELECT m.seq, m.body FROM message m JOIN session s ON s.id = m.session_id
      WHERE s.client_id = '${this.room}' ORDER BY m.seq`);
    const want = rows.map(([seq, body]) => [Number(seq), body]);
    const have = () => [...this.messages].sort(([a], [b]) => a - b);
    await waitFor(() => JSON.stringify(have()) === JSON.stringify(want),
      () => `${this.room}: has ${JSON.stringify(have().slice(-5))}, database ${JSON.stringify(want.slice(-5))}`);
  }
}

// Writes to all rooms until stop(); counts what was acknowledged.
class Load {
  static async start() {
    const load = new Load();
    load.acknowledged = 0;
    load.client = await connect();
    load.running = load.#run();
    return load;
  }

  async #run() {
    while (!this.stopped) {
      const sent = ROOMS.map((clientId) => this.client.ask('send-message',
        { clientId, sender: 'client', message: `load ${this.acknowledged}` }).catch(() => ({})));
      for (const { status } of await Promise.all(sent)) this.acknowledged += status === 'ok' ? 1 : 0;
    }
  }

  async stop() {
    this.stopped = true;
    await this.running;
    this.client.close();
  }
}

async function isConsistent() {
  const wrong = await stack.sql(`SELECT s.client_id FROM session s LEFT JOIN message m ON m.session_id = s.id
    GROUP BY s.id HAVING COUNT(m.seq) <> MAX(s.last_seq) OR COALESCE(MAX(m.seq), 0) <> MAX(s.last_seq)`);
  assert.deepEqual(wrong, []);
}

test('a dump under load, more messages, the dump put back: everybody sees the restored state', async () => {
  const file = path.join(stack.state, 'backup.sql');
  const keepers = await Promise.all(ROOMS.map((room) => Keeper.start(room)));
  const writing = await Load.start();
  await waitFor(() => writing.acknowledged > 100, 'load');
  await dump(stack, file);
  const atDump = writing.acknowledged;
  await waitFor(() => writing.acknowledged > atDump + 100, 'more load');
  await writing.stop();
  for (const keeper of keepers) await keeper.agrees();

  for (const program of ['wsd-a', 'wsd-b', 'fcgi']) await stack.take(program);
  await load(stack, file);
  const renewed = await adminOf(stack, ['restore-finished', '--yes', '--json']);
  assert.equal(renewed.code, 0, renewed.stderr);
  for (const program of ['wsd-a', 'wsd-b', 'fcgi']) await stack.bring(program);

  await isConsistent();
  const [[count]] = await stack.sql('SELECT COUNT(*) FROM message');
  assert.ok(Number(count) > 100 && Number(count) < writing.acknowledged, `${count} of ${writing.acknowledged}`);
  // What comes now has numbers that the clients have seen with other texts.
  for (const room of ROOMS) await stack.sql(`CALL livechat_send('${room}', 'admin', 'after the restore')`);
  for (const keeper of keepers) {
    await keeper.agrees();
    assert.equal(keeper.resets, 1);
    assert.equal(keeper.epoch, renewed.json.epoch);
  }
  // Nobody was put back to where he was before.
  assert.ok(keepers.every(({ client }) => !client.socket.recovered));
  keepers.forEach(({ client }) => client.close());
});

test('a daemon that ran all the time notices, drops what it knew, and its clients come anew', async () => {
  const file = path.join(stack.state, 'backup2.sql');
  await dump(stack, file);
  const keepers = await Promise.all(ROOMS.map((room) => Keeper.start(room)));
  const writer = await connect();
  const write = (clientId, message) => writer.ask('send-message', { clientId, sender: 'client', message });
  // Sessions made after the backup: their ids will be given out again to others.
  await stack.sql("CALL livechat_open('made-later')");
  for (let i = 0; i < 20; i += 1) {
    assert.equal((await write('made-later', `old ${i}`)).status, 'ok');
    assert.equal((await write('r1', `old ${i}`)).status, 'ok');
  }
  for (const keeper of keepers) await keeper.agrees();

  await load(stack, file);
  const { json } = await adminOf(stack, ['restore-finished', '--yes', '--json']);
  await stack.sql("CALL livechat_open('somebody-else'); CALL livechat_send('somebody-else', 'client', 'mine')");
  for (const name of ['wsd-a', 'wsd-b']) {
    await waitFor(() => stack.log(name).includes(`epoch=${json.epoch}`), `${name} to notice`);
  }
  assert.match(stack.log('wsd-a') + stack.log('wsd-b'), /event=feed_restored/);
  for (const keeper of keepers) await waitFor(() => keeper.epoch === json.epoch, 'the new epoch');
  for (const room of ROOMS) await stack.sql(`CALL livechat_send('${room}', 'admin', 'after the second restore')`);
  for (const keeper of keepers) await keeper.agrees();
  await waitFor(() => writer.socket.connected, 'the writer');
  assert.equal((await write('made-later', 'into nowhere')).code, 'session_not_found');
  assert.deepEqual(await stack.sql("SELECT last_seq FROM session WHERE client_id = 'somebody-else'"), [['1']]);
  await isConsistent();
  keepers.forEach(({ client }) => client.close());
  writer.close();
});

test('a restore that nobody has announced is noticed where it shows', async () => {
  const file = path.join(stack.state, 'backup3.sql');
  await dump(stack, file);
  const keeper = await Keeper.start('r1');
  for (let i = 0; i < 5; i += 1) await stack.sql("CALL livechat_send('r1', 'client', 'lost')");
  await keeper.agrees();
  const before = stack.log('wsd-a').split('event=feed_restored').length + stack.log('wsd-b').split('event=feed_restored').length;
  await load(stack, file);
  const count = () => stack.log('wsd-a').split('event=feed_restored').length + stack.log('wsd-b').split('event=feed_restored').length;
  await waitFor(() => count() > before, 'a daemon to notice');
  keeper.client.close();
});
