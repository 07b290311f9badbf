// livechat-admin agent, token, ban.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { adminOf, program, sentence } from './lib/admin.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

const PASSWORD = 'correct horse battery';

test('an agent is added, changed, kept out and let in again', async () => {
  const added = await adminOf(stack, ['agent', 'add', 'anna', '--role', 'supervisor', '--password-file', '-'], { input: `${PASSWORD}\n` });
  assert.equal(added.code, 0, added.stderr);
  const [[hash]] = await stack.sql("SELECT password_hash FROM agent WHERE username = 'anna'");
  assert.match(hash, /^\$argon2id\$/);
  assert.equal(execFileSync('php', ['-r', `echo json_encode(password_verify($argv[1], $argv[2]));`, PASSWORD, hash]).toString(), 'true');

  const again = await adminOf(stack, ['agent', 'add', 'anna', '--password-file', '-'], { input: PASSWORD });
  assert.equal(again.code, 1);
  assert.match(sentence(again), /the agent anna exists: livechat-admin agent passwd/);

  const file = path.join(stack.state, 'new-password');
  fs.writeFileSync(file, 'another horse battery\n', { mode: 0o600 });
  assert.equal((await adminOf(stack, ['agent', 'passwd', 'anna', '--password-file', file])).code, 0);
  const [[changed]] = await stack.sql("SELECT password_hash FROM agent WHERE username = 'anna'");
  assert.notEqual(changed, hash);
  assert.equal((await adminOf(stack, ['agent', 'role', 'anna', '--role', 'agent'])).code, 0);
  assert.equal((await adminOf(stack, ['agent', 'disable', 'anna'])).code, 0);
  const { json } = await adminOf(stack, ['agent', 'list', '--json']);
  assert.deepEqual(json.map(({ createdAt: _, ...row }) => row), [{ username: 'anna', role: 'agent', disabled: true }]);
  assert.equal((await adminOf(stack, ['agent', 'enable', 'anna'])).code, 0);
  assert.match((await adminOf(stack, ['agent', 'list'])).stdout, /^AGENT .*\nanna /);

  for (const command of [['passwd', 'nobody', '--password-file', file], ['disable', 'nobody'], ['enable', 'nobody'], ['role', 'nobody', '--role', 'agent']]) {
    const missing = await adminOf(stack, ['agent', ...command]);
    assert.equal(missing.code, 1);
    assert.match(sentence(missing), /there is no agent nobody: livechat-admin agent list/);
  }
});

test('a password comes from a file, from standard input or from a terminal, never from the command line', async () => {
  const asked = await adminOf(stack, ['agent', 'add', 'bob']);
  assert.equal(asked.code, 2);
  assert.match(sentence(asked), /no terminal to ask .*: give --password-file/);
  const { stdout } = await adminOf(stack, ['agent', 'add', '--help']);
  assert.doesNotMatch(stdout, /--password /);
  for (const [input, said] of [['', /holds no secret/], ['short\n', /password has/]]) {
    const refused = await adminOf(stack, ['agent', 'add', 'bob', '--password-file', '-'], { input });
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, said);
  }
  const missing = await adminOf(stack, ['agent', 'add', 'bob', '--password-file', '/nowhere']);
  assert.match(sentence(missing), /cannot read \/nowhere: name a file/);
  assert.equal((await stack.sql("SELECT COUNT(*) FROM agent WHERE username = 'bob'"))[0][0], '0');
});

test('at a terminal it is asked for without being shown', async () => {
  // script(1) gives the program a terminal, and writes down all that is shown on it.
  const command = `'${program}' --config '${path.join(stack.state, 'livechat.toml')}' agent add carol`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null']);
  let shown = '';
  terminal.stdout.setEncoding('utf8').on('data', (data) => (shown += data));
  const answers = [['carol: ', PASSWORD], ['again: ', `${PASSWORD}x`], ['once more.\r\nPassword of the agent carol: ', PASSWORD], ['again: ', PASSWORD]];
  let seen = 0;
  for (const [question, answer] of answers) {
    await waitFor(() => shown.indexOf(question, seen) >= 0, () => `${question} in ${shown}`);
    seen = shown.indexOf(question, seen) + question.length;
    terminal.stdin.write(`${answer}\n`);
  }
  assert.deepEqual(await once(terminal, 'exit'), [0, null]);
  assert.ok(!shown.includes(PASSWORD), shown);
  assert.match(shown, /Password of the agent carol: /);
  assert.match(shown, /These two differ/);
  assert.match(shown, /added: the agent carol/);
});

