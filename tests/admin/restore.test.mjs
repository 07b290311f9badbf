// Backup and restore by the commands of docs/operations.md: a dump while everybody writes at full speed, the
// dump put back, and all clients with the same state as the database afterwards.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';

import { dump, load } from '../harness/backup.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { Load } from '../harness/load.mjs';
import { follow } from '../harness/manual.mjs';
import { wanted as onMysql } from '../harness/mysql.mjs';
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
// reconnect, and starts over when the epoch changes.
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

async function isConsistent() {
  const wrong = await stack.sql(`SELECT s.client_id FROM session s LEFT JOIN message m ON m.session_id = s.id
    GROUP BY s.id HAVING COUNT(m.seq) <> MAX(s.last_seq) OR COALESCE(MAX(m.seq), 0) <> MAX(s.last_seq)`);
  assert.deepEqual(wrong, []);
}

const everything = async () => {
  const rows = await stack.sql(`SELECT s.client_id, m.message_id, m.seq FROM message m JOIN session s ON s.id = m.session_id`);
  return new Map(rows.map(([room, messageId, seq]) => [`${room} ${messageId}`, Number(seq)]));
};
const parts = async () => [
  await stack.sql('SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1'),
  await stack.sql('SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1'),
];

// By the commands of the manual.
const follows = (section, block) => (onMysql ? follow(stack, 'MySQL before 5.7', stack.state, { block }) : follow(stack, section, stack.state));
const backup = () => follows('Backup', 0);
const restore = async () => (await follows('Restore', 1)).match(/the new epoch ([\w-]+)/)[1];

test('a dump under load, more messages, the dump put back: everybody sees the restored state', async () => {
  const keepers = await Promise.all(ROOMS.map((room) => Keeper.start(room)));
  const partsBefore = await parts();
  const writing = await Load.start(stack, ROOMS);
  await waitFor(() => writing.count > 500, 'load');
  const beforeDump = writing.snapshot();
  await backup();
  const afterDump = writing.count;
  await waitFor(() => writing.count > afterDump + 100, 'more load');
  await writing.stop();
  assert.ok(afterDump > beforeDump.length, 'no one wrote during the dump');
  for (const way of ['socket', 'rest', 'sql']) assert.ok(beforeDump.some(([, messageId]) => messageId.startsWith(way)), way);
  for (const keeper of keepers) await keeper.agrees();
  const sentInAll = await everything();

  const epoch = await restore();

  await isConsistent();
  const found = await everything();
  for (const [room, messageId, seq] of beforeDump) assert.equal(found.get(`${room} ${messageId}`), seq, `${room} ${messageId}`);
  // The dump is the state of one moment: of each room a beginning of what was written, and all of it.
  for (const [name, seq] of found) assert.equal(sentInAll.get(name), seq, name);
  assert.ok(found.size < sentInAll.size, `${found.size} of ${sentInAll.size}`);
  assert.deepEqual(await parts(), partsBefore);
  // What comes now has numbers that the clients have seen with other texts.
  for (const room of ROOMS) await stack.sql(`CALL livechat_send('${room}', 'admin', 'after the restore')`);
  for (const keeper of keepers) {
    await keeper.agrees();
    assert.equal(keeper.resets, 1);
    assert.equal(keeper.epoch, epoch);
  }
  // No one was put back to where they were before.
  assert.ok(keepers.every(({ client }) => !client.socket.recovered));
  keepers.forEach(({ client }) => client.close());
});

test('triggers and procedures of a restored database do what they did', async () => {
  const number = `SELECT last_seq, client_unread, status FROM session WHERE client_id = 'r1'`;
  const [[seq, unread]] = await stack.sql(number);
  const notified = async () => Number((await stack.sql('SELECT COUNT(*) FROM notification'))[0][0]);
  const before = await notified();
  await stack.sql(`SELECT id INTO @id FROM session WHERE client_id = 'r1';
    INSERT INTO message (session_id, sender, body) VALUES (@id, 'admin', 'by hand')`);
  assert.deepEqual(await stack.sql(number), [[String(Number(seq) + 1), String(Number(unread) + 1), 'active']]);
  await stack.sql("CALL livechat_read('r1', 'client'); CALL livechat_close('r1')");
  assert.deepEqual(await stack.sql(number), [[String(Number(seq) + 1), '0', 'closed']]);
  await stack.sql("CALL livechat_open('r1'); CALL livechat_send_once('r1', 'client', 'once', 'o'); CALL livechat_send_once('r1', 'client', 'once', 'o')");
  assert.deepEqual((await stack.sql(number))[0][0], String(Number(seq) + 2));
  // Two messages, one reading, closed, opened.
  assert.equal(await notified(), before + 5);
  await assert.rejects(stack.sql("CALL livechat_send('r1', 'client', '')"), /the message is empty/);
  await isConsistent();
});

