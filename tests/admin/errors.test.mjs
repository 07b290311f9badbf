// What goes wrong ends in one clear sentence that says what to do, and in the documented status.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { admin, adminOf, emptyDatabase, sentence } from './lib/admin.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

function configuration(name, text) {
  const file = path.join(stack.state, name);
  fs.writeFileSync(file, text);
  return file;
}

function stackToml() {
  return fs.readFileSync(path.join(stack.state, 'livechat.toml'), 'utf8');
}

test('a database that cannot be reached', async () => {
  const config = configuration('away.toml', '[database]\nsocket = "/nowhere/mysqld.sock"\n');
  const failed = await admin(['--config', config, 'session', 'list']);
  assert.equal(failed.code, 3);
  assert.match(sentence(failed), /^the database at \/nowhere\/mysqld\.sock cannot be reached .*: start it/);
});

test('a wrong password', async () => {
  const config = configuration('password.toml', stackToml().replace(/^password_file.*$/m, 'password = "wrong"'));
  const failed = await admin(['--config', config, 'stats']);
  assert.equal(failed.code, 3);
  assert.match(sentence(failed), /refuses the account livechat .*: correct its password in .*password\.toml/);
  assert.doesNotMatch(failed.stderr, /wrong/);
});

test('a database that does not exist', async () => {
  const config = configuration('name.toml', stackToml().replace('name = "livechat"', 'name = "nothere"'));
  const failed = await admin(['--config', config, 'stats']);
  assert.equal(failed.code, 3);
  assert.match(sentence(failed), /has no database nothere .*: run livechat-admin setup/);
});

test('a wrong key in the configuration, with its line', async () => {
  const config = configuration('key.toml', '[fcgi]\nwokers = 4\n');
  const failed = await admin(['--config', config, 'stats']);
  assert.equal(failed.code, 2);
  assert.match(sentence(failed), /key\.toml:2: unknown key fcgi\.wokers: put it right/);
});

test('no configuration at all', async () => {
  const failed = await admin(['--config', path.join(stack.state, 'none.toml'), 'stats']);
  assert.equal(failed.code, 2);
  assert.match(sentence(failed), /none\.toml: cannot read the configuration file \(No such file or directory\): name one .* with --config/);
});

test('a database without the schema', async () => {
  await emptyDatabase(stack, 'bare');
  await stack.sql('GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON bare.* TO livechat@localhost');
  const config = configuration('bare.toml', stackToml().replace('name = "livechat"', 'name = "bare"'));
  const failed = await admin(['--config', config, 'session', 'list']);
  assert.equal(failed.code, 1);
  assert.match(sentence(failed), /schema of the database bare is not the one of this version.*: run livechat-admin migrate apply/);
});

test('a question without a person to answer it', async () => {
  await stack.sql("CALL livechat_open('question')");
  const failed = await adminOf(stack, ['erase', 'question']);
  assert.equal(failed.code, 4);
  assert.match(sentence(failed), /nothing was changed.*--yes/);
});

test('a command line that is none', async () => {
  for (const args of [[], ['nothing'], ['session'], ['session', 'show'], ['stats', '--nope'], ['session', 'list', '--limit', 'many']]) {
    const failed = await admin(args);
    assert.equal(failed.code, 2, args.join(' '));
    assert.notEqual(failed.stderr, '');
    assert.equal(failed.stdout, '');
  }
});

test('every command explains itself', async () => {
  const seen = [];
  async function visit(command) {
    const { code, stdout, stderr } = await admin([...command, '--help']);
    assert.equal(code, 0, `${command.join(' ')}: ${stderr}`);
    assert.match(stdout, /Usage:/);
    const [, list = ''] = stdout.split(/^Subcommands:$/m);
    for (const [, name] of list.matchAll(/^ {2}([a-z-]+)/gm)) {
      seen.push([...command, name].join(' '));
      await visit([...command, name]);
    }
  }
  await visit([]);
  for (const command of ['migrate apply', 'session close', 'import', 'tail']) assert.ok(seen.includes(command), seen.join(', '));
});

test('a word that is no command is named, with the nearest and all that there are', async () => {
  for (const [words, expected] of [
    [['frob'], /there is no command frob: There are .*setup.*doctor/],
    [['docter'], /there is no command docter: did you mean doctor\? There are /],
    [['--json', 'agent', 'lst'], /there is no command agent lst: did you mean agent list\? There are .*add/],
  ]) {
    const refused = await admin(words);
    assert.equal(refused.code, 2);
    assert.match(sentence(refused), expected);
  }
});
