// The REST table of the contract, line by line, through nginx, livechat-fcgi and MariaDB.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Stack, assertProblem } from './rest_stack.mjs';

const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let stack;
before(async () => (stack = await Stack.start()));
after(() => stack?.stop());

const get = (at) => stack.call('GET', at);
const put = (at, body) => stack.call('PUT', at, body);

async function conversation(clientId, count) {
  await stack.open(clientId);
  for (let i = 1; i <= count; i++) await stack.send(clientId, `text ${i}`, i % 2 ? 'client' : 'admin');
}

describe('POST /initialize', () => {
  test('creates a session and then finds it', async () => {
    const answer = await stack.call('POST', '/initialize', { clientId: 'init-1' });
    assert.equal(answer.status, 200);
    assert.equal(answer.type, 'application/json');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.match(answer.headers['x-request-id'], /^[0-9a-f]{32}$/);
    const { session, messages } = answer.json;
    assert.equal(session.clientId, 'init-1');
    assert.equal(session.status, 'active');
    assert.match(session.createdAt, kTime);
    assert.deepEqual(messages, []);

    await stack.send('init-1', 'Hello');
    const again = await stack.open('init-1');
    assert.equal(again.session.createdAt, session.createdAt);
    assert.equal(again.messages.length, 1);
    assert.equal(again.messages[0].message, 'Hello');
  });

  test('makes a closed session active again and keeps its messages', async () => {
    await conversation('init-closed', 2);
    await put('/close/init-closed');
    const { session, messages } = await stack.open('init-closed');
    assert.equal(session.status, 'active');
    assert.deepEqual(messages.map((m) => m.seq), [1, 2]);
  });

  test('shows the newest fifty messages, oldest first', async () => {
    await conversation('init-many', 53);
    const { messages } = await stack.open('init-many');
    assert.deepEqual(messages.map((m) => m.seq), Array.from({ length: 50 }, (_, i) => i + 4));
  });

  test('twenty at once for one new clientId make one session and twenty 200s', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () =>
      stack.call('POST', '/initialize', { clientId: 'init-race' })));
    assert.deepEqual(answers.map((a) => a.status), Array(20).fill(200));
    assert.equal(new Set(answers.map((a) => a.json.session.createdAt)).size, 1);
    assert.equal(await stack.database.value(`SELECT COUNT(*) FROM session WHERE client_id = 'init-race'`), '1');
  });

  test('ignores members that it does not know', async () => {
    const answer = await stack.call('POST', '/initialize', { clientId: 'init-more', name: 'x', nested: [{}] });
    assert.equal(answer.status, 200);
  });
});

describe('POST /messages/:clientId', () => {
  test('answers 201 with seq and time, numbered without holes', async () => {
    await stack.open('send-1');
    for (const seq of [1, 2, 3]) {
      const answer = await stack.call('POST', '/messages/send-1', { message: 'x', sender: 'client' });
      assert.equal(answer.status, 201);
      assert.equal(answer.json.seq, seq);
      assert.match(answer.json.createdAt, kTime);
      assert.equal(answer.json.messageId, null);
    }
  });

  test('a second send with the same messageId answers what the first one answered', async () => {
    await stack.open('send-id');
    const message = { message: 'once', sender: 'client', messageId: 'm-1' };
    const first = await stack.call('POST', '/messages/send-id', message);
    const second = await stack.call('POST', '/messages/send-id', { ...message, message: 'changed' });
    assert.equal(second.status, 201);
    assert.deepEqual(second.json, first.json);
    assert.equal(first.json.messageId, 'm-1');
    const { json } = await get('/history/send-id');
    assert.deepEqual(json.messages.map((m) => m.message), ['once']);
  });

  test('ten at once with one messageId store one message', async () => {
    await stack.open('send-race');
    const answers = await Promise.all(Array.from({ length: 10 }, () =>
      stack.call('POST', '/messages/send-race', { message: 'x', sender: 'client', messageId: 'same' })));
    assert.deepEqual(answers.map((a) => a.status), Array(10).fill(201));
    assert.deepEqual(new Set(answers.map((a) => a.json.seq)), new Set([1]));
  });

  test('many writers at once get seqs without holes', async () => {
    await stack.open('send-many');
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => stack.send('send-many', `m${i}`)));
    assert.deepEqual(answers.map((a) => a.seq).sort((a, b) => a - b), Array.from({ length: 60 }, (_, i) => i + 1));
  });

  test('without a session it is 404 and creates nothing', async () => {
    assertProblem(await stack.call('POST', '/messages/send-none', { message: 'x', sender: 'client' }),
      404, 'session_not_found');
    assert.equal(await stack.database.value(`SELECT COUNT(*) FROM session WHERE client_id = 'send-none'`), '0');
  });

  test('to a closed session makes it active again', async () => {
    await stack.open('send-closed');
    await put('/close/send-closed');
    await stack.send('send-closed', 'still here');
    const listed = (await get('/sessions')).json.find((s) => s.clientId === 'send-closed');
    assert.equal(listed?.status, 'active');
  });

  test('keeps every byte of the text', async () => {
    await stack.open('send-bytes');
    const texts = ['  spaces  ', 'tab\tline\r\nbreak', '\u0000\u0001\u001e', '😀👨‍👩‍👧', '"\\/</script>',
      'a\u2028\u2029b', `'; DROP TABLE message; -- %s ? \\'`, '\u00e9 vs e\u0301', 'x'.repeat(65536)];
    for (const text of texts) await stack.send('send-bytes', text);
    const { json } = await get('/history/send-bytes');
    assert.deepEqual(json.messages.map((m) => m.message), texts);
  });
});

