// What cannot work ends with one sentence that says what is the matter, and a status that is not 0.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';

import { build } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Program, Stack, canConnect } from '../integration/rest_stack.mjs';

let stack;
let running = [];
before(async () => (stack = await Stack.start({ fcgi: false })));
after(() => stack?.stop());
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
});

function start(name, set = {}, args = []) {
  stack.writeConfiguration({ 'log.level': 'info', 'wsd.listen': `unix:${stack.folder}/wsd.sock`, ...set });
  const program = new Program(path.join(build, 'bin', name), [...stack.arguments, ...args]);
  running.push(program);
  return program;
}

async function refusal(name, set, args) {
  const program = start(name, set, args);
  const { code } = await program.ends();
  const lines = program.output.trim().split('\n');
  assert.notEqual(code, 0);
  assert.equal(lines.length, 1, program.output);
  return lines[0];
}

// What a program says that was given this file in place of its configuration.
async function refusalOf(name, text, args = []) {
  const file = path.join(stack.folder, 'given.toml');
  fs.rmSync(file, { force: true });
  if (text !== undefined) fs.writeFileSync(file, text);
  const program = new Program(path.join(build, 'bin', name), ['--config', file, ...args]);
  running.push(program);
  const { code } = await program.ends();
  assert.equal(code, 2);
  return program.output;
}

// [what is wrong, the file, what is said: the place, the matter, and what to do]
const CONFIGURATIONS = [
  ['a wrong key', '[fcgi]\nwokers = 3\n', /given\.toml:2: unknown key fcgi\.wokers: put it right \(livechat\.toml\(5\) explains every key\)/],
  ['what is no TOML', '[fcgi\n', /given\.toml:1: .*: put it right/],
  ['a value out of its range', '[fcgi]\nworkers = 0\n', /given\.toml:2: fcgi\.workers is a whole number from 1 to 1024: put it right/],
  ['an endpoint that is none', '[fcgi]\nlisten = "here"\n', /given\.toml: fcgi\.listen is unix:\/path \(107 bytes at most\) or host:port, not "here": put it right/],
  ['no file', undefined, /given\.toml: cannot read the configuration file \(No such file or directory\): name one .* with --config/],
  ['a secret that cannot be read', '[database]\npassword_file = "/nowhere/secret"\n',
    /\/nowhere\/secret: cannot read database\.password_file \(No such file or directory\): this user must be able to read it/],
  ['a secret that is too short', '[auth]\nsite_secret = "guess"\n', /auth\.site_secret has at least 16 bytes: .*: put it right/],
];

const COMMAND_LINES = [['--nonsense'], ['extra'], ['--config'], ['--set', 'nonsense'], ['--set', 'fcgi.wokers=3']];