test('tokens are made, shown once, listed and revoked', async () => {
  const made = await adminOf(stack, ['token', 'create', 'crm', '--scopes', 'sessions,read', '--days', '30']);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /^lcb_[\w-]{43}\n$/);
  const token = made.stdout.trim();
  const dump = await stack.sql('SELECT HEX(token_hash), name FROM access_token');
  assert.ok(!JSON.stringify(dump).includes(token));
  const { json } = await adminOf(stack, ['token', 'list', '--json']);
  assert.equal(json.length, 1);
  assert.deepEqual([json[0].kind, json[0].name, json[0].scopes, json[0].revokedAt], ['bot', 'crm', 'sessions,read', null]);
  assert.equal((await adminOf(stack, ['token', 'revoke', String(json[0].id)])).code, 0);
  assert.notEqual((await adminOf(stack, ['token', 'list', '--json'])).json[0].revokedAt, null);
  const again = await adminOf(stack, ['token', 'revoke', String(json[0].id)]);
  assert.equal(again.code, 1);
  assert.match(sentence(again), /there is no token \d+: livechat-admin token list/);

  const agents = await adminOf(stack, ['token', 'create', '--agent', 'anna', '--json']);
  assert.match(agents.json.token, /^lca_/);
  assert.equal((await adminOf(stack, ['token', 'revoke', '--agent', 'anna'])).code, 0);
  for (const args of [['token', 'create'], ['token', 'create', 'x'], ['token', 'revoke']]) {
    assert.equal((await adminOf(stack, args)).code, 2, args.join(' '));
  }
  assert.equal((await adminOf(stack, ['token', 'create', 'x', '--scopes', 'everything'])).code, 1);
});

test('a visitor is signed out everywhere, and a token that no list shows is not revoked by its number', async () => {
  await stack.sql("INSERT INTO session (client_id) VALUES ('alice'); INSERT INTO access_token (token_hash, kind) VALUES (REPEAT('a', 32), 'visitor');"
    + " INSERT INTO session_owner (session_id, token_hash, proven) SELECT id, REPEAT('a', 32), 1 FROM session WHERE client_id = 'alice'");
  const [[id]] = await stack.sql("SELECT id FROM access_token WHERE kind = 'visitor'");
  const byId = await adminOf(stack, ['token', 'revoke', id]);
  assert.equal(byId.code, 1);
  assert.match(sentence(byId), /there is no token/);
  const revoked = () => stack.sql("SELECT revoked_at IS NOT NULL FROM access_token WHERE kind = 'visitor'");
  assert.deepEqual(await revoked(), [['0']]);
  const out = await adminOf(stack, ['token', 'revoke', '--client', 'alice']);
  assert.equal(out.code, 0, out.stderr);
  assert.deepEqual(await revoked(), [['1']]);
  assert.equal((await adminOf(stack, ['token', 'revoke', '--client', 'nobody'])).code, 1);
  assert.equal((await adminOf(stack, ['token', 'revoke', '--client', 'alice', '--agent', 'anna'])).code, 2);
});

test('an agent is removed with their tokens', async () => {
  assert.equal((await adminOf(stack, ['agent', 'add', 'gone', '--password-file', '-'], { input: PASSWORD })).code, 0);
  assert.equal((await adminOf(stack, ['token', 'create', '--agent', 'gone'])).code, 0);
  assert.notEqual((await adminOf(stack, ['agent', 'remove', 'gone'])).code, 0);
  assert.equal((await adminOf(stack, ['--yes', 'agent', 'remove', 'gone'])).code, 0);
  assert.deepEqual(await stack.sql("SELECT COUNT(*) FROM agent WHERE username = 'gone'"), [['0']]);
  assert.match(sentence(await adminOf(stack, ['--yes', 'agent', 'remove', 'gone'])), /there is no agent gone/);
});

test('a ban of an IPv6 address is of its customer, and one of half the internet is asked about', async () => {
  const { json, stderr } = await adminOf(stack, ['--json', 'ban', 'add', 'address', '2001:db8:9:1::5']);
  assert.equal(json?.value, '2001:db8:9:1::/64', stderr);
  assert.match((await adminOf(stack, ['ban', 'add', 'address', '2001:db8:9:1::5'])).stdout, /\/64/);
  for (const all of ['0.0.0.0/0', '::/0', '0.0.0.0/7', '2000::/3', '::ffff:0:0/96']) {
    assert.notEqual((await adminOf(stack, ['ban', 'add', 'address', all])).code, 0, all);
  }
  assert.deepEqual((await stack.sql('SELECT value FROM ban')).flat(), ['2001:db8:9:1::/64']);
  assert.equal((await adminOf(stack, ['--yes', 'ban', 'add', 'address', '0.0.0.0/0'])).code, 0);
  for (const { id } of (await adminOf(stack, ['ban', 'list', '--json'])).json) await adminOf(stack, ['ban', 'remove', String(id)]);
});

test('addresses, networks and clientIds are banned, listed and let in again', async () => {
  for (const [kind, value] of [['address', '203.0.113.7'], ['address', '2001:db8::/32'], ['client', 'troll']]) {
    const banned = await adminOf(stack, ['ban', 'add', kind, value, '--reason', 'spam', '--hours', '2']);
    assert.equal(banned.code, 0, banned.stderr);
  }
  const { json } = await adminOf(stack, ['ban', 'list', '--json']);
  assert.deepEqual(json.map(({ kind, value }) => `${kind} ${value}`).sort(), ['address 2001:db8::/32', 'address 203.0.113.7', 'client troll']);
  assert.ok(json.every(({ reason, expiresAt }) => reason === 'spam' && expiresAt));
  for (const { id } of json) assert.equal((await adminOf(stack, ['ban', 'remove', String(id)])).code, 0);
  assert.match((await adminOf(stack, ['ban', 'list'])).stdout, /^no bans/);
  const bad = await adminOf(stack, ['ban', 'add', 'address', 'not-an-address']);
  assert.equal(bad.code, 1);
  const missing = await adminOf(stack, ['ban', 'remove', '999']);
  assert.match(sentence(missing), /there is no ban 999: livechat-admin ban list/);
});
