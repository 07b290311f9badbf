// livechat-admin setup: from an empty server to a database that the programs can use, again and again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { runSql } from '../harness/sql.mjs';
import { admin, sentence } from './lib/admin.mjs';

const PASSWORD = 'correct horse battery';
let stack;
let socket;
let folders = 0;

before(async () => {
  stack = await Stack.start();
  socket = (await stack.sql('SELECT @@socket'))[0][0];
});
after(() => stack?.stop());

// A configuration folder of its own, and what setup is told for it.
function place(name = `chat_${++folders}`) {
  const folder = path.join(stack.state, `etc-${name}`);
  fs.mkdirSync(folder, { recursive: true });
  const common = ['--config', path.join(folder, 'livechat.toml'), '--defaults-file', stack.admin];
  return {
    name, folder,
    secret: path.join(folder, 'secrets/database.password'),
    dropIn: path.join(folder, 'conf.d/10-setup.toml'),
    setup: (args = [], options) => admin([...common, 'setup', '--database-socket', socket, '--database-name', name,
      '--database-user', `user_${name}`, '--no-start', ...args], options),
    // As the programs' account.
    run: (args) => admin(['--config', path.join(folder, 'livechat.toml'), ...args]),
  };
}

const AGENT = ['--agent', 'anna', '--agent-password-file', '-'];

test('it shows what it will do, does it, and then finds everything there', async () => {
  const there = place();
  const planned = await there.setup(['--plan', ...AGENT], { input: PASSWORD });
  assert.equal(planned.code, 0, planned.stderr);
  for (const step of [/create the database chat_1/, /create the database account user_chat_1@localhost/, /apply the migrations 0001_chat\.sql/,
    /make the site secret/, /write .*10-setup\.toml/, /add the agent anna/]) assert.match(planned.stdout, step);
  assert.deepEqual(fs.readdirSync(there.folder), []);
  assert.deepEqual(await stack.sql("SHOW DATABASES LIKE 'chat_1'"), []);

  const done = await there.setup(['--yes', ...AGENT], { input: PASSWORD });
  assert.equal(done.code, 0, done.stderr);
  const secrets = ['secrets/database.password', 'secrets/site.secret'].map((file) => path.join(there.folder, file));
  for (const file of secrets) {
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const text = fs.readFileSync(file, 'utf8').trim();
    assert.ok(text.length >= 40);
    assert.ok(!(done.stdout + done.stderr + fs.readFileSync(there.dropIn, 'utf8')).includes(text));
  }
  assert.equal(fs.statSync(path.join(there.folder, 'secrets')).mode & 0o777, 0o700);
  const used = await there.run(['stats', '--json']);
  assert.equal(used.code, 0, used.stderr);
  assert.deepEqual((await there.run(['agent', 'list', '--json'])).json.map(({ username, role }) => [username, role]), [['anna', 'supervisor']]);
  const grants = (await stack.sql("SHOW GRANTS FOR 'user_chat_1'@'localhost'")).flat().join('\n');
  assert.match(grants, /GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `chat\\+_1`\.\*/);

  const before = secrets.concat(there.dropIn).map((file) => fs.readFileSync(file, 'utf8'));
  const again = await there.setup(['--yes', ...AGENT], { input: PASSWORD });
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /^everything is there/);
  assert.deepEqual(secrets.concat(there.dropIn).map((file) => fs.readFileSync(file, 'utf8')), before);
  assert.deepEqual((await there.setup(['--yes', '--json'])).json, { steps: [], done: true });
});

test('two at once: one does it, the other says so and changes nothing', async (t) => {
  const there = place('twice');
  const both = await Promise.all([0, 1, 2].map(() => there.setup(['--yes', '--no-agent'])));
  const refused = both.filter(({ code }) => code !== 0);
  for (const one of refused) {
    assert.equal(one.code, 1);
    assert.match(sentence(one), /another setup is at work in .*: wait for its end and run this again/);
  }
  assert.ok(refused.length < 3);
  assert.equal((await there.run(['stats'])).code, 0, 'the password is the one of the account');

  // To be certain: another process holds the folder.
  const holder = spawn('flock', [there.folder, 'sh', '-c', 'echo held; read line'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => holder.stdin.end()); // it ends
  await once(holder.stdout, 'data');
  const late = await there.setup(['--yes', '--no-agent']);
  assert.equal(late.code, 1);
  assert.match(sentence(late), /another setup is at work/);
  assert.equal((await there.setup(['--plan'])).code, 0);
  holder.stdin.end('\n');
  await once(holder, 'exit');
  assert.equal((await there.setup(['--yes', '--no-agent'])).code, 0);
});

test('run again without a word about the database, it means the same one', async () => {
  const there = place();
  assert.equal((await there.setup(['--yes', '--no-agent'])).code, 0);
  const again = await admin(['--config', path.join(there.folder, 'livechat.toml'), '--defaults-file', stack.admin,
    'setup', '--yes', '--no-agent', '--no-start']);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /^everything is there/);
});

