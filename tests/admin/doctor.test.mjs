// livechat-admin doctor: a stack that is well, and each illness by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { runSql } from '../harness/sql.mjs';
import { admin, adminOf, emptyDatabase } from './lib/admin.mjs';

let stack;
let nginx;

before(async () => {
  stack = await Stack.start();
  nginx = path.join(stack.state, 'nginx');
  fs.mkdirSync(path.join(nginx, 'sites-enabled'), { recursive: true });
  fs.writeFileSync(path.join(nginx, 'sites-enabled/site'), 'server { include livechat-locations.conf; }\n');
});
after(() => stack?.stop());

// The endpoints of a stack are given to its daemons on their command line.
function examine(...args) {
  return adminOf(stack, ['doctor', '--json', '--nginx', nginx, '--web-user', 'nobody-of-that-name',
    '--set', `wsd.listen=unix:${stack.sockets}/wsd-a.sock`, ...args]);
}

function bad({ json }) {
  return json.filter(({ grade }) => grade === 'bad');
}

async function findsOnly(what, advice, ...args) {
  const result = await examine(...args);
  assert.equal(result.code, 1, result.stdout);
  const found = bad(result);
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.match(found[0].what, what);
  assert.match(found[0].advice, advice);
}

test('where all is well it finds nothing bad, and everything that is to know says what to do', async () => {
  const result = await examine();
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.deepEqual(bad(result), []);
  assert.ok(result.json.filter(({ grade }) => grade === 'good').length >= 10, result.stdout);
  for (const { grade, advice } of result.json) assert.equal(advice !== '', grade !== 'good');
  const { stdout } = await adminOf(stack, ['doctor', '--nginx', nginx]);
  assert.match(stdout, /^ {2}ok {6}\S/m);
});

const MISSING = /"Triggers or procedures are missing" in operations\.md/;

for (const trigger of ['session_after_update', 'message_before_insert', 'ban_after_insert']) {
  test(`a missing trigger: ${trigger}`, async () => {
    const [[event, timing, statement]] = await stack.sql(`SELECT event_manipulation, action_timing,
      TO_BASE64(action_statement) FROM information_schema.triggers WHERE trigger_schema = 'livechat' AND trigger_name = '${trigger}'`);
    const body = Buffer.from(statement.replaceAll('\\n', ''), 'base64').toString();
    await stack.sql(`DROP TRIGGER ${trigger}`);
    try {
      await findsOnly(new RegExp(`the trigger ${trigger} is missing`), MISSING);
    } finally {
      await stack.sql(`DELIMITER //\nCREATE TRIGGER ${trigger} ${timing} ${event} ON ${trigger.split('_')[0]} FOR EACH ROW ${body}//`);
    }
    assert.deepEqual(bad(await examine()), []);
  });
}

// Takes a procedure away, or puts another in its place, for as long as `meanwhile` runs.
async function without(procedure, parameters, meanwhile, instead = '') {
  const [[, text]] = await stack.sql(`SELECT 1, TO_BASE64(routine_definition) FROM information_schema.routines
    WHERE routine_schema = 'livechat' AND routine_name = '${procedure}'`);
  const body = Buffer.from(text.replaceAll('\\n', ''), 'base64').toString();
  await stack.sql(`DROP PROCEDURE ${procedure}; ${instead}`);
  try {
    await meanwhile();
  } finally {
    await stack.sql(`DROP PROCEDURE IF EXISTS ${procedure};
      DELIMITER //\nCREATE PROCEDURE ${procedure} (${parameters}) MODIFIES SQL DATA ${body}//`);
  }
  assert.deepEqual(bad(await examine()), []);
}
const NAMES = 'OUT p_names TEXT CHARACTER SET utf8mb4';

test('a missing procedure', async () => {
  await without('livechat_close', 'IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4',
    () => findsOnly(/the procedure livechat_close is missing/, MISSING));
  await without('livechat_triggers', NAMES, () => findsOnly(/the procedure livechat_triggers is missing/, MISSING));
});