test('a daemon that ran all the time notices, drops what it knew, and its clients reconnect', async () => {
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
    await waitFor(() => stack.log(name).includes(`epoch=${json.epoch}`),
      () => `${name} to notice ${json.epoch}:\n${stack.log('wsd-a').slice(-3000)}\n\n${stack.log('wsd-b').slice(-3000)}`);
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

test('while feed_state is empty, a restore is under way, and no daemon writes into it', async () => {
  const daemons = ['wsd-a', 'wsd-b'];
  const waits = (name) => stack.log(name).split('a backup is being put back').length;
  const before = daemons.map(waits);
  await stack.sql('CREATE TABLE row_of_backup AS SELECT * FROM feed_state; DELETE FROM feed_state');
  await waitFor(() => daemons.every((name, i) => waits(name) > before[i]), 'the daemons to say so');
  await stack.sql('INSERT INTO feed_state SELECT * FROM row_of_backup; DROP TABLE row_of_backup');
  const client = await connect();
  await client.ask('join', 'r1');
  await stack.sql("CALL livechat_send('r1', 'admin', 'there again')");
  await client.hears('new-message', ({ message }) => message === 'there again');
  client.close();
});

// `restore-finished` is not run in these: daemons find out, and the clients have the state of the database.
describe('a restore that was not announced', () => {
  const daemons = ['wsd-a', 'wsd-b'];
  const restores = (name) => stack.log(name).split('event=feed_restored').length;
  let file;
  let keeper;
  let epoch;
  beforeEach(async () => {
    file = path.join(stack.state, 'unannounced.sql');
    await dump(stack, file);
    [[epoch]] = await stack.sql('SELECT epoch FROM feed_state');
    keeper = await Keeper.start('r1');
    for (let i = 0; i < 5; i += 1) await stack.sql("CALL livechat_send('r1', 'client', 'lost')");
    await keeper.agrees();
    assert.equal(keeper.epoch, epoch);
  });
  afterEach(() => keeper?.client.close());

  async function comesAnew() {
    await waitFor(() => keeper.resets === 1, 'the client to start over');
    assert.notEqual(keeper.epoch, epoch);
    assert.deepEqual(await stack.sql('SELECT epoch FROM feed_state'), [[keeper.epoch]]);
    await stack.sql("CALL livechat_send('r1', 'admin', 'and on')");
    await keeper.agrees();
    await isConsistent();
  }

  test('is noticed where numbers have gone back', async () => {
    const before = daemons.map(restores);
    await load(stack, file);
    await waitFor(() => daemons.every((name, i) => restores(name) > before[i]), 'the daemons to notice');
    await comesAnew();
  });

  test('is noticed by daemons that look when other messages have taken the numbers', async () => {
    for (const name of daemons) stack.signal(name, 'SIGSTOP');
    await load(stack, file);
    for (let i = 0; i < 20; i += 1) await stack.sql("CALL livechat_send('r2', 'client', 'other')");
    for (const name of daemons) stack.signal(name, 'SIGCONT');
    await comesAnew();
  });

  test('is noticed by what the newest notification says, in tables that were not created again', async () => {
    // The daemons look at the state of the database once a second, which shows nowhere.
    await stack.sql('SELECT SLEEP(1.5)');
    for (const name of daemons) stack.signal(name, 'SIGSTOP');
    // A snapshot of the file system takes everything back, and nothing is newer than it was.
    await stack.sql(`DELETE FROM message WHERE body = 'lost'; DELETE n FROM notification n ORDER BY id DESC LIMIT 5`
      .replace('DELETE n FROM notification n', 'DELETE FROM notification'));
    const [[last]] = await stack.sql('SELECT COALESCE(MAX(id), 0) FROM notification');
    await stack.sql(`ALTER TABLE notification AUTO_INCREMENT = ${Number(last) + 1};
      UPDATE session s SET last_seq = (SELECT COALESCE(MAX(seq), 0) FROM message m WHERE m.session_id = s.id)`);
    for (let i = 0; i < 20; i += 1) await stack.sql("CALL livechat_send('r2', 'client', 'instead')");
    for (const name of daemons) stack.signal(name, 'SIGCONT');
    await comesAnew();
  });

  test('is noticed by daemons that did not run meanwhile', async () => {
    for (const name of daemons) await stack.take(name);
    await load(stack, file);
    for (let i = 0; i < 20; i += 1) await stack.sql("CALL livechat_send('r2', 'client', 'other')");
    for (const name of daemons) await stack.bring(name);
    await comesAnew();
  });

  test('is noticed also if the backup is older than the restore before: no epoch comes twice', async () => {
    assert.equal((await adminOf(stack, ['restore-finished', '--yes'])).code, 0);
    await waitFor(() => keeper.resets === 1, 'the announced epoch');
    await keeper.agrees();
    const second = keeper.epoch;
    for (const name of daemons) stack.signal(name, 'SIGSTOP');
    await load(stack, file);
    for (const name of daemons) stack.signal(name, 'SIGCONT');
    await waitFor(() => keeper.resets >= 2 && ![epoch, second].includes(keeper.epoch), () => `a third epoch: ${keeper.epoch}`);
    await stack.sql("CALL livechat_send('r1', 'admin', 'and on')");
    await keeper.agrees();
    await isConsistent();
  });

  test('is noticed once: a daemon that starts again later finds nothing', async () => {
    const before = restores('wsd-b');
    await stack.restart('wsd-b', 'SIGTERM');
    assert.equal(restores('wsd-b'), before);
    assert.deepEqual(await stack.sql('SELECT epoch FROM feed_state'), [[epoch]]);
  });
});