test('what is missing is made, and only that', async () => {
  const there = place();
  await there.setup(['--yes', '--no-agent']);
  const cases = [
    [() => fs.rmSync(there.secret), /^setup will\n {2}- give the database account .* a new random password/],
    [() => stack.sql(`REVOKE DELETE ON \`chat\\_3\`.* FROM user_chat_3@localhost`), /^setup will\n {2}- let user_chat_3@localhost use/],
    [() => fs.writeFileSync(there.dropIn, ''), /^setup will\n {2}- write .*10-setup\.toml\ndone/],
    [() => stack.sql('DELETE FROM chat_3.schema_migration WHERE version = 2; DROP TABLE chat_3.recovery'), /^setup will\n {2}- apply the migrations 0002_recovery\.sql\ndone/],
  ];
  for (const [harm, said] of cases) {
    await harm();
    const mended = await there.setup(['--yes', '--no-agent']);
    assert.equal(mended.code, 0, mended.stderr);
    assert.match(mended.stdout, said);
    assert.match((await there.setup(['--yes', '--no-agent'])).stdout, /^everything is there/);
    assert.equal((await there.run(['session', 'list'])).code, 0);
  }
});

test('a database that exists is taken as it is', async () => {
  const there = place();
  await stack.sql(`CREATE DATABASE ${there.name} CHARACTER SET utf8mb4`);
  const options = path.join(stack.state, 'existing.cnf');
  fs.writeFileSync(options, fs.readFileSync(stack.admin, 'utf8').replace(/^database=.*$/m, `database=${there.name}`));
  await admin(['migrate', 'apply', '--defaults-file', options]);
  await runSql(options, "CALL livechat_open('kept')");
  const done = await there.setup(['--yes', '--no-agent']);
  assert.doesNotMatch(done.stdout, /create the database chat|apply the migrations/);
  assert.deepEqual((await there.run(['session', 'list', '--json'])).json.map(({ clientId }) => clientId), ['kept']);
});

test('without a yes nothing is changed', async () => {
  const there = place();
  const refused = await there.setup(['--no-agent']);
  assert.equal(refused.code, 4);
  assert.match(sentence(refused), /nothing was changed.*--yes/);
  assert.deepEqual(fs.readdirSync(there.folder), []);
});

test('what cannot be is said in one sentence', async () => {
  const there = place();
  const nowhere = await there.setup(['--yes', '--database-socket', '/nowhere/sock', '--no-agent', '--defaults-file', '/nowhere.cnf']);
  assert.equal(nowhere.code, 2);
  assert.match(sentence(nowhere), /cannot read \/nowhere\.cnf/);

  const away = path.join(stack.state, 'away.cnf');
  fs.writeFileSync(away, '[client]\nsocket=/nowhere/sock\n');
  const unreachable = await admin(['setup', '--yes', '--no-agent', '--config', path.join(there.folder, 'livechat.toml'), '--defaults-file', away]);
  assert.equal(unreachable.code, 3);
  assert.match(sentence(unreachable), /the database at \/nowhere\/sock cannot be reached .*: start it/);

  const weak = path.join(stack.state, 'weak.cnf');
  fs.writeFileSync(weak, `[client]\nsocket=${socket}\nuser=livechat\npassword=${fs.readFileSync(path.join(stack.state, 'database.password'), 'utf8')}\n`);
  const denied = await admin(['setup', '--yes', '--no-agent', '--config', path.join(there.folder, 'livechat.toml'), '--defaults-file', weak,
    '--database-name', 'weak', '--database-user', 'weak', '--database-socket', socket]);
  assert.equal(denied.code, 1, denied.stderr);
  assert.match(sentence(denied), /the account livechat may not do this .*: name one that may with --db-user or --defaults-file/);

  for (const args of [['--database-name', 'a b'], ['--database-user', "x'y"], ['--database-name', 'x'.repeat(40)]]) {
    const bad = await there.setup(['--yes', '--no-agent', ...args]);
    assert.equal(bad.code, 2);
    assert.match(sentence(bad), /1 to 32 letters, digits, _ or -: give another name/);
  }
  const other = await admin(['setup', '--yes', '--config', path.join(there.folder, 'other.toml'), '--defaults-file', stack.admin]);
  assert.equal(other.code, 2);
  assert.match(sentence(other), /livechat\.toml/);
  assert.deepEqual(fs.readdirSync(there.folder), []);
});

test('what would be refused at the end is refused before anything is done', async () => {
  const there = place();
  const refused = await there.setup(['--yes', ...AGENT], { input: 'short\n' });
  assert.equal(refused.code, 2);
  assert.match(sentence(refused), /password has \d+ to \d+ bytes.*: write another one; nothing was done/);
  const unnamed = await there.setup(['--yes', '--agent', 'x'.repeat(200), '--agent-password-file', '-'], { input: PASSWORD });
  assert.equal(unnamed.code, 2);
  assert.match(sentence(unnamed), /--agent x+: .*: give another name/);
  assert.deepEqual(fs.readdirSync(there.folder), []);
  const done = await there.setup(['--yes', ...AGENT], { input: PASSWORD });
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /^setup will\n {2}- create the database/);
});