describe('GET /history/:clientId', () => {
  before(() => conversation('hist', 120));
  const seqs = (answer) => answer.json.messages.map((m) => m.seq);
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  test('has fifty messages a page, oldest first, page 1 with the oldest', async () => {
    const first = await get('/history/hist');
    assert.deepEqual(seqs(first), range(1, 50));
    assert.equal(first.json.total, 120);
    assert.equal(first.json.page, 1);
    assert.equal(first.json.totalPages, 3);
    assert.deepEqual(seqs(await get('/history/hist?page=3')), range(101, 120));
    assert.deepEqual(Object.keys(first.json), ['messages', 'total', 'page', 'totalPages']);
  });

  test('a message has its members and nothing else', async () => {
    const { json } = await get('/history/hist?limit=1');
    const [message] = json.messages;
    assert.deepEqual(Object.keys(message).sort(), ['createdAt', 'message', 'read', 'sender', 'seq']);
    assert.equal(message.message, 'text 1');
    assert.equal(message.sender, 'client');
    assert.match(message.createdAt, kTime);
    assert.equal(message.read, false);
  });

  test('takes another limit, and pages by it', async () => {
    assert.deepEqual(seqs(await get('/history/hist?page=2&limit=7')), range(8, 14));
    const all = await get('/history/hist?limit=200');
    assert.deepEqual(seqs(all), range(1, 120));
    assert.equal(all.json.totalPages, 1);
  });

  test('a page beyond the last is empty with the same totals', async () => {
    for (const page of [4, 20000, 9007199254740991]) {
      const { json } = await get(`/history/hist?page=${page}`);
      assert.deepEqual(json, { messages: [], total: 120, page, totalPages: 3 });
    }
  });

  test('reads by seq instead', async () => {
    const after = await get('/history/hist?after=100&limit=5');
    assert.deepEqual(seqs(after), range(101, 105));
    assert.equal(after.json.page, null);
    assert.equal(after.json.total, 120);
    assert.equal(after.json.totalPages, 24);
    assert.deepEqual(seqs(await get('/history/hist?before=10&limit=5')), range(5, 9));
    assert.deepEqual(seqs(await get('/history/hist?before=3')), range(1, 2));
    assert.deepEqual(seqs(await get('/history/hist?after=120')), []);
    assert.deepEqual(seqs(await get('/history/hist?after=0&limit=2')), [1, 2]);
    assert.deepEqual(seqs(await get('/history/hist?before=0')), []);
    assert.deepEqual(seqs(await get('/history/hist?after=9007199254740991')), []);
    assert.deepEqual(seqs(await get('/history/hist?before=9007199254740991&limit=2')), [119, 120]);
  });

  test('of an unknown clientId is empty and creates nothing', async () => {
    const answer = await get('/history/hist-none');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { messages: [], total: 0, page: 1, totalPages: 0 });
    assert.equal(await stack.database.value(`SELECT COUNT(*) FROM session WHERE client_id = 'hist-none'`), '0');
  });
});

