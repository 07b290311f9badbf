// What agents are told of visitors, and who is there: through REST, sockets of two daemons and SQL.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { literal } from '../harness/sql.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

const everything = {
  page: 'https://shop.example/käse?a=1&b=<script>alert(1)</script>',
  referrer: 'javascript:alert(1)',
  userAgent: 'Mozilla/5.0 "><img src=x onerror=alert(1)>',
  language: 'de-CH',
  timezone: 'Europe/Zurich',
  name: `<b>Jürg</b> "O'Neil" 😀`,
  email: 'juerg+chat@example.com',
};

let stack;
const clients = [];

before(async () => {
  stack = await Stack.start({ wsDaemons: 2 });
}, { timeout: 120_000 });
after(() => stack?.stop());
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const initialize = (clientId, visitor) =>
  request(stack, 'POST', '/api/chat/initialize', { body: { clientId, visitor } });
const show = async (clientId) => (await request(stack, 'GET', sessionPath('sessions', clientId))).body;

// nginx takes the daemons in turn: the sid tells which one it was.
async function connectTo(daemon) {
  return waitFor(async () => {
    const client = await ChatClient.connect(stack);
    if (client.socket.io.engine.id.startsWith(`${daemon}.`)) {
      clients.push(client);
      return client;
    }
    client.close();
    return false;
  }, `a connection to daemon ${daemon}`);
}

async function watch(daemon, options) {
  const client = await connectTo(daemon);
  assert.deepEqual(await client.ask('watch-sessions', options), { status: 'ok' });
  return client;
}

async function visit(daemon, clientId) {
  const client = await connectTo(daemon);
  assert.equal((await client.ask('join', clientId)).status, 'ok');
  return client;
}

// Whether the visitor is online, as far as this watcher was told.
function isOnline(watcher, clientId) {
  let online = false;
  for (const news of watcher.all('visitor-presence')) {
    if (news.reset) online = false;
    if (news.online.includes(clientId)) online = true;
    if (news.offline.includes(clientId)) online = false;
  }
  return online;
}

describe('what is known of a visitor', () => {
  test('is shown in the list, in the session and to those who watch, and not to the visitor', async () => {
    const watcher = await watch('a');
    const clientId = `${await newSession(stack)}-known`;
    const { status, body } = await initialize(clientId, everything);
    assert.equal(status, 200);
    assert.equal(body.session.visitor, undefined);
    const shown = await show(clientId);
    const { updatedAt, ...known } = shown.visitor;
    assert.deepEqual(known, everything);
    assert.match(updatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const list = (await request(stack, 'GET', '/api/chat/sessions')).body;
    assert.deepEqual(list.find((row) => row.clientId === clientId), shown);
    await watcher.hears('session-updated', (row) => row.clientId === clientId && row.visitor?.name === everything.name);
  });

  test('is added to, replaced and forgotten, and only a change is told', async () => {
    const clientId = await newSession(stack);
    assert.equal((await show(clientId)).visitor, undefined);
    await initialize(clientId, { page: 'https://a.example/1', name: 'Ann' });
    const watcher = await watch('b');
    await initialize(clientId, { page: 'https://a.example/2', name: null });
    await watcher.hears('session-updated', (row) => row.visitor?.page === 'https://a.example/2' && row.visitor.name === 'Ann');
    await initialize(clientId, { name: '' });
    await watcher.hears('session-updated', (row) => row.clientId === clientId && row.visitor && !('name' in row.visitor));
    const count = watcher.all('session-updated').length;
    await initialize(clientId, { page: 'https://a.example/2' });
    await initialize(clientId);
    // What follows is heard after what would have been told of those two.
    await request(stack, 'POST', sessionPath('messages', clientId), { body: { message: 'x', sender: 'client' } });
    await watcher.hears('session-updated', (row) => row.lastMessage?.message === 'x' && row.clientId === clientId);
    assert.equal(watcher.all('session-updated').length, count + 1);
    await initialize(clientId, { page: '' });
    await watcher.hears('session-updated', (row) => row.clientId === clientId && !row.visitor);
  });

  test('since when he waits: from the first message that no agent has answered, until one answers or closes', async () => {
    const clientId = await newSession(stack);
    const watcher = await watch('a');
    const say = async (sender) =>
      (await request(stack, 'POST', sessionPath('messages', clientId), { body: { message: 'x', sender } })).body.createdAt;
    const since = async () => (await show(clientId)).waitingSince;
    assert.equal(await since(), undefined);
    const first = await say('client');
    await say('client');
    assert.equal(await since(), first);
    await watcher.hears('session-updated', (row) => row.clientId === clientId && row.waitingSince === first);
    const list = (await request(stack, 'GET', '/api/chat/sessions')).body;
    assert.equal(list.find((row) => row.clientId === clientId).waitingSince, first);
    assert.equal((await initialize(clientId)).body.session.waitingSince, undefined, 'the visitor is not told');
    await say('admin');
    assert.equal(await since(), undefined);
    await stack.sql(`CALL livechat_send(${literal(clientId)}, 'client', 'by SQL')`);
    assert.equal(await since(), (await show(clientId)).lastMessage.createdAt);
    await request(stack, 'PUT', sessionPath('close', clientId));
    assert.equal(await since(), undefined);
    await initialize(clientId);
    assert.equal(await since(), undefined, 'who comes back has not asked anything new');
    const again = await say('client');
    assert.equal(await since(), again);
  });

  test('is refused by name when it is too long or of another form, and then there is no session', async () => {
    const bad = [
      { page: 'x'.repeat(2049) }, { name: 'a\nb' }, { email: 'nobody' }, { language: 'en_US' }, { timezone: 'a b' },
      { name: 7 }, 'Ann', [], 1,
    ];
    for (const visitor of bad) {
      const clientId = `refused-${process.pid}-${JSON.stringify(visitor).slice(0, 20)}`;
      const { status, body } = await initialize(clientId, visitor);
      assert.equal(status, 400);
      assert.equal(body.code, 'visitor_invalid');
      assert.equal((await request(stack, 'GET', sessionPath('sessions', clientId))).status, 404);
    }
  });

  test('is kept when twenty windows tell it at once', async () => {
    const clientId = `${await newSession(stack)}-crowd`;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) =>
      initialize(clientId, { page: `https://a.example/${n}`, name: 'Ann' })));
    for (const { status, text } of answers) assert.equal(status, 200, text);
    const { visitor } = await show(clientId);
    assert.match(visitor.page, /^https:\/\/a\.example\/\d+$/);
    assert.equal(visitor.name, 'Ann');
  });

  test('may come by SQL, and the room itself hears nothing of it', async () => {
    const clientId = await newSession(stack);
    await initialize(clientId, { name: 'Ann' });
    const watcher = await watch('a');
    const visitor = await visit('b', clientId);
    await stack.sql(`SELECT id INTO @session FROM session WHERE client_id = ${literal(clientId)};
      UPDATE visitor SET name = 'Bea' WHERE session_id = @session`);
    await watcher.hears('session-updated', (row) => row.visitor?.name === 'Bea' && row.clientId === clientId);
    await visitor.ask('send-message', { clientId, message: 'still here', sender: 'client' });
    await visitor.hears('new-message', (data) => data.message === 'still here');
    assert.deepEqual(visitor.heard.map(({ event }) => event), ['new-message']);
  });

  test('a socket that comes back is recovered across it', async () => {
    const clientId = await newSession(stack);
    const visitor = await visit('a', clientId);
    await request(stack, 'POST', sessionPath('messages', clientId), { body: { message: 'one', sender: 'admin' } });
    await visitor.hears('new-message', (data) => data.message === 'one');
    visitor.socket.io.engine.close();
    await initialize(clientId, { name: 'Ann' });
    await request(stack, 'POST', sessionPath('messages', clientId), { body: { message: 'two', sender: 'admin' } });
    await visitor.hears('new-message', (data) => data.message === 'two');
    assert.equal(visitor.socket.recovered, true);
    assert.deepEqual(visitor.all('new-message').map(({ message }) => message), ['one', 'two']);
  });
});

