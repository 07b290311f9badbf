// Who may do what over REST (docs/security.md): the table, tokens, cookies, signatures, agents, pages of
// other origins. Each attack once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { accessTable, addAgent, addBot, bearer, kPassword, newToken, revoke, sign } from '../harness/access.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Stack, assertProblem, rawRequest } from './rest_stack.mjs';

const kSecret = 'the-site-secret-of-these-tests';
const kElsewhere = 'https://www.example.org';
const kRevokedWithin = 5000;

let stack;
let origin;
const tokens = {}; // by who
const sql = (text) => stack.database.sql(text);

let sessions = 0;
const newId = (prefix = 'visitor') => `${prefix}-${++sessions}`;

const as = (token) => (token ? { headers: bearer(token) } : {});
const withCookie = (cookie, more = {}) => ({ headers: { Cookie: cookie, ...more } });
const initialize = (clientId, options, more = {}) => stack.call('POST', '/initialize', { clientId, ...more }, options);

// A session of a visitor of its own; gives { clientId, token }.
async function openedSession(prefix) {
  const clientId = newId(prefix);
  const answer = await initialize(clientId);
  assert.equal(answer.status, 200, answer.text);
  return { clientId, token: answer.json.token };
}

async function login(username = 'ann', password = kPassword, options) {
  return stack.call('POST', '/login', { username, password }, options);
}

before(async () => {
  stack = await Stack.start({
    set: {
      'auth.mode': 'token', 'auth.site_secret': kSecret, 'auth.allowed_origins': [kElsewhere], 'log.level': 'debug',
    },
  });
  origin = `http://127.0.0.1:${stack.port}`;
  await addAgent(sql, 'ann');
  await addAgent(sql, 'sue', 'supervisor');
  tokens.agent = (await login('ann')).json.token;
  tokens.supervisor = (await login('sue')).json.token;
  for (const scope of ['sessions', 'read', 'send', 'close', 'visitor']) {
    tokens[`bot: ${scope}`] = await addBot(sql, scope);
  }
  tokens['other visitor'] = (await openedSession()).token;
});
after(() => stack?.stop());

// The operations of the table that REST has; `mine` is a session that `owner` owns.
const operations = {
  'initialize a new clientId': (mine, options) => initialize(newId('new'), options),
  'initialize mine': (mine, options) => initialize(mine, options),
  'list sessions': (mine, options) => stack.call('GET', '/sessions', undefined, options),
  'show one of the sessions': (mine, options) => stack.call('GET', `/sessions/${mine}`, undefined, options),
  'read the history of mine': (mine, options) => stack.call('GET', `/history/${mine}`, undefined, options),
  'mark mine as read as client': (mine, options) => stack.call('PUT', `/read/${mine}`, { sender: 'client' }, options),
  'mark mine as read as admin': (mine, options) => stack.call('PUT', `/read/${mine}`, { sender: 'admin' }, options),
  'send into mine as client': (mine, options) =>
    stack.call('POST', `/messages/${mine}`, { message: 'x', sender: 'client' }, options),
  'send into mine as admin': (mine, options) =>
    stack.call('POST', `/messages/${mine}`, { message: 'x', sender: 'admin' }, options),
  'close mine': (mine, options) => stack.call('PUT', `/close/${mine}`, undefined, options),
  'sign a visitor out': (mine, options) => stack.call('DELETE', '/tokens/somebody-else', undefined, options),
  'manage bans': (mine, options) => stack.call('GET', '/bans', undefined, options),
};
const overSockets = ['watch sessions', 'join mine', 'type in mine as client', 'type in mine as admin'];

describe('the table of docs/security.md', () => {
  const table = accessTable();

  test('names every operation', () => {
    assert.deepEqual(table.map((row) => row.operation).sort(), [...Object.keys(operations), ...overSockets].sort());
  });

  for (const { operation, answers } of table.filter((row) => operations[row.operation])) {
    test(operation, async () => {
      const mine = await openedSession();
      for (const [who, answer] of Object.entries(answers)) {
        const token = who === 'owner' ? mine.token : tokens[who];
        assert(who === 'stranger' || token, who);
        const got = await operations[operation](mine.clientId, as(token));
        if (answer === 'yes') assert(got.status < 300, `${who}: ${got.text}`);
        else assertProblem(got, Number(answer), answer === '401' ? 'unauthorized' : 'forbidden');
      }
    });
  }

  for (const operation of Object.keys(operations).filter((name) => /mine/.test(name) && name !== 'initialize mine')) {
    test(`${operation}: a session that never was looks like one that is`, async () => {
      const { clientId } = await openedSession();
      for (const token of [undefined, tokens['other visitor']]) {
        const [real, none] = await Promise.all([clientId, 'never-was'].map((id) => operations[operation](id, as(token))));
        const strip = ({ status, text, json, headers }) =>
          [status, text.replace(json.requestId, ''), Object.keys(headers).sort()];
        assert.deepEqual(strip(real), strip(none));
      }
    });
  }
});