describe('PUT /read/:clientId', () => {
  const unread = async (clientId) =>
    (await get('/sessions')).json.find((s) => s.clientId === clientId).unread;

  test('marks what the opposite side wrote, and only that', async () => {
    await conversation('read-1', 5);
    assert.deepEqual(await unread('read-1'), { client: 2, admin: 3 });
    const answer = await put('/read/read-1', { sender: 'admin' });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { message: 'Messages marked as read' });
    assert.deepEqual(await unread('read-1'), { client: 2, admin: 0 });
    const { json } = await get('/history/read-1');
    assert.deepEqual(json.messages.map((m) => m.read), [true, false, true, false, true]);

    await put('/read/read-1', { sender: 'client' });
    assert.deepEqual(await unread('read-1'), { client: 0, admin: 0 });
    await stack.send('read-1', 'one more');
    assert.deepEqual(await unread('read-1'), { client: 0, admin: 1 });
  });

  test('repeated, or for an unknown clientId, changes nothing and is 200', async () => {
    await conversation('read-2', 1);
    for (let i = 0; i < 3; i++) assert.equal((await put('/read/read-2', { sender: 'admin' })).status, 200);
    assert.equal((await put('/read/read-none', { sender: 'admin' })).status, 200);
    assert.equal(await stack.database.value(`SELECT COUNT(*) FROM session WHERE client_id = 'read-none'`), '0');
  });
});

describe('PUT /close/:clientId', () => {
  test('closes, and once more is 200 too', async () => {
    await stack.open('close-1');
    for (let i = 0; i < 2; i++) {
      const answer = await put('/close/close-1');
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { message: 'Session closed successfully' });
    }
    assert(!(await get('/sessions')).json.some((s) => s.clientId === 'close-1'));
    const closed = (await get('/sessions?status=closed')).json.find((s) => s.clientId === 'close-1');
    assert.equal(closed.status, 'closed');
  });

  test('is 404 when there is no such session', async () => {
    assertProblem(await put('/close/close-none'), 404, 'session_not_found');
  });

  test('does not look at a body', async () => {
    await stack.open('close-body');
    const answer = await stack.call('PUT', '/close/close-body', 'not json',
      { headers: { 'Content-Type': 'text/plain' } });
    assert.equal(answer.status, 200);
  });
});

describe('GET /sessions', () => {
  let lister;
  before(async () => {
    lister = await Stack.start();
    for (const id of ['s-empty-1', 's-old', 's-new', 's-empty-2', 's-closed']) await lister.open(id);
    await lister.send('s-closed', 'bye');
    await lister.send('s-old', 'old');
    await lister.database.sql(`UPDATE session SET last_message_at = '2020-01-01 00:00:00.123' WHERE client_id = 's-old'`);
    await lister.send('s-new', 'first');
    await lister.send('s-new', 'newest', 'admin');
    await lister.call('PUT', '/close/s-closed');
  });
  after(() => lister?.stop());
  const ids = (answer) => answer.json.map((s) => s.clientId);

  test('lists active ones, newest message first, those without a message last', async () => {
    const answer = await lister.call('GET', '/sessions');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.link, undefined);
    assert.deepEqual(ids(answer).slice(0, 2), ['s-new', 's-old']);
    assert.deepEqual(ids(answer).slice(2).sort(), ['s-empty-1', 's-empty-2']);
    const [row] = answer.json;
    assert.deepEqual(Object.keys(row).sort(), ['clientId', 'createdAt', 'lastMessage', 'status', 'unread']);
    assert.equal(row.status, 'active');
    assert.deepEqual({ ...row.lastMessage, createdAt: 0 },
      { message: 'newest', createdAt: 0, sender: 'admin', seq: 2 });
    assert.match(row.lastMessage.createdAt, kTime);
    assert.match(row.createdAt, kTime);
    assert.deepEqual(row.unread, { client: 1, admin: 1 });
    assert.equal(answer.json[3].lastMessage, null);
  });

  test('lists closed ones when asked', async () => {
    assert.deepEqual(ids(await lister.call('GET', '/sessions?status=closed')), ['s-closed']);
    assert.deepEqual(ids(await lister.call('GET', '/sessions?status=active')).length, 4);
  });

  test('is paged by the link in its header, each session once', async () => {
    for (const limit of [1, 2, 3]) {
      const seen = [];
      let at = `/api/chat/sessions?limit=${limit}`;
      for (let pages = 0; at; pages++) {
        assert(pages < 10);
        const answer = await lister.request('GET', at);
        assert(answer.json.length <= limit);
        seen.push(...ids(answer));
        const { link } = answer.headers;
        at = link && /^<([^>]+)>; rel="next"$/.exec(link)[1];
      }
      assert.deepEqual(seen.slice(0, 2), ['s-new', 's-old']);
      assert.deepEqual(seen.slice(2).sort(), ['s-empty-1', 's-empty-2']);
    }
  });

  // Of which only the short ones have a copy in the session's row.
  test('shows the newest message whatever its length, and what has become of it', async () => {
    const newest = async () => (await lister.call('GET', '/sessions/s-lengths')).json.lastMessage;
    await lister.open('s-lengths');
    for (const text of ['x', 'é'.repeat(255), 'é'.repeat(256), '€'.repeat(20_000), 'short again']) {
      await lister.send('s-lengths', text, 'admin');
      const { message, sender } = await newest();
      assert.deepEqual({ message, sender }, { message: text, sender: 'admin' });
    }
    await lister.database.sql("UPDATE message SET body = 'changed' WHERE body = 'short again'");
    assert.equal((await newest()).message, 'changed');
    await lister.database.sql("UPDATE session SET status = 'closed' WHERE client_id = 's-lengths'");
  });

  test('a cursor of our making is checked', async () => {
    for (const cursor of ['x', '', '0', '%00', '2025-03-10T12:00:00.000Z_', "2025-03-10T12:00:00.000Z_1'--"]) {
      const answer = await lister.call('GET', `/sessions?cursor=${cursor}`);
      assertProblem(answer, 400, 'cursor_invalid');
    }
  });
});

