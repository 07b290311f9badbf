// What a newcomer types after reading: every script explains itself, and the documents name commands, options, units,
// keys and files that are there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { build, root } from '../harness/stack.mjs';

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const exists = (file) => fs.existsSync(path.join(root, file));
const filesOf = (folder, pattern) => fs.readdirSync(path.join(root, folder)).filter((name) => pattern.test(name)).sort().map((name) => path.join(folder, name));

const scripts = filesOf('scripts', /./).filter((file) => fs.statSync(path.join(root, file)).isFile());
const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'config/livechat.toml', ...filesOf('docs', /\.md$/), ...filesOf('docs/adr', /\.md$/), 'docs/monitoring/README.md', ...filesOf('packaging/man', /./)];
// [file, text], as one reads it.
const texts = documents.map((file) => [file, file.startsWith('packaging/man') ? read(file).replaceAll('\\-', '-').replaceAll(/\\f[A-Z]/g, '') : read(file)]);

const run = (program, args) => spawnSync(program, args, { encoding: 'utf8', cwd: root, timeout: 60_000 });
const helps = new Map();
function helpOf(...command) {
  const key = command.join(' ');
  if (!helps.has(key)) {
    const [program, ...words] = command;
    helps.set(key, run(program.startsWith('scripts/') ? path.join(root, program) : path.join(build, 'bin', program), [...words, '--help']).stdout);
  }
  return helps.get(key);
}

for (const script of scripts) {
  test(`${script} --help says how it is used, and an option that is none gets one sentence`, () => {
    const { status, stdout, stderr } = run(path.join(root, script), ['--help']);
    assert.equal(status, 0);
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^usage: ${script}( |$)`, 'm'));
    const refused = run(path.join(root, script), ['--no-such-option']);
    assert.deepEqual([refused.status, refused.stdout, refused.stderr], [1, '', 'livechat: unknown option: --no-such-option (see --help)\n']);
  });
}

test('a value that is none is refused before anything is built', () => {
  for (const [args, said] of [[['chaos', '--seconds', 'x'], '--seconds takes a number: x'], [['chaos', '--auth', 'x'], '--auth takes open or token: x'],
    [['build-web'], 'it takes one folder (see --help)'], [['mysql-server', 'x'], 'it takes a folder and a socket (see --help)']]) {
    const { status, stdout, stderr } = run(path.join(root, 'scripts', args[0]), args.slice(1));
    assert.deepEqual([status, stdout, stderr], [1, '', `livechat: ${said}\n`]);
  }
});

// The words of every command in a text that begins with one of our programs: in blocks and in `…`.
function commandsIn(text) {
  const pieces = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n').map((line) => line.trim());
  pieces.push(...lines.filter((line) => /^(scripts\/|livechat-(admin|fcgi|wsd) (?!- ))/.test(line)));
  return pieces.flatMap((piece) => piece.split(/ [|;&]+ |\s#/))
    .map((piece) => piece.trim().replace(/^\/usr\/share\/livechat\//, '').split(/\s+/))
    .filter(([program]) => /^(scripts\/[a-z-]+|livechat-(admin|fcgi|wsd))$/.test(program));
}

test('the commands of the documents are commands, with options that they have', () => {
  let seen = 0;
  for (const [file, text] of texts) {
    for (const [program, ...words] of commandsIn(text)) {
      const where = `${file}: ${[program, ...words].join(' ')}`;
      if (program.startsWith('scripts/')) {
        assert.ok(exists(program), where);
        if (fs.statSync(path.join(root, program)).isDirectory()) continue;
      }
      const command = [program];
      for (const word of words) {
        const help = helpOf(...command);
        if (/^--?[a-z]/.test(word)) {
          const [option] = word.split('=');
          assert.ok(new RegExp(`(^|[\\s,|])${option}([\\s,=]|$)`, 'm').test(help) || new RegExp(`(^|[\\s,])${option}[\\s,]`, 'm').test(helpOf(program)), where);
          seen += 1;
        } else if (program === 'livechat-admin' && command.length < 3 && new RegExp(`^Subcommands:[\\s\\S]*^  ${word}\\s`, 'm').test(help)) {
          command.push(word);
        } else if (program === 'livechat-admin' && /^Subcommands:/m.test(help) && /^[a-z-]+$/.test(word) && command.length < 3) {
          assert.fail(`${where}: no such command: ${word}`);
        }
      }
    }
  }
  assert.ok(seen >= 40, `only ${seen} options`);
});

test('the units, keys and files that the documents name are there', () => {
  const missing = [];
  const sections = {};
  let section;
  for (const line of read('config/livechat.toml').split('\n')) {
    const head = line.match(/^\[(\w+)\]$/);
    if (head) sections[section = head[1]] = new Set();
    const key = line.match(/^(\w+) =/);
    if (key) sections[section].add(key[1]);
  }
  for (const [file, text] of texts) {
    for (const [unit, name] of text.matchAll(/\b(livechat-[a-z]+@?)(?:[a-z…*]*)\.(?:service|socket|target|timer)\b/g)) {
      const ending = unit.split('.').at(-1);
      if (!exists(`systemd/${name}.${ending}`) && !exists(`systemd/${unit}`)) missing.push(`${file}: ${unit}`);
    }
    for (const [whole, name, key] of text.matchAll(/`(\w+)\.(\w+)(?: = [^`]*|=[^`]*)?`/g)) {
      if (sections[name] && !sections[name].has(key)) missing.push(`${file}: ${whole}`);
    }
    for (const [, name] of text.matchAll(/`((?:docs|web|tests|core|scripts|nginx|systemd|sql|config|packaging|ws-daemon|fcgi-app|admin-cli|bench)\/[\w./-]+)`/g)) {
      // README.md has its reader make that one page.
      const there = [name, `${name}.cpp`, `${name}.hpp`, `${name}.test.mjs`].some(exists);
      if (!there && name !== 'web/demo/hello.html') missing.push(`${file}: ${name}`);
    }
    if (!file.endsWith('.md')) continue;
    for (const [, target, anchor] of text.matchAll(/\]\((?!http)([^)#]*)(?:#([^)]*))?\)/g)) {
      const found = path.join(target ? path.dirname(file) : '', target || file);
      if (!exists(found)) missing.push(`${file}: ${target}`);
      else if (anchor && !anchorsOf(read(found)).includes(anchor)) missing.push(`${file}: ${target}#${anchor}`);
    }
  }
  assert.deepEqual(missing, []);
});

function anchorsOf(text) {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(/[^\w\s-]/g, '').trim().replaceAll(/\s/g, '-'));
}

test('no lock file records where a package is downloaded from', () => {
  const files = ['web', 'tests', 'bench/peers/node', 'bench/refs'].map((folder) => `${folder}/package-lock.json`);
  for (const file of files) {
    const { packages } = JSON.parse(read(file));
    assert.ok(Object.keys(packages).length > 1, file);
    for (const [name, { resolved }] of Object.entries(packages)) assert.equal(resolved, undefined, `${file}: ${name}`);
  }
});

test('docs/compatibility.md is what the cases of tests/wild say', () => {
  const { status, stderr } = run(path.join(root, 'scripts/compatibility'), ['--check']);
  assert.deepEqual([status, stderr], [0, '']);
});
