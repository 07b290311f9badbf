// The words that docs/glossary.md avoids stand nowhere in what we ship and write.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { root } from '../harness/stack.mjs';

const glossary = 'docs/glossary.md';
const [, table] = fs.readFileSync(path.join(root, glossary), 'utf8').split('## Words to avoid');
const avoided = [...table.matchAll(/^\| ([a-z', ]+) \| [^-]/gm)].flatMap(([, words]) => words.split(', ')).filter((word) => word !== 'instead of');

// Migrations that were released are never edited, and the widget's texts are a visitor's own language.
const folders = ['*.md', '*.txt', 'admin-cli', 'cmake', 'config', 'core', 'docs', 'fcgi-app', 'nginx', 'packaging', 'scripts', 'sql/schema.sql',
  'systemd', 'web', 'ws-daemon'];
const left = [glossary, 'web/widget/lang', 'web/package-lock.json', 'docs/compatibility.md'].map((name) => `:!${name}`);

for (const word of avoided) {
  test(`"${word}" is not used`, () => {
    const { stdout, status } = spawnSync('git', ['grep', '-niwE', word, '--', ...folders, ...left], { cwd: root, encoding: 'utf8' });
    assert.equal(status, 1, stdout);
  });
}

test('the glossary has words to avoid', () => assert.ok(avoided.length >= 8, avoided.join()));