describe('a visitor', () => {
  test('gets a token for a new clientId, which the database knows as a hash alone', async () => {
    const clientId = newId();
    const answer = await initialize(clientId);
    assert.equal(answer.status, 200);
    assert.match(answer.json.token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(answer.headers['set-cookie'].length, 1);
    assert.equal(answer.headers['set-cookie'][0],
      `livechat_visitor=${answer.json.token}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`);
    const rows = await sql(`SELECT LOWER(HEX(t.token_hash)) = SHA2('${answer.json.token}', 256) FROM livechat.access_token t
      JOIN livechat.session_owner USING (token_hash) JOIN livechat.session s ON s.id = session_id
      WHERE s.client_id = '${clientId}'`);
    assert.deepEqual(rows, [['1']]);
  });

  test('finds his session again with the token, and with the cookie', async () => {
    const { clientId, token } = await openedSession();
    await stack.call('POST', `/messages/${clientId}`, { message: 'Hello', sender: 'client' }, as(token));
    for (const options of [as(token), withCookie(`a=b; livechat_visitor=${token}`, { Origin: origin })]) {
      const answer = await initialize(clientId, options);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.messages[0].message, 'Hello');
      assert.equal(answer.json.token, token);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
  });

  test('keeps for himself what stands behind # in the address of his page', async () => {
    const clientId = newId('reset');
    const visitor = { page: 'https://ann:pw@shop.example/reset?step=2#token=secret', referrer: 'https://mail.example/#inbox', name: '\u2800 ' };
    await initialize(clientId, {}, { visitor });
    const { json } = await stack.call('GET', `/sessions/${clientId}`, undefined, as(tokens.agent));
    const { updatedAt: _, ...kept } = json.visitor;
    assert.deepEqual(kept, { page: 'https://shop.example/reset?step=2', referrer: 'https://mail.example/' });
  });

  test('does not open two sessions of broken names as one', async () => {
    for (const clientId of ['"c\\ud83d"', '"c\\udc00"', '"c\\ufffd"']) {
      const answer = await stack.call('POST', '/initialize', `{"clientId":${clientId}}`, { headers: { 'Content-Type': 'application/json' } });
      assertProblem(answer, 400, 'client_id_invalid');
    }
    assertProblem(await stack.call('GET', '/history/c%EF%BF%BD', undefined, as(tokens.agent)), 400, 'client_id_invalid');
  });

  test('owns several sessions with one token', async () => {
    const first = await openedSession();
    const cookie = withCookie(`livechat_visitor=${first.token}`, { Origin: origin });
    const second = newId();
    assert.equal((await initialize(second, cookie)).json.token, first.token);
    for (const clientId of [first.clientId, second]) {
      // Each by whichever worker comes: what one has given, all know.
      for (let i = 0; i < 8; i++) {
        assert.equal((await stack.call('GET', `/history/${clientId}`, undefined, as(first.token))).status, 200);
      }
    }
    const me = await stack.call('GET', '/me', undefined, as(first.token));
    assert.deepEqual(me.json, { kind: 'visitor', clientIds: [first.clientId, second].sort() });
  });

  test('twenty at once with one token make one session and get twenty answers', async () => {
    const { token } = await openedSession();
    const clientId = newId('race');
    const answers = await Promise.all(Array.from({ length: 20 }, () => initialize(clientId, as(token))));
    assert.deepEqual(answers.map((answer) => answer.status), Array(20).fill(200));
    assert.deepEqual(await sql(`SELECT COUNT(*) FROM livechat.session WHERE client_id = '${clientId}'`), [['1']]);
  });

  test('twenty strangers at once: one gets it', async () => {
    const clientId = newId('race');
    const answers = await Promise.all(Array.from({ length: 20 }, () => initialize(clientId)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, ...Array(19).fill(401)]);
    assert.deepEqual(await sql(`SELECT COUNT(*) FROM livechat.session_owner JOIN livechat.session s ON s.id = session_id
      WHERE client_id = '${clientId}'`), [['1']]);
  });

  test('owns no more sessions than he may', async () => {
    const { token } = await openedSession();
    const many = Array.from({ length: 49 }, (_, i) => `('many-${i}')`);
    await sql(`INSERT INTO livechat.session (client_id) VALUES ${many}`);
    await sql(`INSERT INTO livechat.session_owner (session_id, token_hash)
      SELECT id, UNHEX(SHA2('${token}', 256)) FROM livechat.session WHERE client_id LIKE 'many-%'`);
    assertProblem(await initialize(newId(), as(token)), 403, 'too_many_sessions');
  });

  test('owns no more sessions than he may, also when he opens many at once', async () => {
    const { token } = await openedSession();
    const answers = await Promise.all(Array.from({ length: 70 }, () => initialize(newId('at-once'), as(token))));
    assert.equal(answers.filter(({ status }) => status === 200).length, 49);
    assert.deepEqual(await sql(`SELECT COUNT(*) FROM livechat.session_owner WHERE token_hash = UNHEX(SHA2('${token}', 256))`), [['50']]);
  });

  test('whose token is about to end gets more time, and the cookie again', async () => {
    const { clientId, token } = await openedSession();
    await sql(`UPDATE livechat.access_token SET expires_at = UTC_TIMESTAMP(3) + INTERVAL 30 DAY
      WHERE token_hash = UNHEX(SHA2('${token}', 256))`);
    await waitFor(async () => (await initialize(clientId, as(token))).headers['set-cookie'], 'the cookie');
    const [[days]] = await sql(`SELECT DATEDIFF(expires_at, UTC_TIMESTAMP()) FROM livechat.access_token
      WHERE token_hash = UNHEX(SHA2('${token}', 256))`);
    assert.equal(days, '365');
  });

  test('that claims to be an agent is refused, however he says it', async () => {
    const { clientId, token } = await openedSession();
    const at = `/messages/${clientId}`;
    for (const [path, body] of [
      [at, '{"message":"x","sender":"admin"}'],
      [at, '{"message":"x","sender":"client","sender":"admin"}'],
      [`${at}?sender=admin`, '{"message":"x","sender":"admin","role":"supervisor"}'],
    ]) {
      const answer = await stack.call('POST', path, body, { headers: { ...bearer(token), 'Content-Type': 'application/json' } });
      assertProblem(answer, 403, 'forbidden');
    }
    for (const query of ['?role=supervisor', '?token=' + tokens.agent, '?sender=admin', '?auth=open']) {
      assertProblem(await stack.call('GET', `/sessions${query}`, undefined, as(token)), 403, 'forbidden');
    }
    assert.deepEqual((await stack.call('GET', `/history/${clientId}`, undefined, as(token))).json.messages, []);
  });
});

describe('over https', () => {
  const secure = { 'X-Forwarded-Proto': 'https' };
  let encrypted;
  before(async () => {
    encrypted = await Stack.start({ set: { 'auth.mode': 'token', 'auth.cookie_secure': 'always' } });
    await addAgent((text) => encrypted.database.sql(text), 'ann');
  });
  after(() => encrypted?.stop());
  const open = (clientId, headers = {}) => encrypted.call('POST', '/initialize', { clientId },
    { headers: { ...secure, Origin: `http://127.0.0.1:${encrypted.port}`, ...headers } });

  test('cookies have names that no other site can plant', async () => {
    const { json, headers } = await open('mine');
    assert.equal(headers['set-cookie'][0],
      `__Host-livechat_visitor=${json.token}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure`);
    const agent = await encrypted.call('POST', '/login', { username: 'ann', password: kPassword });
    assert.match(agent.headers['set-cookie'][0], /^__Host-livechat_agent=lca_.*; Path=\/; .*; Secure$/);
    const read = (cookie) => encrypted.call('GET', '/history/mine', undefined, withCookie(cookie));
    assert.equal((await read(`__Host-livechat_visitor=${json.token}`)).status, 200);
    // The cookie of an older version is still read, unless there is the new one.
    const planted = (await open('planted')).json.token;
    assert.equal((await read(`livechat_visitor=${json.token}`)).status, 200);
    assert.equal((await read(`livechat_visitor=${planted}; __Host-livechat_visitor=${json.token}`)).status, 200);
    assertProblem(await read(`livechat_visitor=${json.token}; __Host-livechat_visitor=${planted}`), 403, 'forbidden');
    assertProblem(await read(`livechat_visitor=${json.token}; __Host-livechat_visitor=`), 401, 'unauthorized');
  });

  test('what a visitor opens does not become that of a cookie which anyone may plant', async () => {
    const planted = (await open('of-a-stranger')).json.token;
    const { json } = await open('private', { Cookie: `livechat_visitor=${planted}` });
    assert.notEqual(json.token, planted);
    assertProblem(await encrypted.call('GET', '/history/private', undefined, as(planted)), 403, 'forbidden');
  });
});

describe('a token', () => {
  const flipped = (token) => token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.at(-1);

  test('of a bot says what it is for', async () => {
    const token = await addBot(sql, 'close,read', 'two scopes');
    const me = await stack.call('GET', '/me', undefined, as(token));
    assert.deepEqual(me.json, { kind: 'bot', name: 'two scopes', scopes: ['read', 'close'] });
  });

  test('is good as a whole and as it is', async () => {
    const { clientId, token } = await openedSession();
    const bad = [
      '', ' ', 'null', '[]', '{}', '0', 'undefined', token.slice(0, -1), token.slice(1), `${token}x`, `${token}=`,
      flipped(token), token.toLowerCase(), ` ${token}`, `"${token}"`, `lca_${token}`, `lcb_${token}`, newToken(''),
      newToken('lca_'), newToken('lcb_'), 'x'.repeat(4000), `${token},${token}`,
      Buffer.from(token).toString('base64'),
    ];
    for (const one of bad) {
      const answer = await stack.call('GET', `/history/${clientId}`, undefined, as(one).headers ? as(one) : { headers: { Authorization: 'Bearer ' } });
      assertProblem(answer, 401, 'unauthorized');
      assert.match(answer.headers['www-authenticate'], /^Bearer/);
    }
  });

  test('of one kind is nothing in the cookie of another', async () => {
    for (const cookie of [`livechat_visitor=${tokens.agent}`, `livechat_agent=${tokens['bot: sessions']}`,
      `livechat_agent=${tokens['other visitor']}`, `LIVECHAT_AGENT=${tokens.agent}`, `livechat_agent =x; alivechat_agent=${tokens.agent}`]) {
      assertProblem(await stack.call('GET', '/sessions', undefined, withCookie(cookie)), 401, 'unauthorized');
    }
    assert.equal((await stack.call('GET', '/sessions', undefined, withCookie(`livechat_agent=${tokens.agent}`))).status, 200);
  });

  test('in Authorization goes before the cookies, and one of another scheme is none', async () => {
    const options = withCookie(`livechat_agent=${tokens.agent}`, bearer(tokens['other visitor']));
    assertProblem(await stack.call('GET', '/sessions', undefined, options), 403, 'forbidden');
    const basic = withCookie(`livechat_agent=${tokens.agent}`, { Authorization: 'Basic YTpi' });
    assert.equal((await stack.call('GET', '/sessions', undefined, basic)).status, 200);
  });

  test('stops on every worker when it is revoked', async () => {
    const token = await addBot(sql, 'sessions', 'to be revoked');
    const use = () => stack.call('GET', '/sessions', undefined, as(token));
    // Until every worker knows it.
    for (let i = 0; i < 40; i++) assert.equal((await use()).status, 200);
    await revoke(sql, token);
    const start = Date.now();
    await waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 16 }, use));
      return answers.every((answer) => answer.status === 401);
    }, 'the end of the token', kRevokedWithin);
    assert(Date.now() - start < kRevokedWithin);
  });

  test('that is over is none', async () => {
    const token = await addBot(sql, 'sessions', 'over');
    await sql(`UPDATE livechat.access_token SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE name = 'over'`);
    assertProblem(await stack.call('GET', '/sessions', undefined, as(token)), 401, 'unauthorized');
  });

  test('that is good costs one read, and for a while none', async () => {
    const token = await addBot(sql, 'read', 'cheap');
    const reads = async () => Number((await sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'"))[0][1]);
    await Promise.all(Array.from({ length: 40 }, () => stack.call('GET', '/history/x', undefined, as(token))));
    const start = await reads();
    for (let i = 0; i < 50; i++) await stack.call('GET', '/history/x', undefined, as(token));
    // One statement for each history, and now and then one for what is known of tokens and bans.
    assert((await reads()) - start < 50 + 25);
  });

  test('of a bot opens a session that is there for hardly more statements than without tokens', async () => {
    const as_bot = as(await addBot(sql, 'visitor', 'opener'));
    const statements = async () => Number((await sql("SHOW GLOBAL STATUS LIKE 'Questions'"))[0][1]);
    const open = () => stack.call('POST', '/initialize', { clientId: 'opened again' }, as_bot);
    await Promise.all(Array.from({ length: 40 }, open));
    const start = await statements();
    for (let i = 0; i < 50; i++) assert.equal((await open()).status, 200);
    const each = ((await statements()) - start) / 50;
    assert(each < 3.5, `${each} statements`);
  });
});

