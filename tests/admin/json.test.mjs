// --json: whatever prints prints one JSON value, and nothing else, on standard output.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { admin, adminOf } from './lib/admin.mjs';

let stack;
before(async () => {
  stack = await Stack.start();
  await stack.sql("CALL livechat_open('room'); CALL livechat_send('room', 'client', 'hello')");
});
after(() => stack?.stop());

// With what goes to standard input; in this order.
const COMMANDS = [
  [['doctor']],
  [['stats']],
  [['migrate', 'status']],
  [['migrate', 'plan']],
  [['agent', 'add', 'anna', '--role', 'agent', '--password-file', '-'], 'correct horse battery\n'],
  [['agent', 'passwd', 'anna', '--password-file', '-'], 'another horse battery\n'],
  [['agent', 'list']],
  [['agent', 'role', 'anna', '--role', 'supervisor']],
  [['agent', 'disable', 'anna', '--yes']],
  [['agent', 'enable', 'anna']],
  [['agent', 'remove', 'anna', '--yes']],
  [['token', 'create', 'shop', '--scopes', 'send,read']],
  [['token', 'list']],
  [['token', 'revoke', '1', '--yes']],
  [['ban', 'add', 'client', 'rude', '--reason', 'because']],
  [['ban', 'list']],
  [['ban', 'remove', '1', '--yes']],
  [['session', 'list']],
  [['session', 'show', 'room']],
  [['session', 'close', 'room', '--yes']],
  [['export', 'room']],
  [['import', '-'], '{"clientId":"other","sender":"client","message":"x"}\n'],
  [['purge', '--dry-run']],
  [['purge', '--days', '1', '--yes']],
  [['erase', 'room', '--yes']],
  [['restore-finished', '--yes']],
];

for (const [command, input] of COMMANDS) {
  test(command.join(' '), async () => {
    const result = await adminOf(stack, [...command, '--json'], { input });
    assert.ok([0, command[0] === 'doctor' ? 1 : 0].includes(result.code), result.stderr);
    assert.doesNotThrow(() => result.json, result.stdout);
    assert.equal(result.stderr, '');
  });
}

test('these are all commands', async () => {
  const leaves = [];
  async function visit(words) {
    const { stdout } = await admin([...words, '--help']);
    const [, list = ''] = stdout.split(/^Subcommands:$/m);
    const inner = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
    if (inner.length === 0) leaves.push(words.join(' '));
    for (const name of inner) await visit([...words, name]);
  }
  await visit([]);
  const tried = new Set(COMMANDS.map(([words]) => words.filter((word) => !word.startsWith('-')).join(' ')));
  const missing = leaves.filter((leaf) => ![...tried].some((one) => one === leaf || one.startsWith(`${leaf} `)));
  // setup and migrate apply are tried where there is something to set up; tail prints an object a line.
  assert.deepEqual(missing.sort(), ['migrate apply', 'setup', 'tail']);
});
