// livechat-admin import: other systems' conversations, with their times, once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { SqlSession } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { adminOf, program, sentence } from './lib/admin.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

function lines(...objects) {
  return objects.map((object) => (typeof object === 'string' ? object : JSON.stringify(object)) + '\n').join('');
}

function take(input, ...more) {
  return adminOf(stack, ['import', '-', '--json', ...more], { input });
}

function say(clientId, message, second, more = {}) {
  return { clientId, sender: 'client', message, createdAt: `2020-01-01T00:00:${String(second).padStart(2, '0')}Z`, ...more };
}

async function history(clientId) {
  return (await adminOf(stack, ['session', 'show', clientId, '--last', '100000', '--json'])).json;
}

// In a table as small as this a server would rather read all rows than look some up.
test('a conversation that another transaction holds delays its own writers only', async () => {
  const rooms = ['r1', 'r2', 'r3', 'r4'];
  for (const room of [...rooms, 'held']) await stack.sql(`CALL livechat_open('${room}')`);
  const holder = new SqlSession(stack.admin);
  try {
    await holder.run('START TRANSACTION');
    await holder.run("CALL livechat_send('held', 'client', 'not yet')");
    const taken = await take(lines(...rooms.map((room) => say(room, 'one', 1))), '--set', 'database.lock_timeout_s=1');
    assert.equal(taken.code, 0, taken.stderr);
    assert.equal(taken.json.messages, rooms.length);
    await holder.run('COMMIT');
  } finally {
    holder.kill();
  }
});

test('messages come with their times, once, however often the file is taken', async () => {
  const file = lines(
    { clientId: 'old', createdAt: '2019-12-31T23:00:00-01:00' },
    say('old', 'one', 1),
    say('old', 'two', 2, { sender: 'admin', read: true, messageId: 'mine' }),
    say('old', 'three', 3, { read: true }),
    say('old', 'four', 4),
    say('old', 'four', 4),
    { clientId: 'old', status: 'closed' },
  );
  const first = await take(file);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(first.json, { lines: 7, badLines: 0, sessions: 1, messages: 5, knownMessages: 0, erasedLines: 0 });
  const old = await history('old');
  assert.equal(old.createdAt, '2020-01-01T00:00:00.000Z');
  assert.equal(old.status, 'closed');
  assert.deepEqual(old.messages.map(({ seq, createdAt, message }) => [seq, createdAt.slice(0, 19), message]), [
    [1, '2020-01-01T00:00:01', 'one'], [2, '2020-01-01T00:00:02', 'two'], [3, '2020-01-01T00:00:03', 'three'],
    [4, '2020-01-01T00:00:04', 'four'], [5, '2020-01-01T00:00:04', 'four'],
  ]);
  assert.deepEqual(old.messages.map(({ read }) => read), [true, true, true, false, false]);
  assert.deepEqual(old.unread, { client: 0, admin: 2 });
  assert.equal(old.messages[1].messageId, 'mine');

  const second = await take(file);
  assert.deepEqual(second.json, { lines: 7, badLines: 0, sessions: 0, messages: 0, knownMessages: 5, erasedLines: 0 });
  assert.deepEqual(await history('old'), old);
});

test('bad lines are named with their number, and the others taken', async () => {
  const taken = await take(lines(
    say('bad', 'one', 1), '{"clientId":', '', say('bad', '', 2), { clientId: 'bad', sender: 'nobody', message: 'x' },
    say('bad', 'two', 3, { createdAt: 'yesterday' }), say('bad', 'three', 4),
  ));
  assert.equal(taken.code, 5);
  assert.equal(taken.json.messages, 2);
  assert.equal(taken.json.badLines, 4);
  const named = taken.stderr.trimEnd().split('\n');
  assert.deepEqual(named.map((line) => line.match(/^line (\d+): ./)[1]), ['2', '4', '5', '6']);
  assert.match(named[3], /createdAt is a time like/);

  const many = await take(lines(...Array.from({ length: 30 }, () => 'x')));
  assert.equal(many.json.badLines, 30);
  assert.equal(many.stderr.trimEnd().split('\n').length, 21);
});

test('a run that broke off is taken up by the next', async () => {
  const all = Array.from({ length: 1000 }, (_, i) => ({ clientId: `part${i % 7}`, sender: 'client', message: `m${i}` }));
  await take(lines(...all.slice(0, 450)));
  const rest = await take(lines(...all));
  assert.deepEqual([rest.json.messages, rest.json.knownMessages], [550, 450]);
  const { messages } = await history('part3');
  assert.deepEqual(messages.map(({ seq }) => seq), messages.map((_, i) => i + 1));
  assert.deepEqual(messages.map(({ message }) => message), all.filter((_, i) => i % 7 === 3).map(({ message }) => message));
});