for (const name of ['livechat-fcgi', 'livechat-wsd']) {
  describe(name, () => {
    for (const [what, text, sentence] of CONFIGURATIONS) {
      test(`refuses ${what}`, async () => {
        for (const args of [[], ['--check-config'], ['--check']]) {
          const said = await refusalOf(name, text, args);
          assert.match(said, new RegExp(`^${name}: [^\n]*\n$`));
          assert.match(said, sentence);
        }
      });
    }

    for (const args of COMMAND_LINES) {
      test(`refuses ${args.join(' ')}`, async () => {
        assert.match(await refusalOf(name, '', args), new RegExp(`^${name}: [^\n]*(: see --help|: put it right [^\n]*|: write section\\.key=value[^\n]*)\n$`));
      });
    }

    test('says where it cannot listen, and what to do', async () => {
      const file = path.join(stack.folder, 'a-file');
      fs.writeFileSync(file, '');
      for (const [endpoint, sentence] of [
        ['unix:/nowhere/x.sock', /cannot listen at unix:\/nowhere\/x\.sock: No such file or directory: make the folder/],
        [`unix:${file}`, /cannot listen at unix:\S+a-file: Socket operation on non-socket: another file is there: remove it/],
        ['192.0.2.1:1', /cannot listen at 192\.0\.2\.1:1: Cannot assign requested address: this machine has no such address/],
      ]) {
        const program = start(name, { 'auth.mode': 'open', 'auth.open_on_public_address': true, 'fcgi.listen': endpoint, 'wsd.listen': endpoint });
        await waitFor(() => program.ended, `the end at ${endpoint}`);
        assert.equal((await program.ends()).code, 1, endpoint);
        const last = program.output.trim().split('\n').at(-1);
        assert.match(last, /event=failed reason=/);
        assert.match(last, sentence);
      }
      assert.equal(fs.readFileSync(file, 'utf8'), '');
    });

    test('does not take the socket of another that runs', async () => {
      const first = start(name);
      await first.says(/event=ready/);
      const second = start(name);
      assert.equal((await second.ends()).code, 1);
      assert.match(second.output.trim().split('\n').at(-1), /cannot listen at unix:\S+: Address already in use: end the program that listens there \(ss -lp names it\)/);
      assert.ok(await canConnect(name === 'livechat-fcgi' ? stack.socket : `${stack.folder}/wsd.sock`));
    });

    test('starts with a key of an older version, and says so', async () => {
      const program = start(name, { 'wsd.writer_threads': 1 }, ['--check']);
      assert.equal((await program.exited).code, 0);
      await program.closed;
      assert.match(program.output, /^<4>program=\S+ event=obsolete_key key=wsd\.writer_threads reason="[^"]*remove it"\n$/);
    });

    test('does not start where a trigger is missing', async () => {
      const [[event, timing, statement]] = await stack.database.sql(`SELECT event_manipulation, action_timing,
        TO_BASE64(action_statement) FROM information_schema.triggers WHERE trigger_name = 'message_after_insert'`);
      await stack.database.sql('DROP TRIGGER message_after_insert');
      try {
        assert.match(await refusal(name), /the trigger message_after_insert is missing.*: \S+/);
      } finally {
        const body = Buffer.from(statement.replaceAll('\\n', ''), 'base64').toString();
        await stack.database.sql(`DELIMITER //\nCREATE TRIGGER message_after_insert ${timing} ${event} ON message FOR EACH ROW ${body}//`);
      }
    });

    test('does not start where the procedure is missing that tells of triggers', async () => {
      const [[statement]] = await stack.database.sql(`SELECT TO_BASE64(routine_definition)
        FROM information_schema.routines WHERE routine_name = 'livechat_triggers'`);
      await stack.database.sql('DROP PROCEDURE livechat_triggers');
      try {
        assert.match(await refusal(name), /the procedure livechat_triggers is missing.*: see .*Triggers or procedures are missing.* in operations\.md/);
      } finally {
        const body = Buffer.from(statement.replaceAll('\\n', ''), 'base64').toString();
        await stack.database.sql(`DELIMITER //\nCREATE PROCEDURE livechat_triggers (OUT p_names TEXT CHARACTER SET utf8mb4) READS SQL DATA ${body}//`);
      }
    });

    test('--check says that the database cannot be reached', async () => {
      const line = await refusal(name, { 'database.socket': '/nowhere/mysqld.sock' }, ['--check']);
      assert.match(line, /the database cannot be reached .*is the server running/);
    });

    test('--check says that the password is wrong', async () => {
      const line = await refusal(name, { 'database.password': 'guessed' }, ['--check']);
      assert.match(line, /Access denied/);
      assert.doesNotMatch(line, /guessed/);
    });

    test('--check is content when all is well', async () => {
      const program = start(name, {}, ['--check']);
      assert.equal((await program.ends()).code, 0);
      assert.equal(program.output, '');
    });

    test('does not start on a database without tables', async () => {
      await stack.database.sql('CREATE DATABASE empty_one; GRANT ALL ON empty_one.* TO livechat@localhost');
      try {
        assert.match(await refusal(name, { 'database.name': 'empty_one' }), /no livechat tables: run `livechat-admin setup`/);
      } finally {
        await stack.database.sql('DROP DATABASE empty_one; REVOKE ALL ON empty_one.* FROM livechat@localhost');
      }
    });

    test('does not start on an older schema', async () => {
      const [[version, title, at]] = await stack.database.sql(
        'SELECT version, name, applied_at FROM schema_migration ORDER BY version DESC LIMIT 1');
      await stack.database.sql(`DELETE FROM schema_migration WHERE version = ${version}`);
      try {
        assert.match(await refusal(name), new RegExp(`this program needs ${version}: run \`livechat-admin migrate apply\``));
      } finally {
        await stack.database.sql(`INSERT INTO schema_migration VALUES (${version}, '${title}', '${at}')`);
      }
    });

    test('says which port is in use', async () => {
      const other = net.createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const endpoint = `127.0.0.1:${other.address().port}`;
      const program = start(name, { 'fcgi.listen': endpoint, 'wsd.listen': endpoint });
      const { code } = await program.ends();
      assert.notEqual(code, 0);
      assert.match(program.output.trim().split('\n').at(-1), new RegExp(`cannot listen at ${endpoint}: Address already in use: end the program that listens there`));
      other.close();
    });

    test('goes on when its log has no room', async () => {
      const program = start(name, { 'log.level': 'debug' });
      await program.says(/event=ready/);
      await program.stop();
      const full = fs.openSync('/dev/full', 'w');
      const deaf = new Program(path.join(build, 'bin', name), stack.arguments, { stdio: ['ignore', 'ignore', full] });
      running.push(deaf);
      const socket = name === 'livechat-fcgi' ? stack.socket : `${stack.folder}/wsd.sock`;
      await waitFor(() => canConnect(socket), 'the program');
      if (name === 'livechat-fcgi') {
        await stack.open('room');
        assert.equal((await stack.call('GET', '/history/room')).status, 200);
      }
      assert.deepEqual(await deaf.stop(), { code: 0, signal: null });
      fs.closeSync(full);
    });
  });
}