describe('a signature', () => {
  test('gives the session to its holder, on any device', async () => {
    const clientId = newId('signed');
    const one = await initialize(clientId, {}, { signature: sign(kSecret, clientId) });
    assert.equal(one.status, 200, one.text);
    const other = await initialize(clientId, {}, { signature: sign(kSecret, clientId).toUpperCase() });
    assert.equal(other.status, 200);
    assert.notEqual(other.json.token, one.json.token);
    for (const { json } of [one, other]) {
      assert.equal((await stack.call('GET', `/history/${clientId}`, undefined, as(json.token))).status, 200);
    }
  });

  const signed = (clientId, options) => initialize(clientId, options, { signature: sign(kSecret, clientId) });
  const history = (clientId, token) => stack.call('GET', `/history/${clientId}`, undefined, as(token));

  test('gives the session to a new token, not to one that the browser brought along', async () => {
    for (const how of [as, (token) => withCookie(`livechat_visitor=${token}`, { Origin: origin })]) {
      const planted = await openedSession('of-a-stranger');
      const clientId = newId('victim');
      const victim = await signed(clientId, how(planted.token));
      assert.equal(victim.status, 200, victim.text);
      assert.notEqual(victim.json.token, planted.token);
      assert.match(victim.headers['set-cookie'][0], new RegExp(`^livechat_visitor=${victim.json.token};`));
      for (let i = 0; i < 8; i++) assertProblem(await history(clientId, planted.token), 403, 'forbidden');
      assertProblem(await stack.call('POST', `/messages/${clientId}`, { message: 'x', sender: 'client' }, as(planted.token)), 403, 'forbidden');
      assert.equal((await history(clientId, victim.json.token)).status, 200);
      assert.deepEqual((await stack.call('GET', '/me', undefined, as(victim.json.token))).json.clientIds, [clientId]);
    }
  });

  test('gives none to a token that owns another signed session, or this one', async () => {
    const [one, two] = [newId('signed'), newId('signed')];
    const first = (await signed(one)).json.token;
    const second = (await signed(two, as(first))).json.token;
    const third = (await signed(one, as(first))).json.token;
    assert.equal(new Set([first, second, third]).size, 3);
    assertProblem(await history(two, first), 403, 'forbidden');
    assertProblem(await history(one, second), 403, 'forbidden');
    for (const token of [first, third]) assert.equal((await history(one, token)).status, 200);
  });

  test('leaves other devices signed in, however often a page is loaded, and few tokens', async () => {
    const clientId = newId('signed');
    const phone = (await signed(clientId)).json.token;
    let laptop = (await signed(clientId)).json.token;
    for (let i = 0; i < 30; i++) laptop = (await signed(clientId, as(laptop))).json.token;
    for (const token of [phone, laptop]) assert.equal((await history(clientId, token)).status, 200);
    const good = `SELECT COUNT(*) FROM livechat.session_owner o JOIN livechat.session s ON s.id = o.session_id
      JOIN livechat.access_token t USING (token_hash) WHERE s.client_id = '${clientId}' AND t.revoked_at IS NULL`;
    assert.deepEqual(await sql(good), [['20']]);
    await Promise.all(Array.from({ length: 30 }, () => signed(clientId)));
    assert.deepEqual(await sql(good), [['20']]);
  });

  test('may expire, and then says so', async () => {
    const now = Math.floor(Date.now() / 1000);
    const open = (clientId, expires, signature, options) => initialize(clientId, options, { signature, expires });
    const clientId = newId('expires');
    for (const expires of [now - 1, 0, 1]) {
      assertProblem(await open(clientId, expires, sign(kSecret, clientId, expires)), 403, 'signature_expired');
    }
    // Neither can the time be left out, moved or added.
    const good = sign(kSecret, clientId, now + 60);
    for (const [expires, signature] of [[undefined, good], [now + 61, good], [now + 60, sign(kSecret, clientId)]]) {
      assertProblem(await open(clientId, expires, signature), 403, 'signature_invalid');
    }
    for (const expires of ['1', -1, 1.5, 2 ** 60, [], {}, true]) {
      assert.equal((await open(clientId, expires, good)).json.code, 'signature_invalid', String(expires));
    }
    assert.deepEqual(await sql(`SELECT COUNT(*) FROM livechat.session WHERE client_id = '${clientId}'`), [['0']]);
    const opened = await open(clientId, now + 60, good);
    assert.equal(opened.status, 200, opened.text);
    // A page that was open for long is not cut off, and no one else gets in.
    const old = sign(kSecret, clientId, now - 1);
    assert.equal((await open(clientId, now - 1, old, as(opened.json.token))).json.token, opened.json.token);
    assertProblem(await open(clientId, now - 1, old, as(tokens['other visitor'])), 403, 'signature_expired');
  });

  test('signs a visitor out everywhere, as do a supervisor, a bridge and SQL', async () => {
    const clientId = newId('signed-out');
    const expires = Math.floor(Date.now() / 1000) + 60;
    const end = (body, options) => stack.call('DELETE', `/tokens/${clientId}`, body, options);
    const ways = {
      signature: async () => assert.equal((await end({ signature: sign(kSecret, clientId, expires), expires })).status, 204),
      supervisor: async () => assert.equal((await end(undefined, as(tokens.supervisor))).status, 204),
      bridge: async () => assert.equal((await end(undefined, as(tokens['bot: visitor']))).status, 204),
      sql: () => sql(`CALL livechat.livechat_sign_out('${clientId}')`),
    };
    for (const [way, run] of Object.entries(ways)) {
      const devices = [(await signed(clientId)).json.token, (await signed(clientId)).json.token];
      for (const token of devices) assert.equal((await history(clientId, token)).status, 200, way);
      await run();
      for (const token of devices) {
        await waitFor(async () => (await history(clientId, token)).status === 401, `the end of a token by ${way}`, kRevokedWithin);
      }
    }
    for (const body of [{ signature: sign(kSecret, 'another') }, { signature: 'x' }]) assertProblem(await end(body), 403, 'signature_invalid');
    const over = { signature: sign(kSecret, clientId, 1), expires: 1 };
    assertProblem(await end(over), 403, 'signature_expired');
    assert.equal((await signed(clientId)).status, 200);
  });

  test('takes it from who claimed it without one', async () => {
    const { clientId, token } = await openedSession('claimed');
    const owner = await initialize(clientId, {}, { signature: sign(kSecret, clientId) });
    assert.equal(owner.status, 200);
    await waitFor(async () =>
      (await stack.call('GET', `/history/${clientId}`, undefined, as(token))).status === 401, 'the end of the claim', kRevokedWithin);
    assertProblem(await initialize(clientId, {}), 401, 'unauthorized');
    assert.equal((await stack.call('GET', `/history/${clientId}`, undefined, as(owner.json.token))).status, 200);
  });

  test('is for one clientId, and whole', async () => {
    const clientId = newId('signed');
    const good = sign(kSecret, clientId);
    const changed = (i) => good.slice(0, i) + (good[i] === '0' ? '1' : '0') + good.slice(i + 1);
    const bad = ['', 'x', good.slice(1), good + '0', sign(kSecret, clientId + ' '), sign('another secret', clientId),
      ...Array.from(good, (_, i) => changed(i))];
    for (const signature of bad) assertProblem(await initialize(clientId, {}, { signature }), 403, 'signature_invalid');
    for (const signature of [1, [], {}, true]) {
      const answer = await initialize(clientId, {}, { signature });
      assert.equal(answer.json.code, 'signature_invalid');
    }
    assert.deepEqual(await sql(`SELECT COUNT(*) FROM livechat.session WHERE client_id = '${clientId}'`), [['0']]);
  });
});