test('no time lies in the future or goes back', async () => {
  await take(lines(say('times', 'a', 30), say('times', 'b', 10), say('times', 'c', 0, { createdAt: '2999-01-01T00:00:00Z' })));
  const times = (await history('times')).messages.map(({ createdAt }) => createdAt);
  assert.deepEqual(times.slice(0, 2), ['2020-01-01T00:00:30.000Z', '2020-01-01T00:00:30.000Z']);
  assert.ok(Math.abs(Date.parse(times[2]) - Date.now()) < 60_000, times[2]);
  await stack.sql("CALL livechat_send('times', 'client', 'now')");
  assert.ok(Date.parse((await history('times')).messages[3].createdAt) >= Date.parse(times[2]));
});

test('who has the conversation open sees what is added to it', async () => {
  await stack.sql("CALL livechat_open('open')");
  const client = await ChatClient.connect(stack);
  await client.ask('join', 'open');
  await take(lines(...Array.from({ length: 300 }, (_, i) => say('open', `m${i}`, 5))));
  const heard = await client.hearsAll('new-message', 300);
  assert.deepEqual(heard.map(({ seq }) => seq), heard.map((_, i) => i + 1));
  client.close();
});

test('what export writes, import takes: into another conversation like the first', async () => {
  await take(lines(say('trip', 'x', 1), say('trip', 'y "quoted"\n', 2, { sender: 'admin', read: true }), { clientId: 'trip', status: 'closed' }));
  await adminOf(stack, ['erase', 'trip', '--yes']);
  await stack.sql("CALL livechat_send('trip', 'client', 'after'); CALL livechat_close('trip')");
  const exported = (await adminOf(stack, ['export', 'trip', '--format', 'jsonl'])).stdout;
  const moved = await take(exported.replaceAll('"clientId":"trip"', '"clientId":"trip2"'));
  assert.equal(moved.code, 0, moved.stderr);
  const [one, two] = [await history('trip'), await history('trip2')];
  assert.ok(one.messages[0].erased);
  const bare = (messages) => messages.map(({ messageId: _, ...rest }) => rest);
  assert.deepEqual(bare(two.messages), bare(one.messages));
  assert.equal(two.status, 'closed');
});

test('who was erased does not come back with an old file, under the old name or without one', async () => {
  const old = lines(
    { clientId: 'gone', createdAt: '2020-01-01T00:00:00Z' }, say('gone', 'private', 1, { messageId: 'mine' }),
    say('gone', 'more of it', 2), { clientId: 'gone', sender: 'client', message: 'of no time' }, { clientId: 'gone', status: 'closed' },
    say('stays', 'hello', 1),
  );
  const secrets = async () => (await stack.sql('SELECT body FROM message UNION ALL SELECT last_body FROM session')).flat()
    .filter((text) => /private|more of it|of no time/.test(text)).length;
  await take(old);
  assert.equal(await secrets(), 4, 'three, and the copy of the newest');
  await adminOf(stack, ['erase', 'gone', '--yes']);
  assert.deepEqual((await take(old)).json,
    { lines: 6, badLines: 0, sessions: 0, messages: 0, knownMessages: 1, erasedLines: 5 });
  assert.equal(await secrets(), 0);
  assert.equal((await history('gone')).messages.length, 3);

  // What is newer than the erasure comes as ever.
  await stack.sql("UPDATE erasure SET erased_at = '2020-01-01 12:00:00.000'");
  const newer = await take(lines(say('gone', 'again', 0, { createdAt: '2020-01-01T12:00:00.001Z' }), say('gone', 'private', 0, { createdAt: '2020-01-01T12:00:00Z' })));
  assert.deepEqual([newer.json.messages, newer.json.erasedLines], [1, 1]);

  await adminOf(stack, ['erase', 'gone', '--anonymous', '--yes']);
  const taken = await adminOf(stack, ['import', '-'], { input: old });
  assert.match(taken.stdout, /; 5 lines were left out because their clientId was erased here since/);
  assert.equal(await secrets(), 0);
  assert.equal((await adminOf(stack, ['session', 'show', 'gone'])).code, 1);
});

test('a dry run writes nothing', async () => {
  const checked = await take(lines(say('dry', 'x', 1), 'bad'), '--dry-run');
  assert.equal(checked.code, 5);
  assert.equal((await adminOf(stack, ['session', 'show', 'dry'])).code, 1);
});

