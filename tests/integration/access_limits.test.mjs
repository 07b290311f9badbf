// How often one may do something over REST, who is kept out, and what guessing at a login costs
// (docs/security.md, "Too much of it"). Each with the limits of four workers together.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { addAgent, addBot, bearer, kPassword, sign } from '../harness/access.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Stack, assertProblem } from './rest_stack.mjs';

const kSecret = 'the-site-secret-of-these-tests';
const kSoon = 5000; // by when a ban holds

let stack;
let supervisor;
let addresses = 0;
const sql = (text) => stack.database.sql(text);
// A fresh address.
const newAddress = () => `127.1.${addresses >> 7}.${(addresses++ & 127) + 1}`;

const initialize = (clientId, options, more) => stack.call('POST', '/initialize', { clientId, ...more }, options);
const send = (clientId, options, sender = 'client') =>
  stack.call('POST', `/messages/${clientId}`, { message: 'x', sender }, options);
const loginOnce = (username, password, from) => stack.call('POST', '/login', { username, password }, { from });
// Waits while others sign in.
async function login(...who) {
  for (;;) {
    const answer = await loginOnce(...who);
    if (answer.status !== 503) return answer;
  }
}

// The statuses of so many calls at once, counted.
async function count(times, call) {
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => call(i)));
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

before(async () => {
  stack = await Stack.start({
    set: {
      'auth.mode': 'token', 'auth.site_secret': kSecret, 'abuse.enabled': true, 'fcgi.workers': 4,
      'abuse.initialize_per_address': 8, 'abuse.initialize_per_visitor': 5,
      'abuse.send_per_visitor': 6, 'abuse.send_per_session': 9, 'abuse.send_per_address': 20,
      'abuse.read_bytes_per_visitor': 200_000, 'abuse.send_bytes_per_visitor': 100_000,
      'abuse.login_failures_per_address': 4, 'abuse.login_failures_per_account': 7,
    },
  });
  await addAgent(sql, 'ann');
  await addAgent(sql, 'sue', 'supervisor');
  supervisor = { headers: bearer((await login('sue', kPassword, newAddress())).json.token) };
});
after(() => stack?.stop());

