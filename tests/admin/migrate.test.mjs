// livechat-admin migrate: on an empty database, twice at once, and where it must refuse.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { SqlSession, runSql } from '../harness/sql.mjs';
import { waitFor } from '../harness/wait.mjs';
import { admin, emptyDatabase, migrations, sentence } from './lib/admin.mjs';

let stack;
let databases = 0;

before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

const files = fs.readdirSync(migrations).sort();

function fresh() {
  return emptyDatabase(stack, `migrate${++databases}`);
}

// A folder with the project's migrations and more of its own.
function folderWith(more) {
  const folder = fs.mkdtempSync(path.join(stack.state, 'migrations-'));
  for (const file of files) fs.copyFileSync(path.join(migrations, file), path.join(folder, file));
  for (const [name, text] of Object.entries(more)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

test('plan says what apply does, and status when it did', async () => {
  const options = await fresh();
  const planned = await admin(['migrate', 'plan', '--defaults-file', options]);
  assert.equal(planned.stdout, files.map((file) => `would apply ${file}\n`).join(''));
  const before = await admin(['migrate', 'status', '--json', '--defaults-file', options]);
  assert.ok(before.json.every((row) => row.appliedAt === null));

  const applied = await admin(['migrate', 'apply', '--defaults-file', options]);
  assert.equal(applied.code, 0, applied.stderr);
  for (const file of files) assert.match(applied.stdout, new RegExp(`applying ${file}`));
  const status = await admin(['migrate', 'status', '--json', '--defaults-file', options]);
  assert.equal(status.json.length, files.length);
  assert.ok(status.json.every((row) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(row.appliedAt)));
  await runSql(options, "CALL livechat_open('a'); CALL livechat_send('a', 'client', 'Hello')");
  assert.deepEqual(await runSql(options, 'SELECT seq, body FROM message'), [['1', 'Hello']]);

  const again = await admin(['migrate', 'apply', '--defaults-file', options]);
  assert.equal(again.code, 0);
  assert.doesNotMatch(again.stdout, /applying/);
  const nothing = await admin(['migrate', 'plan', '--defaults-file', options]);
  assert.match(nothing.stdout, /^nothing to apply/);
});

test('who waits for an answer in conversations from before is found out', async () => {
  const options = await fresh();
  const older = fs.mkdtempSync(path.join(stack.state, 'migrations-'));
  for (const file of files.filter((name) => name < '0006')) fs.copyFileSync(path.join(migrations, file), path.join(older, file));
  assert.equal((await admin(['migrate', 'apply', '--defaults-file', options, '--migrations', older])).code, 0);
  const written = { nothing: '', waits: 'ccacc', answered: 'cca', first: 'c', closed: 'ac' };
  for (const [clientId, senders] of Object.entries(written)) {
    const sent = [...senders].map((side) => `CALL livechat_send('${clientId}', '${side === 'a' ? 'admin' : 'client'}', 'x'); DO SLEEP(0.002);`);
    await runSql(options, `CALL livechat_open('${clientId}'); ${sent.join('')}`);
  }
  await runSql(options, "CALL livechat_close('closed')");
  assert.equal((await admin(['migrate', 'apply', '--defaults-file', options])).code, 0);
  assert.deepEqual(await runSql(options, `SELECT s.client_id, m.seq FROM session s JOIN message m
    ON m.session_id = s.id AND m.created_at = s.waiting_since ORDER BY s.id`), [['waits', '4'], ['first', '1']]);
  assert.deepEqual(await runSql(options, 'SELECT COUNT(*) FROM session WHERE last_body IS NOT NULL'), [['0']]);
});

test('of two at once one works and the other finds everything done', async () => {
  const options = await fresh();
  const both = await Promise.all([1, 2].map(() => admin(['migrate', 'apply', '--defaults-file', options])));
  assert.deepEqual(both.map(({ code }) => code), [0, 0], both.map(({ stderr }) => stderr).join());
  assert.equal(both.filter(({ stdout }) => stdout.includes('applying')).length, 1);
  assert.equal((await runSql(options, 'SELECT COUNT(*) FROM schema_migration'))[0][0], String(files.length));
});

test('a wait in vain for another migration is reported', async () => {
  const options = await fresh();
  const other = new SqlSession(options);
  await other.run("SELECT GET_LOCK(LEFT(CONCAT('livechat.migrate.', DATABASE()), 64), 0)");
  const refused = await admin(['migrate', 'apply', '--defaults-file', options, '--lock-wait', '0']);
  assert.equal(refused.code, 1);
  assert.match(sentence(refused), /another migration of this database is still running/);
  await other.end();
});

test('one that is killed leaves no lock behind', async () => {
  const options = await fresh();
  const folder = folderWith({ '9000_long.sql': 'SELECT SLEEP(60);\n' });
  const { spawn } = await import('node:child_process');
  const { program } = await import('./lib/admin.mjs');
  const child = spawn(program, ['migrate', 'apply', '--defaults-file', options, '--migrations', folder]);
  const sleeping = "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'";
  const rows = await waitFor(async () => {
    const found = await stack.sql(sleeping);
    return found.length > 0 && found;
  }, 'the migration');
  child.kill('SIGKILL');
  await stack.sql(`KILL ${rows[0][0]}`);
  const next = await admin(['migrate', 'apply', '--defaults-file', options]);
  assert.equal(next.code, 0, next.stderr);
});

test('a schema of a newer version is refused by every command about it', async () => {
  const options = await fresh();
  await admin(['migrate', 'apply', '--defaults-file', options]);
  await runSql(options, "INSERT INTO schema_migration (version, name) VALUES (9999, 'future')");
  for (const command of ['plan', 'apply', 'status']) {
    const refused = await admin(['migrate', command, '--defaults-file', options]);
    assert.equal(refused.code, 1);
    assert.match(sentence(refused), /migration 9999 of a newer livechat.*: install the newer version/);
  }
});

test('a migration that fails is named with its line and not recorded', async () => {
  const options = await fresh();
  const bad = { '9001_bad.sql': '-- a comment\nCREATE TABLE one (a INT);\n\nCREATE TABEL two (a INT);\n' };
  const failed = await admin(['migrate', 'apply', '--defaults-file', options, '--migrations', folderWith(bad)]);
  assert.equal(failed.code, 1);
  assert.match(sentence(failed), /^migration 9001_bad\.sql failed in line 4: .*TABEL/);
  assert.deepEqual(await runSql(options, 'SELECT COUNT(*) FROM schema_migration WHERE version = 9001'), [['0']]);
  const open = { '9002_open.sql': "SELECT 'a;\n" };
  const refused = await admin(['migrate', 'apply', '--defaults-file', options, '--migrations', folderWith(open)]);
  assert.match(sentence(refused), /9002_open\.sql, line 1: a string or a quoted name is not closed/);
});

test('a folder that holds no migrations, or something else, is refused', async () => {
  const options = await fresh();
  const cases = [
    [path.join(stack.state, 'nowhere'), /there are no migrations in .*nowhere: name their folder/],
    [folderWith({ 'notes.sql': '' }), /not the name of a migration .*notes\.sql/],
    [folderWith({ '0001_twin.sql': '' }), /two migrations have one number/],
  ];
  for (const [folder, said] of cases) {
    const refused = await admin(['migrate', 'apply', '--defaults-file', options, '--migrations', folder]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, said);
  }
});

test('an account that may not change the schema is told which one may', async () => {
  const denied = await admin(['--config', path.join(stack.state, 'livechat.toml'), 'migrate', 'apply', '--db-user', 'livechat',
    '--db-password-file', path.join(stack.state, 'database.password'),
    '--migrations', folderWith({ '9003_more.sql': 'CREATE TABLE more (a INT);\n' })]);
  assert.equal(denied.code, 1);
  assert.match(sentence(denied), /the server refuses making a table, which migrations need .*CREATE command denied.*name an account that may/);
});