test('at a terminal it shows how far it is, and nowhere else', async () => {
  const file = path.join(stack.state, 'progress.jsonl');
  fs.writeFileSync(file, lines(...Array.from({ length: 2000 }, (_, i) => say('progress', `m${i}`, 0))));
  const command = [program, '--config', path.join(stack.state, 'livechat.toml'), 'import', file];
  const shown = execFileSync('script', ['--quiet', '--return', '--command', command.map((word) => `'${word}'`).join(' '), '/dev/null'],
    { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  assert.match(shown, /\rimporting {2}\[=* *\] {2}\d+ % {2}[\d,.' ]+ of [\d,.' ]+/);
  assert.match(shown, /importing {2}\[={30}\] {2}100 %/);
  assert.match(shown, /2.?000 messages and 1 sessions were added/);
  const quiet = await adminOf(stack, ['import', file]);
  assert.doesNotMatch(quiet.stdout + quiet.stderr, /importing|\r/);
});

test('a file that cannot be read', async () => {
  for (const file of ['/nowhere/lines', stack.state]) {
    const refused = await adminOf(stack, ['import', file]);
    assert.equal(refused.code, 2);
    assert.match(sentence(refused), /cannot read .*: name a file/);
  }
});

test('thirty thousand lines in a file, while one of the conversations goes on', async () => {
  const file = path.join(stack.state, 'large.jsonl');
  const count = 30_000;
  fs.writeFileSync(file, lines(...Array.from({ length: count }, (_, i) => say(`large${i % 100}`, `m${i}`, Math.floor((i / count) * 60)))));
  const started = Date.now();
  const importing = adminOf(stack, ['import', file, '--json']);
  await waitFor(async () => (await stack.sql("SELECT COUNT(*) FROM session WHERE client_id = 'large7'"))[0][0] === '1', 'the session');
  for (let i = 0; i < 20; i += 1) await stack.sql("CALL livechat_send('large7', 'client', 'live')");
  const taken = await importing;
  assert.equal(taken.code, 0, taken.stderr);
  assert.equal(taken.json.messages, count);
  const { messages } = await history('large7');
  assert.equal(messages.length, count / 100 + 20);
  assert.deepEqual(messages.map(({ seq }) => seq), messages.map((_, i) => i + 1));
  assert.ok(Date.now() - started < 120_000);
});

test('an export that comes back changes nothing', async () => {
  await stack.sql("CALL livechat_open('back'); CALL livechat_open('back-closed')");
  const client = await ChatClient.connect(stack);
  // Without messageIds, some of them twice at once, and one with a name of its own.
  for (const clientId of ['back', 'back-closed']) {
    for (let i = 0; i < 3; i += 1) {
      const sent = await Promise.all(['client', 'client', 'admin'].map((sender) =>
        client.ask('send-message', { clientId, sender, message: 'the same' })));
      assert.deepEqual(sent.map(({ status }) => status), ['ok', 'ok', 'ok']);
    }
    await client.ask('send-message', { clientId, sender: 'client', message: 'named', messageId: 'its-own' });
  }
  client.close();
  await stack.sql("CALL livechat_close('back-closed')");
  const all = () => stack.sql(`SELECT s.client_id, s.status, s.last_seq, m.seq, m.sender, m.body, m.created_at, m.message_id
    FROM session s JOIN message m ON m.session_id = s.id WHERE s.client_id LIKE 'back%' ORDER BY s.client_id, m.seq`);
  const before_ = await all();
  const file = path.join(stack.state, 'back.jsonl');
  const umask = process.umask(0o022);
  assert.equal((await adminOf(stack, ['export', '--all', '--format', 'jsonl', '-o', file])).code, 0);
  process.umask(umask);
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  const text = fs.readFileSync(file, 'utf8');
  assert.match(text, /"messageId":"its-own"/);
  for (let time = 0; time < 2; time += 1) {
    const { code, json } = await take(text);
    assert.equal(code, 0);
    assert.deepEqual([json.sessions, json.messages], [0, 0]);
    assert.deepEqual(await all(), before_);
  }
  // Erased since: nothing comes in again, neither as it was nor empty.
  assert.equal((await adminOf(stack, ['erase', 'back', '--yes'])).code, 0);
  const erased = await all();
  const after_ = (await adminOf(stack, ['export', '--all', '--format', 'jsonl'])).stdout;
  for (const again of [text, after_]) {
    assert.equal((await take(again)).json.messages, 0);
    assert.deepEqual(await all(), erased);
  }
  // Elsewhere it comes in once, with the same names.
  const moved = text.replaceAll('"clientId":"back', '"clientId":"moved');
  assert((await take(moved)).json.messages >= 20);
  assert.equal((await take(moved)).json.messages, 0);
});