describe('a limit', () => {
  test('of sessions opened from one address holds for all workers together', async () => {
    const from = newAddress();
    // Each with a visitor of its own, so that only the address counts.
    const visitors = [];
    for (let i = 0; i < 20; i++) visitors.push((await initialize(`v-${from}-${i}`, { from: newAddress() })).json.token);
    const counts = await count(20, (i) => initialize(`of-${from}-${i}`, { from, headers: bearer(visitors[i]) }));
    assert.deepEqual(counts, { 200: 8, 429: 12 });
    assert.equal((await initialize(`elsewhere-${from}`, { from: newAddress() })).status, 200);
  });

  test('of sessions opened by one visitor holds wherever he is', async () => {
    const { token } = (await initialize('roams', { from: newAddress() })).json;
    const counts = await count(9, (i) => initialize(`roams-${i}`, { from: newAddress(), headers: bearer(token) }));
    assert.deepEqual(counts, { 200: 5, 429: 4 });
  });

  test('of messages holds by visitor, by session and by address, and says how long to wait', async () => {
    const opened = [];
    for (let i = 0; i < 5; i++) {
      const clientId = `talks-${i}`;
      opened.push({ clientId, headers: bearer((await initialize(clientId, { from: newAddress() })).json.token) });
    }
    // One visitor, from many addresses.
    assert.deepEqual(await count(10, () => send('talks-0', { from: newAddress(), headers: opened[0].headers })), { 201: 6, 429: 4 });
    const refused = await send('talks-0', { from: newAddress(), headers: opened[0].headers });
    assertProblem(refused, 429, 'rate_limited');
    const wait = Number(refused.headers['retry-after']);
    assert(wait >= 1 && wait <= 10, refused.headers['retry-after']);

    // Many devices of one person: a session.
    const clientId = 'shared';
    const devices = [];
    for (let i = 0; i < 4; i++) {
      devices.push(bearer((await initialize(clientId, { from: newAddress() }, { signature: sign(kSecret, clientId) })).json.token));
    }
    assert.deepEqual(await count(16, (i) => send(clientId, { from: newAddress(), headers: devices[i % 4] })), { 201: 9, 429: 7 });

    // Many visitors at one address: 24 that their own limits let through.
    const from = newAddress();
    assert.deepEqual(await count(24, (i) => send(`talks-${1 + (i % 4)}`, { from, headers: opened[1 + (i % 4)].headers })), { 201: 20, 429: 4 });
  });

  test('is none for agents and bots', async () => {
    const from = newAddress();
    const bot = { from, headers: bearer(await addBot(sql, 'send,visitor')) };
    assert.deepEqual(await count(30, () => initialize('of-bot', bot)), { 200: 30 });
    assert.deepEqual(await count(30, () => send('of-bot', bot, 'admin')), { 201: 30 });
  });

  test('of bytes that a visitor reads lets every page through whole, and then makes him wait', async () => {
    const clientId = 'reads-much';
    const { token } = (await initialize(clientId, { from: newAddress() })).json;
    for (let i = 0; i < 5; i++) await sql(`CALL livechat.livechat_send('${clientId}', 'client', REPEAT('x', 60000))`);
    const read = (headers, query = 'limit=200') => stack.call('GET', `/history/${clientId}?${query}`, undefined, { from: newAddress(), headers });
    const page = await read(bearer(token));
    assert.deepEqual([page.status, page.json.messages.length, page.json.totalPages], [200, 5, 1]);
    for (const query of ['limit=200', 'limit=1', 'after=4']) assertProblem(await read(bearer(token), query), 429, 'rate_limited');
    assertProblem(await initialize(clientId, { from: newAddress(), headers: bearer(token) }), 429, 'rate_limited');
    // It is no limit of agents, and none of what he writes.
    for (let i = 0; i < 3; i++) assert.equal((await read(supervisor.headers)).status, 200);
    assert.equal((await send(clientId, { from: newAddress(), headers: bearer(token) })).status, 201);
  });

  test('of bytes that a visitor sends holds whatever the number of messages', async () => {
    const clientId = 'sends-much';
    const { token } = (await initialize(clientId, { from: newAddress() })).json;
    const long = () => stack.call('POST', `/messages/${clientId}`, { message: 'x'.repeat(40_000), sender: 'client' },
      { from: newAddress(), headers: bearer(token) });
    assert.equal((await long()).status, 201);
    assert.equal((await long()).status, 201);
    assertProblem(await long(), 429, 'rate_limited');
    assert.equal((await send(clientId, { from: newAddress(), headers: bearer(token) })).status, 201);
  });

  test('of bytes counts a text as JSON, in which a control character takes six', async () => {
    const clientId = 'sends-controls';
    const { token } = (await initialize(clientId, { from: newAddress() })).json;
    const controls = () => stack.call('POST', `/messages/${clientId}`, { message: '\u0001'.repeat(10_000), sender: 'client' },
      { from: newAddress(), headers: bearer(token) });
    assert.equal((await controls()).status, 201);
    assertProblem(await controls(), 429, 'rate_limited');
  });

  test('of marks and of closing holds by visitor, and for no agent', async () => {
    const clientId = 'marks-much';
    const { token } = (await initialize(clientId, { from: newAddress() })).json;
    const call = (what, body) => () => stack.call('PUT', `/${what}/${clientId}`, body, { from: newAddress(), headers: bearer(token) });
    const began = Date.now();
    const marks = await count(400, call('read', { sender: 'client' }));
    const most = 301 + ((Date.now() - began) * 300) / 60_000; // the bucket fills up meanwhile
    assert.ok(marks[200] >= 300 && marks[200] <= most && marks[200] + marks[429] === 400, JSON.stringify(marks));
    assert.ok((await count(50, call('close')))[429] > 0);
    assert.equal((await stack.call('PUT', `/close/${clientId}`, undefined, supervisor)).status, 200);
  });

  test('outlives a reload', async () => {
    const from = newAddress();
    const visitors = [];
    for (let i = 0; i < 10; i++) visitors.push((await initialize(`r-${i}`, { from: newAddress() })).json.token);
    assert.deepEqual(await count(8, (i) => initialize(`reload-${i}`, { from, headers: bearer(visitors[i]) })), { 200: 8 });
    const before = stack.workers();
    stack.fcgi.kill('SIGHUP');
    await waitFor(() => stack.workers().every((pid) => !before.includes(pid)) && stack.workers().length === 4, 'new workers');
    assert.equal((await initialize('reload-9', { from, headers: bearer(visitors[9]) })).status, 429);
  });
});