describe('a session that is asked for by name', () => {
  test('is shown closed as well, and 404 where there is none', async () => {
    const clientId = await newSession(stack, 'ä/ö');
    await request(stack, 'PUT', sessionPath('close', clientId));
    const { clientId: shown, status } = await show(clientId);
    assert.deepEqual({ shown, status }, { shown: clientId, status: 'closed' });
    const absent = await request(stack, 'GET', sessionPath('sessions', 'nobody'));
    assert.equal(absent.status, 404);
    assert.equal(absent.body.code, 'session_not_found');
  });
});

describe('presence', () => {
  test('consoles at both daemons see who comes and goes, and a killed daemon takes its visitors along', async () => {
    const clientId = await newSession(stack);
    const near = await watch('a', { presence: true });
    const far = await watch('b', { presence: true });
    const visitor = await visit('a', clientId);
    await waitFor(() => isOnline(near, clientId) && isOnline(far, clientId), 'both to see the visitor');
    // One who begins to watch later is told of those who are there already, wherever they are.
    const late = await watch('b', { presence: true });
    await waitFor(() => isOnline(late, clientId), 'the late one to see the visitor');
    visitor.close();
    await waitFor(() => !isOnline(near, clientId) && !isOnline(far, clientId), 'both to see the visitor go');

    const other = await newSession(stack);
    await visit('a', other);
    await waitFor(() => isOnline(far, other), 'the other visitor');
    const seen = far.all('visitor-presence').length;
    clients.at(-1).close();
    await stack.take('wsd-a', 'SIGKILL');
    await waitFor(() => far.all('visitor-presence').slice(seen).some(({ offline }) => offline.includes(other)),
      'the visitor of the killed daemon to go');
    await stack.bring('wsd-a');
  });

  test('a visitor is told whether an agent is there, at whatever daemon', async () => {
    const visitor = await connectTo('a');
    assert.deepEqual(await waitFor(async () => {
      const answer = await visitor.ask('watch-presence');
      return answer.agents ? false : answer; // agents of the test before are bridged for some seconds
    }, 'no agent'), { status: 'ok', agents: false });
    const agent = await watch('b', {});
    await visitor.hears('presence', ({ agents }) => agents);
    await agent.ask('watch-sessions', { away: true });
    await waitFor(() => visitor.all('presence').at(-1).agents === false, 'the agent to be away');
    await agent.ask('watch-sessions', {});
    await waitFor(() => visitor.all('presence').at(-1).agents === true, 'the agent to be back');
    agent.close();
    await waitFor(() => visitor.all('presence').at(-1).agents === false, 'the agent to be gone');
  });

  test('a console sees who types in a session that it has not joined, at another daemon', async () => {
    const clientId = await newSession(stack);
    const watcher = await watch('a', { typing: true });
    const visitor = await visit('b', clientId);
    visitor.emit('typing', { clientId, isTyping: true, sender: 'client' });
    await watcher.hears('session-typing', (data) => data.clientId === clientId && data.isTyping);
    visitor.emit('typing', { clientId, isTyping: false, sender: 'client' });
    await watcher.hears('session-typing', (data) => data.clientId === clientId && !data.isTyping);
    assert.equal(watcher.all('typing').length, 0);
  });
});
