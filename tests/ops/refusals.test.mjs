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
  const { code } = await program.exited;
  await program.closed;
  const lines = program.output.trim().split('\n');
  assert.notEqual(code, 0);
  assert.equal(lines.length, 1, program.output);
  return lines[0];
}

for (const name of ['livechat-fcgi', 'livechat-wsd']) {
  describe(name, () => {
    test('names a wrong key with its line', async () => {
      assert.match(await refusal(name, { 'fcgi.wokers': 3 }), /livechat\.toml:\d+: unknown key fcgi\.wokers/);
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
      assert.equal((await program.exited).code, 0);
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
      const { code } = await program.exited;
      assert.notEqual(code, 0);
      assert.match(program.output.trim().split('\n').at(-1), new RegExp(`${endpoint}.*Address already in use`));
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
