// The manual and the completion know what the program knows.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { root } from '../harness/stack.mjs';
import { admin } from './lib/admin.mjs';

const page = path.join(root, 'packaging/man/livechat-admin.1');
const commands = []; // { words, options }

async function visit(words) {
  const { stdout } = await admin([...words, '--help']);
  const [head, list = ''] = stdout.split(/^Subcommands:$/m);
  const options = [...head.matchAll(/^ {2}(?:-\w,)?(--[a-z-]+)/gm)].map(([, name]) => name);
  commands.push({ words, options: options.filter((name) => name !== '--help') });
  for (const [, name] of list.matchAll(/^ {2}([a-z-]+)/gm)) await visit([...words, name]);
}

before(() => visit([]));

// What completion offers behind these words.
function complete(...words) {
  const script = `
    _init_completion() { words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=\${words[cword]}; prev=\${words[cword-1]}; }
    _filedir() { COMPREPLY=(FILES); }
    source '${path.join(root, 'admin-cli/livechat-admin.bash')}'
    COMP_WORDS=(livechat-admin "$@"); COMP_CWORD=$#
    _livechat_admin
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words]).toString().split('\n').filter(Boolean);
}

test('the manual names every command and every option', () => {
  const text = fs.readFileSync(page, 'utf8').replaceAll('\\-', '-').replaceAll(/\\f[A-Z]|\.[BI]+R? |"/g, ' ');
  for (const { words, options } of commands) {
    for (const word of [...words, ...options]) {
      assert.match(text, new RegExp(`(^|[\\s,|])${word}([\\s,|.)]|$)`, 'm'), `${word} of "${words.join(' ')}"`);
    }
  }
});

test('completion offers every command and every option', () => {
  for (const { words, options } of commands) {
    const inner = commands.filter((one) => one.words.length === words.length + 1 && words.every((word, i) => one.words[i] === word));
    const offered = complete(...words, '');
    for (const { words: deeper } of inner) assert.ok(offered.includes(deeper.at(-1)), `${deeper.join(' ')}: ${offered}`);
    const flags = complete(...words, '-');
    for (const option of options) {
      if (words.length > 0 || option !== '--version') assert.ok(flags.includes(option), `${words.join(' ')} ${option}: ${flags}`);
    }
  }
  assert.deepEqual(complete('import', ''), ['FILES']);
  assert.deepEqual(complete('--config', ''), ['FILES']);
  assert.deepEqual(complete('--config', 'x', 'session', 'l'), ['list']);
  assert.deepEqual(complete('export', 'user123', '--format', 'h'), ['html']);
});

test('the pages have no mistakes, and the one of the configuration has every key', () => {
  const config = execFileSync(path.join(root, 'scripts/man-config')).toString();
  const file = path.join(process.env.LIVECHAT_TEST_DIR ?? '/tmp', `livechat.toml.${process.pid}.5`);
  fs.writeFileSync(file, config);
  for (const one of [page, file]) {
    const { stderr } = groff(one);
    assert.equal(stderr, '', one);
  }
  fs.rmSync(file);
  const example = fs.readFileSync(path.join(root, 'config/livechat.toml'), 'utf8');
  for (const [, key] of example.matchAll(/^([a-z_]+) =/gm)) assert.ok(config.includes(`\\fB${key} =`), key);
});

// groff warns and ends well.
function groff(file) {
  return spawnSync('groff', ['-man', '-Tutf8', '-ww', '-z', file], { encoding: 'utf8' });
}
