// The units as systemd itself judges them: without a mistake, and shut off from what they do not need.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { build, root } from '../harness/stack.mjs';
import { analyze } from './lib/manager.mjs';

const services = fs.readdirSync(path.join(build, 'systemd')).filter((name) => name.endsWith('.service')).sort();
let folder;

// With programs that are there, in a folder of their own.
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-units-'));
  for (const name of fs.readdirSync(path.join(build, 'systemd'))) {
    const text = fs.readFileSync(path.join(build, 'systemd', name), 'utf8')
      .replace(/\/usr\/s?bin\/(livechat-\w+)/g, `"${path.join(build, 'bin/$1')}"`);
    fs.writeFileSync(path.join(folder, name), text);
  }
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test('every unit of the tree is built', () => {
  const sources = fs.readdirSync(path.join(root, 'systemd'))
    .filter((name) => /\.(service|socket|target|timer)$/.test(name))
    .filter((name) => !/purge|migrate/.test(name) || fs.existsSync(path.join(build, 'bin/livechat-admin')));
  assert.deepEqual(fs.readdirSync(folder).sort(), sources.sort());
});

test('systemd-analyze verify finds nothing', async () => {
  const units = fs.readdirSync(folder)
    .map((name) => path.join(folder, name.replace('@.', '@a.')));
  for (const unit of units) {
    if (!fs.existsSync(unit)) fs.copyFileSync(unit.replace('@a.', '@.'), unit);
  }
  const { code, text } = await analyze('verify', '--man=no', ...units);
  assert.equal(text.trim(), '');
  assert.equal(code, 0);
});

for (const service of services) {
  test(`${service} is exposed by 2.0 at most`, async () => {
    const { text } = await analyze('security', '--offline=true', '--no-pager', path.join(folder, service));
    const exposure = Number(/Overall exposure level for \S+: ([0-9.]+)/.exec(text)?.[1]);
    assert(exposure <= 2.0, text);
  });
}

test('the command lines of the units are options that the programs know', () => {
  for (const service of services.filter((name) => !/purge|migrate/.test(name))) {
    const text = fs.readFileSync(path.join(folder, service), 'utf8');
    assert.match(text, /^Type=notify$/m);
    assert.match(text, /^WatchdogSec=\d+$/m);
    assert.match(text, /^LoadCredential=database\.password:/m);
    assert.match(text, /^Restart=always$/m);
    assert.doesNotMatch(text, /password=|#include/);
  }
});