describe('a site that requires signatures', () => {
  let strict;
  before(async () => {
    strict = await Stack.start({ set: { 'auth.mode': 'token', 'auth.site_secret': kSecret, 'auth.require_signature': true } });
  });
  after(() => strict?.stop());

  test('opens no session without one, to whomever', async () => {
    const open = (clientId, options, more) => strict.call('POST', '/initialize', { clientId, ...more }, options);
    const { json } = await open('signed', {}, { signature: sign(kSecret, 'signed') });
    const cookie = withCookie(`livechat_visitor=${json.token}`, { Origin: `http://127.0.0.1:${strict.port}` });
    for (const options of [{}, as(json.token), cookie]) assertProblem(await open('another', options), 403, 'signature_required');
    assert.deepEqual(await strict.database.sql('SELECT client_id FROM livechat.session'), [['signed']]);
    // What is his already is his without one.
    assert.equal((await open('signed', as(json.token))).status, 200);
  });
});

describe('an agent', () => {
  test('signs in and gets a token and its cookie', async () => {
    const answer = await login();
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.json.token, /^lca_[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(answer.json.agent, { username: 'ann', role: 'agent' });
    const hours = (Date.parse(answer.json.expiresAt) - Date.now()) / 3_600_000;
    assert(hours > 11.9 && hours <= 12.01, answer.json.expiresAt);
    assert.equal(answer.headers['set-cookie'][0],
      `livechat_agent=${answer.json.token}; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax`);
    const me = await stack.call('GET', '/me', undefined, as(answer.json.token));
    assert.deepEqual(me.json, { kind: 'agent', username: 'ann', role: 'agent' });
  });

  test('with a wrong password, an unknown or a disabled one looks the same', async () => {
    await addAgent(sql, 'gone');
    await sql("UPDATE livechat.agent SET disabled = 1 WHERE username = 'gone'");
    const answers = [await login('ann', 'wrong password'), await login('nobody'), await login('gone'), await login('Ann'),
      await login('ann', ''), await login('ann', 'x'.repeat(5000))];
    for (const answer of answers) {
      assertProblem(answer, 401, 'login_failed');
      assert.equal(answer.json.detail, answers[0].json.detail);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
    for (const body of [{}, { username: 'ann' }, { username: 'ann', password: null }, { username: ['ann'], password: kPassword }]) {
      assertProblem(await stack.call('POST', '/login', body), 400, 'invalid_payload');
    }
  });

  test('is out everywhere with another password, and in a moment', async () => {
    await addAgent(sql, 'moves');
    const { token } = (await login('moves')).json;
    assert.equal((await stack.call('GET', '/sessions', undefined, as(token))).status, 200);
    await sql("UPDATE livechat.agent SET disabled = 1 WHERE username = 'moves'");
    await waitFor(async () => (await stack.call('GET', '/sessions', undefined, as(token))).status === 401, 'the end', kRevokedWithin);
  });

  test('signs out', async () => {
    const { token } = (await login()).json;
    const options = withCookie(`livechat_agent=${token}`, { Origin: origin });
    const answer = await stack.call('POST', '/logout', undefined, options);
    assert.equal(answer.status, 204);
    assert.match(answer.headers['set-cookie'][0], /^livechat_agent=; Path=\/; Max-Age=0; /);
    await waitFor(async () => (await stack.call('GET', '/sessions', undefined, as(token))).status === 401, 'the end', kRevokedWithin);
    assert.equal((await stack.call('POST', '/logout', undefined, options)).status, 204);
  });

  test('whose cookie comes along with a new clientId can try the widget', async () => {
    const clientId = newId('widget');
    const cookie = withCookie(`livechat_agent=${tokens.agent}`, { Origin: origin });
    const { token } = (await initialize(clientId, cookie)).json;
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    const both = withCookie(`livechat_agent=${tokens.agent}; livechat_visitor=${token}`, { Origin: origin });
    for (const sender of ['client', 'admin']) {
      assert.equal((await stack.call('POST', `/messages/${clientId}`, { message: 'x', sender }, both)).status, 201);
    }
    const me = await stack.call('GET', '/me', undefined, both);
    assert.deepEqual(me.json, { kind: 'agent', username: 'ann', role: 'agent', clientIds: [clientId] });
  });

  test('gets no token of a session that he opens', async () => {
    const answer = await initialize(newId('by-agent'), as(tokens.agent));
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.json), ['session', 'messages']);
    assert.equal(answer.headers['set-cookie'], undefined);
  });
});