test('triggers and procedures whose account is gone', () =>
  without('livechat_triggers', NAMES, () => findsOnly(/the account that ran the migrations is gone \(.*'gone'@'localhost'/, MISSING),
    `CREATE DEFINER = 'gone'@'localhost' PROCEDURE livechat_triggers (${NAMES}) SET p_names = ''`));

test('rights that are missing, and more than are needed', async () => {
  await stack.sql('REVOKE DELETE, EXECUTE ON livechat.* FROM livechat@localhost');
  const result = await examine();
  assert.match(bad(result)[0].what, /livechat@localhost lacks DELETE, EXECUTE on livechat/);
  assert.match(bad(result)[0].advice, /livechat-admin setup/);
  await stack.sql('GRANT ALL PRIVILEGES ON livechat.* TO livechat@localhost');
  const more = await examine();
  assert.equal(more.code, 0);
  assert.ok(more.json.some(({ grade, what }) => grade === 'notice' && /may do more than the programs need/.test(what)));
  await stack.sql('REVOKE ALL PRIVILEGES ON livechat.* FROM livechat@localhost; GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON livechat.* TO livechat@localhost');
  assert.deepEqual(bad(await examine()), []);
});

test('a schema that lacks migrations, and a newer one', async () => {
  const options = await emptyDatabase(stack, 'lacking');
  await stack.sql('GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON lacking.* TO livechat@localhost');
  const result = await examine('--set', 'database.name=lacking');
  assert.ok(bad(result).some(({ what, advice }) => /the schema lacks 0001_chat\.sql/.test(what) && /migrate apply/.test(advice)), result.stdout);
  await admin(['migrate', 'apply', '--defaults-file', options]);
  await runSql(options, "INSERT INTO schema_migration (version, name) VALUES (9999, 'future')");
  const newer = await examine('--set', 'database.name=lacking');
  assert.ok(bad(newer).some(({ what }) => /migration 9999 of a newer livechat/.test(what)), newer.stdout);
});

// Advice beside what is wrong: [what, advice, how it is brought about, arguments].
const TO_KNOW = [
  [/a power failure can lose messages .*= 2/, /set innodb_flush_log_at_trx_commit = 1/, 'innodb_flush_log_at_trx_commit = 2'],
  [/the server takes statements of 1\.0 MB/, /raise max_allowed_packet to 16M/, 'max_allowed_packet = 1048576'],
  [/everybody may read and write every conversation/, /set auth\.mode = "token"/, undefined, ['--set', 'auth.mode=open']],
  [/doorbell\.ring is empty/, /name every daemon's doorbell\.listen/, undefined, ['--set', 'doorbell.ring=[]']],
  [/wsd\.writer_threads does nothing in this version/, /^remove it$/, undefined, ['--set', 'wsd.writer_threads=1']],
  [/there is no agent/, /^livechat-admin agent add NAME/, undefined, ['--set', 'auth.mode=token']],
];
for (const [what, advice, variable, args = []] of TO_KNOW) {
  test(`to know: ${variable ?? args[1]}`, async () => {
    const name = variable?.split(' ')[0];
    const [[before]] = name ? await stack.sql(`SELECT @@GLOBAL.${name}`) : [[]];
    if (name) await stack.sql(`SET GLOBAL ${variable}`);
    try {
      const result = await examine(...args);
      assert.equal(result.code, 0, result.stdout);
      const found = result.json.filter(({ grade }) => grade === 'notice').find((finding) => what.test(finding.what));
      assert.match(found?.advice ?? result.stdout, advice);
    } finally {
      if (name) await stack.sql(`SET GLOBAL ${name} = ${before}`);
    }
  });
}

test('a server that takes too few connections', async () => {
  const [[before]] = await stack.sql('SELECT @@GLOBAL.max_connections');
  await stack.sql('SET GLOBAL max_connections = 19');
  try {
    await findsOnly(/the server takes 19 connections, .* want 20/, /raise max_connections/);
  } finally {
    await stack.sql(`SET GLOBAL max_connections = ${before}`);
  }
});

test('a daemon that may open too few files', async () => {
  const pid = stack.pid('wsd-a');
  const [, soft, hard] = fs.readFileSync(`/proc/${pid}/limits`, 'utf8').match(/^Max open files\s+(\d+)\s+(\d+)/m);
  execFileSync('prlimit', [`--pid=${pid}`, `--nofile=1000:${hard}`]);
  try {
    const { json } = await examine();
    const found = json.find(({ what }) => what.includes(`process ${pid}) may open 1000 files`));
    assert.match(found?.advice ?? JSON.stringify(json), /raise LimitNOFILE/);
  } finally {
    execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${soft}:${hard}`]);
  }
});

test('programs that do not run, and a program that is another', async () => {
  await stack.take('fcgi');
  await findsOnly(/livechat-fcgi does not answer/, /systemctl enable --now livechat-fcgi/);
  await stack.bring('fcgi');
  await findsOnly(/livechat-wsd does not answer at unix:\/nowhere\/wsd\.sock .*: No such file/, /systemctl enable --now livechat-wsd\.target/,
    '--set', 'wsd.listen=unix:/nowhere/wsd.sock');
});

test('a web server\'s user that may not reach the sockets', async () => {
  const found = bad(await examine('--web-user', 'nobody'));
  for (const { what, advice } of found) {
    assert.match(what, /nginx's user nobody may not connect to /);
    assert.notEqual(advice, '');
  }
});

test('no site of nginx, and no nginx', async () => {
  const empty = path.join(stack.state, 'empty-nginx');
  fs.mkdirSync(path.join(empty, 'sites-enabled'), { recursive: true });
  fs.writeFileSync(path.join(empty, 'sites-enabled/site'), '# include livechat-locations.conf;\n');
  await findsOnly(/no site of nginx leads to livechat/, /^enable one, or include livechat-locations\.conf .*nginx -t/, '--nginx', empty);
  const none = await examine('--nginx', '/nowhere');
  assert.ok(none.json.some(({ grade, what }) => grade === 'notice' && /there is no nginx/.test(what)));
});

test('secrets that everyone may read', async () => {
  const file = path.join(stack.state, 'database.password');
  fs.chmodSync(file, 0o644);
  await findsOnly(/everyone may read .*database\.password/, /^chmod o= /);
  fs.chmodSync(file, 0o600);
});

test('a database that is away, and a configuration that is wrong', async () => {
  await stack.take('mariadb');
  await findsOnly(/the database at .* cannot be reached/, /start it/);
  await stack.bring('mariadb');
  const config = path.join(stack.state, 'broken.toml');
  fs.writeFileSync(config, '[wsd]\nname = "a b"\n');
  const result = await admin(['doctor', '--json', '--config', config, '--nginx', nginx]);
  assert.equal(result.code, 1);
  assert.match(bad(result)[0].what, /broken\.toml: wsd\.name is/);
  assert.match(bad(result)[0].advice, /livechat\.toml\(5\)/);
});