describe('a login', () => {
  test('is slowed down by failures of its address, whatever the account', async () => {
    const from = newAddress();
    assert.deepEqual(await count(10, (i) => login(`nobody-${i}`, 'wrong password', from)), { 401: 4, 429: 6 });
    const refused = await login('ann', kPassword, from);
    assertProblem(refused, 429, 'rate_limited');
    assert(Number(refused.headers['retry-after']) <= 15);
  });

  test('is slowed down by failures of its account, from wherever', async () => {
    await addAgent(sql, 'target');
    assert.deepEqual(await count(14, () => login('target', 'wrong password', newAddress())), { 401: 7, 429: 7 });
    assert.equal((await login('ann', kPassword, newAddress())).status, 200);
  });

  test('of an agent from a known address cannot be prevented by strangers', async () => {
    await addAgent(sql, 'attacked');
    const office = newAddress();
    assert.equal((await login('attacked', kPassword, office)).status, 200);
    await count(14, () => login('attacked', 'wrong password', newAddress()));
    // Nor for a neighbour who guesses at others.
    await count(6, (i) => login(`nobody-${i}`, 'wrong password', office));
    await waitFor(async () => (await login('attacked', 'wrong password', newAddress())).status === 429, 'the account to be slowed down');
    assert.equal((await login('attacked', kPassword, newAddress())).status, 429);
    assert.equal((await login('attacked', kPassword, office)).status, 200);
  });

  test('is hashed again where its hash is of another kind, and signs no one out', async () => {
    await addAgent(sql, 'of-php');
    const hash = async () => (await sql("SELECT password_hash FROM livechat.agent WHERE username = 'of-php'"))[0][0];
    assert.match(await hash(), /m=1024,/);
    const from = newAddress();
    const { token } = (await login('of-php', kPassword, from)).json;
    const renewed = await hash();
    assert.match(renewed, /^\$argon2id\$v=19\$m=65536,t=2,p=1\$/);
    assert.equal((await login('of-php', kPassword, from)).status, 200);
    assert.equal(await hash(), renewed);
    assert.deepEqual(await sql(`SELECT COUNT(*) FROM livechat.access_token t JOIN livechat.agent a ON a.id = t.agent_id
      WHERE a.username = 'of-php' AND t.revoked_at IS NOT NULL`), [['0']]);
    assert.equal((await stack.call('GET', '/me', undefined, { headers: bearer(token) })).status, 200);
    // Another password signs out, as ever.
    await sql("UPDATE livechat.agent SET password_hash = '*' WHERE username = 'of-php'");
    await waitFor(async () => (await stack.call('GET', '/me', undefined, { headers: bearer(token) })).status === 401, 'the end of the token', kSoon);
  });

  test('by a hash that cannot be read fails, and is told to the log alone', async () => {
    await addAgent(sql, 'of-bcrypt');
    await sql(`UPDATE livechat.agent SET password_hash = '$2y$10$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu' WHERE username = 'of-bcrypt'`);
    assertProblem(await login('of-bcrypt', kPassword, newAddress()), 401, 'login_failed');
    assert.match(stack.fcgi.output, /password_hash_unreadable/);
  });

  test('never keeps all workers from visitors, however long a password takes', async () => {
    const { token } = (await initialize('waits-for-nobody', { from: newAddress() })).json;
    // Some seconds each, as long as the costliest hash that is in use: also of unknown names.
    await sql(`INSERT INTO livechat.agent (username, password_hash)
      VALUES ('costly', '$argon2id$v=19$m=65536,t=60,p=1$SXVsL2xqc3YuN2RkeUtJMg$88tC54IFSIrIceLuGWdZPWXd1FbDRPtTXG3Pf57CxN4')`);
    const ended = [];
    const guesses = Array.from({ length: 12 }, (_, i) =>
      loginOnce(i % 2 ? 'costly' : `nobody-at-all-${i}`, 'wrong password', newAddress()).then((answer) => { ended.push(answer.status); return answer; }));
    await waitFor(() => ended.length >= 10, 'those that find no room');
    assert.deepEqual(ended, Array(10).fill(503));
    const read = await stack.call('GET', '/history/waits-for-nobody', undefined, { headers: bearer(token) });
    assert.equal(read.status, 200);
    assert.equal(ended.length, 10, 'a visitor waited for a password');
    const answers = await Promise.all(guesses);
    const refused = answers.find(({ status }) => status === 503);
    assertProblem(refused, 503, 'busy');
    assert.equal(refused.headers['retry-after'], '1');
    assert.deepEqual(ended.slice(10), [401, 401]);
    // A worker that dies while it hashes leaves its place.
    const before = stack.workers();
    const last = login('costly', 'wrong password', newAddress()).catch(() => {});
    const others = login('costly', 'wrong password', newAddress()).catch(() => {});
    await waitFor(async () => (await loginOnce('ann', kPassword, newAddress())).status === 503, 'both places to be taken');
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await Promise.all([last, others]);
    await sql("DELETE FROM livechat.agent WHERE username = 'costly'");
    await waitFor(() => stack.workers().length === 4 && !stack.workers().some((pid) => before.includes(pid)), 'new workers');
    await waitFor(async () => (await login('ann', kPassword, newAddress())).status === 200, 'a login');
  });

  test('that succeeds counts for nothing', async () => {
    const from = newAddress();
    for (let i = 0; i < 12; i++) assert.equal((await login('ann', kPassword, from)).status, 200);
  });

  test('of an unknown agent takes as long as one with a wrong password', async () => {
    await addAgent(sql, 'slow');
    // As livechat makes them: what a known one costs is what the decoy hash costs.
    const { token } = (await login('sue', kPassword, newAddress())).json;
    assert(token);
    await sql(`UPDATE livechat.agent SET password_hash =
      '$argon2id$v=19$m=65536,t=2,p=1$SXVsL2xqc3YuN2RkeUtJMg$88tC54IFSIrIceLuGWdZPWXd1FbDRPtTXG3Pf57CxN4' WHERE username = 'slow'`);
    const time = async (username) => {
      const start = process.hrtime.bigint();
      assert.equal((await login(username, 'wrong password', newAddress())).status, 401);
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
    await Promise.all(Array.from({ length: 4 }, (_, i) => time(`warm-${i}`)));
    const known = [];
    const unknown = [];
    for (let i = 0; i < 5; i++) {
      known.push(await time('slow'));
      unknown.push(await time(`unknown-${i}`));
    }
    const ratio = median(unknown) / median(known);
    assert(ratio > 0.5 && ratio < 2, `${median(unknown)} ms and ${median(known)} ms`);
  });
});

describe('a ban', () => {
  const ban = (body, who = supervisor) => stack.call('POST', '/bans', body, who);

  test('of an address, and of a network, keeps out visitors and strangers', async () => {
    const from = '127.9.1.1';
    const { token } = (await initialize('banned-1', { from })).json;
    const visitor = { from, headers: bearer(token) };
    const added = await ban({ kind: 'address', value: '127.9.1.77/24', reason: 'Spam' });
    assert.equal(added.status, 201, added.text);
    assert.equal(added.json.value, '127.9.1.0/24');
    assert.equal(added.json.expiresAt, null);
    await waitFor(async () => (await send('banned-1', visitor)).status === 403, 'the ban', kSoon);
    // On every worker, at the latest after what they keep.
    await waitFor(async () => (await count(16, () => send('banned-1', visitor)))[403] === 16, 'all workers', kSoon);
    for (const call of [
      () => initialize('banned-2', { from }), () => stack.call('GET', '/history/banned-1', undefined, visitor),
      () => stack.call('PUT', '/close/banned-1', undefined, visitor), () => login('ann', kPassword, from),
    ]) assertProblem(await call(), 403, 'banned');
    assert.equal((await initialize('free', { from: '127.9.2.1' })).status, 200);
    // Those who work here come in.
    assert.equal((await stack.call('GET', '/sessions', undefined, { ...supervisor, from })).status, 200);

    assert.equal((await stack.call('DELETE', `/bans/${added.json.id}`, undefined, supervisor)).status, 204);
    await waitFor(async () => (await stack.call('GET', '/history/banned-1', undefined, visitor)).status === 200, 'its end', kSoon);
  });

  test('of a clientId closes it to its visitor, not to agents', async () => {
    const from = newAddress();
    const { token } = (await initialize('rude', { from })).json;
    const { json } = await ban({ kind: 'client', value: 'rude', seconds: 3600 });
    assert(Math.abs(Date.parse(json.expiresAt) - Date.now() - 3_600_000) < 60_000, json.expiresAt);
    await waitFor(async () => (await send('rude', { from, headers: bearer(token) })).status === 403, 'the ban', kSoon);
    assert.equal((await send('rude', supervisor, 'admin')).status, 201);
    const listed = await stack.call('GET', '/bans', undefined, supervisor);
    assert.deepEqual(listed.json.find((one) => one.id === json.id), json);
  });

  test('by SQL holds as well, and ends when it is over', async () => {
    const from = '127.9.3.3';
    const { token } = (await initialize('by-sql', { from })).json;
    await sql(`INSERT INTO livechat.ban (kind, value, expires_at) VALUES ('address', '${from}', UTC_TIMESTAMP(3) + INTERVAL 4 SECOND)`);
    const read = async () => (await stack.call('GET', '/history/by-sql', undefined, { from, headers: bearer(token) })).status;
    await waitFor(async () => (await read()) === 403, 'the ban', kSoon);
    await waitFor(async () => (await read()) === 200, 'its end', 2 * kSoon);
  });

  test('is made and lifted by supervisors, and makes sense', async () => {
    const agent = { headers: bearer((await login('ann', kPassword, newAddress())).json.token) };
    for (const who of [agent, {}]) {
      const status = who === agent ? [403, 'forbidden'] : [401, 'unauthorized'];
      assertProblem(await ban({ kind: 'client', value: 'x' }, who), ...status);
      assertProblem(await stack.call('DELETE', '/bans/1', undefined, who), ...status);
    }
    for (const body of [{}, { kind: 'address' }, { kind: 'address', value: 'localhost' }, { kind: 'address', value: '1.2.3.4/33' },
      { kind: 'agent', value: 'ann' }, { kind: 'client', value: 7 }, { kind: 'client', value: 'x', seconds: 0 },
      { kind: 'client', value: 'x', seconds: -1 }, { kind: 'client', value: 'x', seconds: 1.5 }, { kind: 'client', value: 'x', seconds: 1e12 },
      { kind: 'client', value: 'x', reason: 'y'.repeat(501) }]) {
      assertProblem(await ban(body), 400, 'ban_invalid');
    }
    assertProblem(await ban({ kind: 'client', value: 'a\nb' }), 400, 'client_id_invalid');
    for (const id of ['0', '999999', 'x', '-1', '1%20', '18446744073709551616']) {
      assertProblem(await stack.call('DELETE', `/bans/${id}`, undefined, supervisor), 404, 'not_found');
    }
    const one = (await ban({ kind: 'client', value: 'twice', reason: 'a' })).json;
    const again = (await ban({ kind: 'client', value: 'twice', reason: 'b', seconds: 60 })).json;
    assert.equal(again.id, one.id);
    assert.equal(again.reason, 'b');
  });
});
