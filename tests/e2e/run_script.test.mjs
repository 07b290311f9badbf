// scripts/run as its user meets it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, test } from 'node:test';

import { newSession, request } from '../harness/http.mjs';
import { runSql } from '../harness/sql.mjs';
import { Stack, alive, build, root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';

const folder = fs.mkdtempSync(path.join(process.env.LIVECHAT_TEST_DIR ?? path.join(root, 'build'), 'run '));
const programs = path.join(build, 'bin');

after(() => fs.rmSync(folder, { recursive: true, force: true }));

// Runs the script to its end.
function run(...args) {
  return new Promise((resolve) => {
    execFile(path.join(root, 'scripts/run'), args, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

test('a second start in the same state folder, whose name has spaces, finds the data of the first', async () => {
  const state = path.join(folder, "a state's folder");
  const first = await Stack.start({ state, ownDatabase: true });
  const clientId = await newSession(first);
  const files = ['admin.cnf', 'database.password', 'data', 'control'].map((name) => path.join(state, name));
  for (const file of files) assert.equal(fs.statSync(file).mode & 0o077, 0, `${file} is for its owner only`);
  const { sockets } = first;
  await first.stop({ keep: true });
  assert.equal(fs.existsSync(sockets), false);
  assert.deepEqual(fs.readdirSync(path.join(state, 'pid')), []);

  const second = await Stack.start({ state, ownDatabase: true });
  const { body } = await request(second, 'GET', '/api/chat/sessions');
  assert.deepEqual(body.map((session) => session.clientId), [clientId]);
  await second.stop();
});

test('--detach returns when all answer, a second stack there is refused, and --stop ends it', async () => {
  const state = path.join(folder, 'detached');
  const args = ['--port', '0', '--state', state, '--programs', programs];
  fs.mkdirSync(path.join(state, 'log'), { recursive: true });
  fs.writeFileSync(path.join(state, 'log/run.log'), 'livechat ready: http://127.0.0.1:1\n'); // of an earlier stack
  const started = await run(...args, '--detach');
  assert.equal(started.code, 0, started.stderr);
  const [, url] = started.stdout.match(/^livechat ready: (http:\/\/127\.0\.0\.1:\d+)$/m);
  const stack = { port: Number(new URL(url).port) };
  // Without a word about it, access is by token. Who is made at the first start is shown here, and in no log.
  assert.equal((await request(stack, 'GET', '/api/chat/sessions')).status, 401);
  const [, password] = started.stdout.match(/^its password, shown only now: (\S+)$/m);
  const signedIn = await request(stack, 'POST', '/api/chat/login', { body: { username: 'demo', password } });
  assert.equal(signedIn.status, 200, signedIn.text);
  for (const name of fs.readdirSync(path.join(state, 'log'))) {
    assert.ok(!fs.readFileSync(path.join(state, 'log', name), 'latin1').includes(password), name);
  }

  const again = await run(...args);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /running in .*detached already \(http:/);

  const pids = fs.readdirSync(path.join(state, 'pid')).map((name) =>
    Number(fs.readFileSync(path.join(state, 'pid', name), 'utf8')));
  assert.equal(pids.length, 4);
  const stopped = await run('--stop', '--state', state);
  assert.equal(stopped.code, 0, stopped.stderr);
  assert.deepEqual(pids.filter(alive), []);
});

test('the first start makes an agent, whose password it shows once, and a token for scripts', async () => {
  const state = path.join(folder, 'with an agent');
  const first = await Stack.start({ state, auth: 'token', ownDatabase: true });
  const [, password] = first.output.match(/^its password, shown only now: (\S+)$/m);
  const login = await request(first, 'POST', '/api/chat/login', { body: { username: 'demo', password } });
  assert.equal(login.status, 200, login.text);
  assert.deepEqual(login.body.agent, { username: 'demo', role: 'supervisor' });

  const file = path.join(state, 'agent-token');
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  const token = fs.readFileSync(file, 'utf8').trim();
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await request(first, 'GET', '/api/chat/sessions', { headers })).status, 200);
  await first.keepsSecrets();
  assert.equal(fs.existsSync(path.join(state, 'demo.password')), false);
  await first.stop({ keep: true });

  const second = await Stack.start({ state, auth: 'token', ownDatabase: true });
  assert.doesNotMatch(second.output, /password/);
  assert.equal((await request(second, 'GET', '/api/chat/sessions', { headers })).status, 200);
  await second.stop();
});

test('the account of the programs uses the database and alters nothing', async () => {
  const stack = await Stack.start({ ownDatabase: true });
  const password = fs.readFileSync(path.join(stack.state, 'database.password'), 'utf8').trim();
  const options = path.join(stack.state, 'programs.cnf');
  fs.writeFileSync(options, `[client]\nsocket=${stack.sockets}/mariadb.sock\nuser=livechat\npassword=${password}\n[mysql]\ndatabase=livechat\n`);
  const users = await stack.sql("SELECT DISTINCT user FROM information_schema.processlist WHERE db = 'livechat' AND id <> CONNECTION_ID()");
  assert.deepEqual(users, [['livechat']]);
  await runSql(options, "CALL livechat_open('by the programs'); SELECT * FROM session");
  for (const statement of [
    'CREATE TABLE more (id INT)', 'ALTER TABLE message ADD more INT', 'DROP TABLE message', 'DROP TRIGGER message_before_insert',
    'CREATE TRIGGER more BEFORE DELETE ON message FOR EACH ROW SET @x = 1', 'DROP PROCEDURE livechat_open', 'TRUNCATE TABLE message',
    'SELECT * FROM mysql.user', 'CREATE DATABASE more', "CREATE USER more@localhost", 'GRANT ALL ON livechat.* TO livechat@localhost',
    "SELECT 1 INTO OUTFILE '/tmp/livechat-more'",
  ]) {
    await assert.rejects(runSql(options, statement), /denied|1044|1142|1227|1370/, statement);
  }
  await stack.stop();
});

test('when scripts/run is killed nothing stays behind, and the next start works', async () => {
  const state = path.join(folder, 'killed');
  const stack = await Stack.start({ state, ownDatabase: true });
  const clientId = await newSession(stack);
  const pids = ['mariadb', 'fcgi', 'wsd-a', 'nginx'].map((name) => stack.pid(name));
  stack.supervisor.kill('SIGKILL');
  await waitFor(() => pids.filter(alive).length === 0, 'the end of all programs');

  const next = await Stack.start({ state, ownDatabase: true });
  const { body } = await request(next, 'GET', '/api/chat/sessions');
  assert.deepEqual(body.map((session) => session.clientId), [clientId]);
  assert.equal(fs.existsSync(stack.sockets), true);
  await next.stop();
});

test('a program that dies is reported with its log, and started again', async () => {
  const stack = await Stack.start({ ownDatabase: true });
  await stack.kill('wsd-a', 'SIGKILL');
  await waitFor(() => stack.output.includes('wsd-a was killed by SIGKILL: starting it again'), 'the report');
  await waitFor(() => stack.output.includes(path.join(stack.state, 'log/wsd-a.log')), 'the path of the log');
  await waitFor(() => stack.pid('wsd-a'), 'the new daemon');
  await stack.stop();
});

test('a port that is taken is refused by name', async () => {
  const server = http.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const args = ['--state', path.join(folder, 'port'), '--programs', programs];
  const refused = await run('--port', String(port), ...args);
  server.close();
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, new RegExp(`port ${port} is in use`));
});

test('a database that runs already is used instead of a private one', async () => {
  const owner = await Stack.start({ ownDatabase: true });
  const socket = path.join(owner.sockets, 'mariadb.sock');
  await owner.sql(`CREATE DATABASE \`elsewhere-1\`;
                   CREATE USER 'a b'@localhost IDENTIFIED BY 'p@:/"\\\\';
                   GRANT ALL ON \`elsewhere-1\`.* TO 'a b'@localhost;`);
  const password = encodeURIComponent('p@:/"\\');
  const database = `mysql://a%20b:${password}@localhost/elsewhere-1?socket=${encodeURIComponent(socket)}`;
  const guest = await Stack.start({ database });
  await newSession(guest);
  assert.deepEqual(await owner.sql('SELECT COUNT(*) FROM `elsewhere-1`.session'), [['1']]);
  assert.equal(guest.pid('mariadb'), undefined);
  await guest.stop();

  // Migrations as one account, the programs as another.
  await owner.sql(`CREATE USER programs@localhost IDENTIFIED BY 'secret';
                   GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON \`elsewhere-1\`.* TO programs@localhost;`);
  const programDatabase = `mysql://programs:secret@localhost/elsewhere-1?socket=${encodeURIComponent(socket)}`;
  const second = await Stack.start({ database, programDatabase });
  await newSession(second);
  const users = await owner.sql("SELECT DISTINCT user FROM information_schema.processlist WHERE db = 'elsewhere-1'");
  assert.deepEqual(users, [['programs']]);
  await second.stop();
  await owner.stop();
});

for (const [what, args, message] of [
  ['an unknown option', ['--prot', '1'], /unknown option: --prot/],
  ['a port that is none', ['--port', '70000'], /--port takes a number from 0 to 65535: 70000/],
  ['no daemons', ['--ws-daemons=0'], /--ws-daemons takes a number from 1 to 16: 0/],
  ['an odd access mode', ['--auth', 'closed'], /--auth takes open or token: closed/],
  ['a value that is missing', ['--state'], /--state needs a value/],
  ['a key that does not exist', ['--programs', programs, '--port', '0', '--set', 'fcgi.wokers=1'],
    /unknown key fcgi\.wokers[\s\S]*does not accept this configuration/],
  ['a database that is not there', ['--programs', programs, '--port', '0', '--database', '/nowhere/sock'],
    /the database cannot be reached: .*\/nowhere\/sock/],
  ['a DSN of another kind', ['--programs', programs, '--port', '0', '--database', 'postgres://x'],
    /--database takes the path of a socket, or mysql:/],
  ['--stop where nothing ever ran', ['--stop'], /there is no stack in /],
]) {
  test(`${what} is refused in one sentence`, async () => {
    const state = path.join(folder, `refused ${what}`);
    const refused = await run(...(args.at(-1) === '--state' ? args : [...args, '--state', state]));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, message);
  });
}