describe('what all resources have in common', () => {
  test('an unknown path is 404', async () => {
    for (const at of ['', '/', '/initialise', '/sessions/', '//sessions', '/history', '/history/', '/history//a',
      '/history/a/', '/history/a/b', '/messages', '/Sessions', '/%73essions']) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
        assertProblem(await stack.call(method, at), 404, 'not_found');
      }
    }
  });

  const kMethods = {
    '/initialize': 'POST, OPTIONS',
    '/sessions': 'GET, HEAD, OPTIONS',
    '/history/a': 'GET, HEAD, OPTIONS',
    '/read/a': 'PUT, OPTIONS',
    '/close/a': 'PUT, OPTIONS',
    '/messages/a': 'POST, OPTIONS',
  };
  for (const [at, allow] of Object.entries(kMethods)) {
    test(`${at} answers ${allow} and tells so`, async () => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'BREW']) {
        if (allow.includes(method)) continue;
        const answer = await stack.call(method, at);
        assertProblem(answer, 405, 'method_not_allowed');
        assert.equal(answer.headers.allow, allow);
      }
      const options = await stack.call('OPTIONS', at);
      assert.equal(options.status, 204);
      assert.equal(options.headers.allow, allow);
      assert.equal(options.text, '');
    });
  }

  test('HEAD is GET without the body', async () => {
    await conversation('head', 1);
    const head = await stack.call('HEAD', '/history/head');
    const full = await get('/history/head');
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-length'], full.headers['content-length']);
    assert.equal((await stack.call('HEAD', '/history/head?page=0')).status, 400);
  });

  test('unknown parameters are ignored, and of two with one name the last counts', async () => {
    const answer = await get('/history/x?page=1&page=2&foo=bar&&a[]=b&%F0%9F%98%80');
    assert.equal(answer.status, 200);
    assert.equal(answer.json.page, 2);
  });

  test('each request has an id of its own, also in the log', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await get('/sessions')).headers['x-request-id']));
    assert.equal(new Set(ids).size, 5);
    for (const id of ids) await stack.fcgi.says(id);
  });

  test('log lines hold neither text nor clientId', async () => {
    await stack.open('very-secret-client');
    await stack.send('very-secret-client', 'very-secret-text');
    const { headers } = await get('/history/very-secret-client');
    await stack.fcgi.says(headers['x-request-id']);
    assert.doesNotMatch(stack.fcgi.output, /very-secret/);
  });
});
