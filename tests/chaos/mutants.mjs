// Shows that the chaos test can fail: puts one known mistake into a copy of the sources, builds it, and
// runs the chaos test on it. Called by scripts/chaos --mutant.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { root } from '../harness/stack.mjs';

const ATTEMPTS = 3;

// name -> the mistake: where, what stands there, and what is put in its place
const MUTANTS = {
  'plain-poll': {
    why: 'the feed asks only for ids beyond the newest one',
    file: 'ws-daemon/feed/cursor.cpp',
    find: /^.*holes_\.emplace_hint\(.*$/m,
    put: '        static_cast<void>(now), missing = id;',
  },
  'holes-in-any-order': {
    why: 'what fills a hole is shown after what followed it in its room',
    file: 'ws-daemon/feed/feed.cpp',
    find: /^.*if \(!notifications\.empty\(\)\) add_predecessors\(.*$/m,
    put: '    static_cast<void>(&Feed::add_predecessors);',
  },
  'ack-before-commit': {
    why: 'a message is acknowledged when it is written, and committed with the next one',
    file: 'core/db/connection.cpp',
    find: /connection_\.run\("COMMIT"\);/,
    put: 'connection_.run("DO 0");',
  },
  'ack-before-disk': {
    why: 'a commit is reported before it is durable',
    file: 'scripts/lib/database.sh',
    find: /"--log-bin=[^"]*" --sync-binlog=1/,
    put: '--innodb-flush-log-at-trx-commit=0 --skip-log-bin',
  },
  'message-id-ignored': {
    why: 'a resend is a new message',
    file: 'core/db/message_repository.cpp',
    find: /values\.push_back\(value_or_null\(row\.message->message_id\)\);/,
    put: 'values.emplace_back();',
  },
  'covered-ignored': {
    why: 'what a joining socket was shown from the database comes again from the feed',
    file: 'ws-daemon/hub/hub.cpp',
    find: /if \(position <= covered\) continue;/g,
    put: 'if (covered == ~Position{0}) continue;',
  },
  'replay-without-holding': {
    why: 'a socket that enters a room is live at once and gets what it has missed later',
    file: 'ws-daemon/hub/hub.cpp',
    find: /place->second\.catching_up\.push_back\(\{&sink, false, 0, \{\}\}\);/,
    put: 'place->second.catching_up.push_back({&sink, false, 0, {}});\n    place->second.live.push_back({&sink, 0, {}});',
  },
};

function run(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (error) throw error;
  return { status, output: (stdout ?? '') + (stderr ?? '') };
}

function must(command, args, options) {
  const { status, output } = run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output.slice(-3000)}`);
  return output;
}

// The sources as they are in the working tree, in a folder of their own. Only what differs is written, so
// that the build sees by the times what it has to compile again; compiled files are shared.
function copySources(to) {
  const wanted = new Set(must('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root }).split('\0').filter(Boolean));
  for (const file of wanted) {
    const [from, place] = [path.join(root, file), path.join(to, file)];
    if (!fs.existsSync(from)) continue;
    const content = fs.readFileSync(from);
    if (fs.existsSync(place) && content.equals(fs.readFileSync(place))) continue;
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, content, { mode: fs.statSync(from).mode });
  }
  link(path.join(root, 'tests/node_modules'), path.join(to, 'tests/node_modules'));
  fs.mkdirSync(path.join(root, 'build/.ccache'), { recursive: true });
  link(path.join(root, 'build/.ccache'), path.join(to, 'build/.ccache'));
}

function link(target, place) {
  fs.mkdirSync(path.dirname(place), { recursive: true });
  if (!fs.existsSync(place)) fs.symlinkSync(target, place);
}

export const mutantNames = () => Object.keys(MUTANTS);

// The file with the mistake in it.
export function mutated(name) {
  const { file, find, put } = MUTANTS[name];
  const before = fs.readFileSync(path.join(root, file), 'utf8');
  const after = before.replace(find, put);
  if (after === before) throw new Error(`the mutant ${name} does not fit ${file} any more: ${find}`);
  return after;
}

// Whether chaos finds the mistake; it may need more than one attempt, since it depends on luck.
function killed(name, chaosArguments) {
  const mutant = MUTANTS[name];
  // One folder for all: what does not differ is not compiled again.
  const folder = path.join(root, 'build/mutant');
  copySources(folder);
  fs.writeFileSync(path.join(folder, mutant.file), mutated(name));
  console.log(`mutant ${name}: ${mutant.why}; building`);
  must('cmake', ['--preset', 'dev'], { cwd: folder });
  must('cmake', ['--build', 'build/dev', '--target', 'livechat-wsd', 'livechat-fcgi', 'livechat-admin', '-j2'], { cwd: folder });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { status, output } = run('node', ['tests/chaos/main.mjs', ...chaosArguments],
      { cwd: folder, env: { ...process.env, LIVECHAT_BUILD: path.join(folder, 'build/dev'), LIVECHAT_TEST_DIR: path.join(folder, 'build/stacks') } });
    if (status === 0) {
      console.log(`mutant ${name}: survived attempt ${attempt}`);
      continue;
    }
    const found = output.split('\n').filter((line) => line.includes('PROBLEM'));
    if (found.length === 0) throw new Error(`the chaos test broke down:\n${output.slice(-3000)}`);
    console.log(`mutant ${name}: found in attempt ${attempt}: ${found[0].trim()} (and ${found.length - 1} more)`);
    fs.rmSync(path.join(folder, 'build/stacks'), { recursive: true, force: true });
    return true;
  }
  console.log(`mutant ${name}: NOT FOUND`);
  return false;
}

function main([wanted, ...rest]) {
  if (wanted === 'list') {
    for (const [name, { why }] of Object.entries(MUTANTS)) console.log(`${name.padEnd(24)} ${why}`);
    return 0;
  }
  const names = wanted === 'all' ? mutantNames() : [wanted];
  const unknown = names.find((name) => !MUTANTS[name]);
  if (unknown !== undefined) {
    console.error(`livechat: no such mutant: ${unknown} (see --mutant list)`);
    return 1;
  }
  const survivors = names.filter((name) => !killed(name, rest));
  console.log(survivors.length === 0 ? `all ${names.length} found` : `not found: ${survivors.join(', ')}`);
  return survivors.length === 0 ? 0 : 1;
}

if (process.argv[1] === new URL(import.meta.url).pathname) process.exitCode = main(process.argv.slice(2));
