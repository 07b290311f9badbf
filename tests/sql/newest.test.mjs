// What a session's row says of its conversation is what its messages say, wherever they were written and whatever
// became of them: numbers, times, counters, who waits, and the copy of the newest message.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { adminOf } from '../admin/lib/admin.mjs';
import { openSession, plainInsert, random, sendCall, sessionId } from '../delivery/lib/rooms.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';

const kNever = '1000-01-01 00:00:00.000';
const kCopied = 255; // characters

let stack;
const opened = [];

before(async () => {
  stack = await Stack.start();
});

after(async () => {
  for (const one of opened) one.close();
  await stack?.stop();
});

async function socket() {
  const client = await ChatClient.connect(stack);
  opened.push(client);
  return client;
}

const ways = {
  'an INSERT': async (clientId, sender, text) => stack.sql(plainInsert(await sessionId(stack, clientId), text, undefined, sender)),
  'a procedure': (clientId, sender, text) => stack.sql(sendCall(clientId, text, sender)),
  REST: async (clientId, sender, text) => {
    const { status } = await request(stack, 'POST', sessionPath('messages', clientId), { body: { sender, message: text } });
    assert.equal(status, 201);
  },
  'a socket': async (clientId, sender, text) => {
    const client = await socket();
    const ack = await client.ask('send-message', { clientId, sender, message: text });
    assert.equal(ack.status, 'ok');
  },
};

async function row(clientId) {
  const [[seq, at, sender, body, clientUnread, adminUnread, waiting]] = await stack.sql(`SELECT last_seq, last_message_at,
    last_sender, HEX(last_body), client_unread, admin_unread, waiting_since FROM session WHERE client_id = '${clientId}'`);
  return {
    seq: Number(seq), at, sender, clientUnread: Number(clientUnread), adminUnread: Number(adminUnread), waiting,
    body: body === 'NULL' ? null : Buffer.from(body, 'hex').toString(),
  };
}

async function messages(clientId) {
  const rows = await stack.sql(`SELECT m.seq, m.sender, m.created_at, HEX(m.body) FROM message m
    JOIN session s ON s.id = m.session_id WHERE s.client_id = '${clientId}' ORDER BY m.seq`);
  return rows.map(([seq, sender, at, body]) => ({ seq: Number(seq), sender, at, body: Buffer.from(body, 'hex').toString() }));
}

// The row is what the messages say. read: what was read by whom, as seq.
async function agrees(clientId, { read = { client: 0, admin: 0 } } = {}) {
  const session = await row(clientId);
  const all = await messages(clientId);
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, i) => i + 1));
  for (let i = 1; i < all.length; i += 1) assert.ok(all[i - 1].at <= all[i].at, `${all[i - 1].at} > ${all[i].at}`);
  const unread = (sender, seq) => all.filter((one) => one.sender === sender && one.seq > seq).length;
  const answered = all.findLast(({ sender }) => sender === 'admin')?.seq ?? 0;
  assert.deepEqual({ ...session, body: undefined, sender: undefined }, {
    seq: all.length, at: all.at(-1).at, body: undefined, sender: undefined,
    clientUnread: unread('admin', read.client), adminUnread: unread('client', read.admin),
    waiting: all.find(({ seq, sender }) => seq > answered && sender === 'client')?.at ?? kNever,
  });
  if (session.body !== null) assert.deepEqual([session.sender, session.body], [all.at(-1).sender, all.at(-1).body]);
  const { body: list } = await request(stack, 'GET', '/api/chat/sessions');
  const shown = list.find((one) => one.clientId === clientId).lastMessage;
  assert.deepEqual([shown.seq, shown.sender, shown.message, shown.createdAt.replace(/[TZ]/g, ' ').trim()],
    [all.length, all.at(-1).sender, all.at(-1).body, all.at(-1).at]);
  return session;
}

for (const [way, send] of Object.entries(ways)) {
  test(`${way} keeps the row right`, async () => {
    const clientId = await newSession(stack);
    for (const [sender, text] of [['client', 'one'], ['client', 'two'], ['admin', 'three'], ['client', 'four'], ['client', 'Ω😀']]) {
      await send(clientId, sender, text);
      assert.equal((await agrees(clientId)).body, text);
    }
  });

  test(`${way}: a long text is not copied, and is shown whole`, async () => {
    const clientId = await newSession(stack);
    for (const text of ['😀'.repeat(kCopied), '😀'.repeat(kCopied + 1), 'short again']) {
      await send(clientId, 'client', text);
      assert.equal((await agrees(clientId)).body, [...text].length > kCopied ? null : text);
    }
  });

  test(`${way}: no one waits any more in a closed conversation, until the visitor writes again`, async () => {
    const clientId = await newSession(stack);
    await send(clientId, 'client', 'one');
    await request(stack, 'PUT', sessionPath('close', clientId));
    assert.equal((await row(clientId)).waiting, kNever);
    await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
    assert.equal((await row(clientId)).waiting, kNever);
    await send(clientId, 'client', 'two');
    const session = await row(clientId);
    assert.equal(session.waiting, session.at);
  });

  test(`${way}: a message is never older than the one before it`, async () => {
    const clientId = await newSession(stack);
    await send(clientId, 'client', 'one');
    await stack.sql(`UPDATE session SET last_message_at = '2040-01-01 00:00:00.123' WHERE client_id = '${clientId}'`);
    await send(clientId, 'admin', 'two');
    const [, second] = await messages(clientId);
    assert.equal(second.at, '2040-01-01 00:00:00.123');
    assert.equal((await row(clientId)).at, second.at);
  });
}