describe('a page of another origin', () => {
  const foreign = ['https://evil.example', 'null', 'https://www.example.org.evil.example', 'http://www.example.org',
    'https://www.example.org:444', 'file://'];

  for (const from of foreign) {
    test(`${from} may not call anything`, async () => {
      const { clientId } = await openedSession();
      for (const [method, at, body] of [['GET', '/sessions'], ['POST', `/messages/${clientId}`, { message: 'x', sender: 'admin' }],
        ['PUT', `/close/${clientId}`], ['POST', '/login', { username: 'ann', password: kPassword }]]) {
        for (const headers of [{ Cookie: `livechat_agent=${tokens.agent}` }, bearer(tokens.agent)]) {
          const answer = await stack.call(method, at, body, { headers: { ...headers, Origin: from } });
          assertProblem(answer, 403, 'origin_refused');
          assert.equal(answer.headers['access-control-allow-origin'], undefined);
        }
      }
      const preflight = await stack.call('OPTIONS', '/sessions', undefined,
        { headers: { Origin: from, 'Access-Control-Request-Method': 'GET' } });
      assertProblem(preflight, 403, 'origin_refused');
    });
  }

  test('may, if it is listed, and is told so', async () => {
    const headers = { Origin: kElsewhere, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'authorization' };
    const preflight = await stack.call('OPTIONS', '/close/x', undefined, { headers });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], kElsewhere);
    assert.equal(preflight.headers['access-control-allow-credentials'], 'true');
    assert.match(preflight.headers['access-control-allow-methods'], /PUT/);
    assert.match(preflight.headers['access-control-allow-headers'], /Authorization.*Content-Type/);
    assert.equal(preflight.headers.vary, 'Origin');

    const answer = await stack.call('GET', '/sessions', undefined, { headers: { Origin: kElsewhere, ...bearer(tokens.agent) } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], kElsewhere);
    assert.match(answer.headers['access-control-expose-headers'], /X-Request-Id/);
    // Errors too: a page wants to know what went wrong.
    const refused = await stack.call('GET', '/sessions', undefined, { headers: { Origin: kElsewhere } });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers['access-control-allow-origin'], kElsewhere);
  });

  test('our own needs no permission', async () => {
    const answer = await stack.call('GET', '/sessions', undefined, { headers: { Origin: origin, ...bearer(tokens.agent) } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.equal(answer.headers.vary, 'Origin');
  });

  test('a cookie alone changes nothing', async () => {
    const { clientId, token } = await openedSession();
    const cookie = `livechat_visitor=${token}; livechat_agent=${tokens.agent}`;
    const writes = [['POST', `/messages/${clientId}`, { message: 'x', sender: 'client' }], ['PUT', `/read/${clientId}`, { sender: 'client' }],
      ['PUT', `/close/${clientId}`], ['POST', '/initialize', { clientId }], ['POST', '/logout']];
    for (const [method, at, body] of writes) {
      for (const more of [{}, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Referer: 'https://evil.example/' }]) {
        assertProblem(await stack.call(method, at, body, withCookie(cookie, more)), 403, 'origin_required');
      }
    }
    assert.equal((await stack.call('GET', `/history/${clientId}`, undefined, withCookie(cookie))).json.total, 0);
    for (const more of [{ Origin: origin }, { 'Sec-Fetch-Site': 'same-origin' }, { Referer: `${origin}/page?x` }, { Origin: kElsewhere }]) {
      const [method, at, body] = writes[0];
      assert.equal((await stack.call(method, at, body, withCookie(cookie, more))).status, 201, JSON.stringify(more));
    }
  });
});

