// config/livechat.toml documents every key that the programs know, and no other.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { build, root } from '../harness/stack.mjs';

const example = path.join(root, 'config/livechat.toml');

function keysOfExample() {
  const keys = [];
  let section;
  for (const line of fs.readFileSync(example, 'utf8').split('\n')) {
    section = line.match(/^\[(\w+)\]$/)?.[1] ?? section;
    const key = line.match(/^(\w+) =/)?.[1];
    if (key) keys.push(`${section}.${key}`);
  }
  return keys;
}

function keysOfProgram() {
  const table = fs.readFileSync(path.join(root, 'core/base/config_keys.def'), 'utf8');
  return [...table.matchAll(/^LIVECHAT_KEY\((\w+), (\w+),/gm)].map(([, section, key]) => `${section}.${key}`);
}

test('each key of the programs is in the example', () => {
  assert.deepEqual(keysOfExample(), keysOfProgram());
});

for (const program of ['livechat-fcgi', 'livechat-wsd']) {
  test(`${program} takes the example as it stands`, () => {
    const said = execFileSync(path.join(build, 'bin', program), ['--config', example, '--check-config']);
    assert.match(said.toString(), /the configuration is good/);
  });
}