test('many at once, by sockets, REST and SQL, of long and short texts, leave every row right', async () => {
  const { next, pick } = random(6);
  const rooms = await Promise.all(Array.from({ length: 5 }, () => newSession(stack)));
  const client = await socket();
  const writer = openSession(stack);
  opened.push({ close: () => writer.kill() });
  const pending = [];
  for (let i = 0; i < 300; i += 1) {
    const [clientId, sender, text] = [pick(rooms), pick(['client', 'admin']), `${i} `.padEnd(pick([10, 600]), 'x')];
    const way = next();
    if (way < 0.7) pending.push(client.ask('send-message', { clientId, sender, message: text }));
    else if (way < 0.85) pending.push(ways.REST(clientId, sender, text));
    else pending.push(writer.run(sendCall(clientId, text, sender)));
    if (i % 60 === 59) await Promise.all(pending.splice(0));
  }
  for (const room of rooms) await agrees(room);
  await writer.end();
});

test('a text that is erased, changed or deleted is not kept in the session', async () => {
  const secret = 'my number is 4711';
  const kept = async () => (await stack.sql(`SELECT COUNT(*) FROM session WHERE last_body = '${secret}'`))[0][0];
  const losses = {
    erase: async (clientId) => assert.equal((await adminOf(stack, ['erase', clientId, '--yes'])).code, 0),
    'UPDATE message': async (clientId) => stack.sql(`UPDATE message SET body = 'gone' WHERE session_id = ${await sessionId(stack, clientId)}`),
    'DELETE FROM message': async (clientId) => stack.sql(`DELETE FROM message WHERE session_id = ${await sessionId(stack, clientId)}`),
  };
  for (const [what, lose] of Object.entries(losses)) {
    const clientId = await newSession(stack);
    await stack.sql(sendCall(clientId, 'first') + ';' + sendCall(clientId, secret));
    assert.equal(await kept(), '1', what);
    await lose(clientId);
    assert.equal(await kept(), '0', what);
    const { body: list } = await request(stack, 'GET', '/api/chat/sessions');
    const shown = list.find((one) => one.clientId === clientId).lastMessage;
    assert.equal(shown?.message, { erase: '', 'UPDATE message': 'gone' }[what], what);
    await stack.sql(sendCall(clientId, 'afterwards'));
    assert.equal((await row(clientId)).body, 'afterwards');
  }
});

test('an older message that is erased leaves the copy of the newest', async () => {
  const clientId = await newSession(stack);
  await stack.sql(sendCall(clientId, 'first') + ';' + sendCall(clientId, 'second'));
  await stack.sql(`DELETE FROM message WHERE seq = 1 AND session_id = ${await sessionId(stack, clientId)}`);
  assert.equal((await row(clientId)).body, 'second');
});

test('what is taken over is in the row like what was written here', async () => {
  const say = (message, second, sender = 'client') => JSON.stringify({ clientId: 'imported', sender, message, createdAt: `2020-01-01T00:00:0${second}Z` });
  const taken = await adminOf(stack, ['import', '-'], { input: [say('one', 1, 'admin'), say('two', 2), say('three', 3)].join('\n') });
  assert.equal(taken.code, 0, taken.stderr);
  const session = await agrees('imported');
  assert.deepEqual([session.body, session.waiting], ['three', '2020-01-01 00:00:02.000']);
});

test('numbers given by hand are not taken, and LAST_INSERT_ID() is what it was', async () => {
  const clientId = await newSession(stack);
  const id = await sessionId(stack, clientId);
  const [[last]] = await stack.sql(`SELECT LAST_INSERT_ID(77); INSERT INTO message (session_id, seq, created_at, sender, body)
    VALUES (${id}, 500, '2001-01-01', 'client', 'a'), (${id}, 9, '2001-01-01', 'client', 'b'); SELECT LAST_INSERT_ID()`).then((rows) => rows.slice(-1));
  assert.equal(last, '77');
  await agrees(clientId);
});