describe('what a peer writes', () => {
  const kNasty = ['a\r\nSet-Cookie: x=y', 'a\nlevel=error event=forged', '\u0000', 'a\u0085b'];

  test('makes neither headers nor log lines', async () => {
    for (const text of kNasty) {
      for (const token of [undefined, tokens.agent]) {
        const at = encodeURIComponent(text);
        for (const answer of [
          await initialize(text, as(token)), await stack.call('GET', `/history/${at}`, undefined, as(token)),
          await stack.call('PUT', `/close/${at}`, undefined, as(token)),
        ]) {
          assert(answer.status >= 400 && answer.status < 500, answer.text);
          assert.equal(answer.headers['set-cookie'], undefined);
        }
      }
      await login(text, 'x');
    }
    const raw = await rawRequest(stack.port, 'GET /api/chat/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
      'Origin: https://www.example.org\x0bSet-Cookie: x=y\r\n\r\n');
    assert.doesNotMatch(raw.head, /^set-cookie/im);
    assert.doesNotMatch(stack.fcgi.output, /event=forged|^level=error/m);
  });

  test('of secrets stands in no log', async () => {
    await login('ann', 'a wrong password of ann');
    const secrets = [...Object.values(tokens), kPassword, kSecret, 'a wrong password of ann', '$argon2id$'];
    for (const secret of secrets) assert(!stack.fcgi.output.includes(secret), secret);
    assert.match(stack.fcgi.output, /event=request/);
  });
});
