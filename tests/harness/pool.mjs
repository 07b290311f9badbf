// Runs the test files of all suites from one pool, several at a time: most of them wait for timeouts, browsers and
// restarted programs, so two processors are idle with one at a time. Files that measure (their first lines say
// "Runs alone") follow one by one.
//
//   node pool.mjs --jobs 4 --patience 900 --times FILE --summary FILE ENTRIES
//
// ENTRIES is a file with a line "LABEL<tab>NAME=VALUE …<tab>FILE" for each test file: the suite that its results count
// for, what is added to its environment, the file. --times keeps how long each took, so that the next run starts with
// the longest. --summary gets a line "LABEL<tab>PASSED<tab>FAILED" for each suite, then "SECONDS FILE" for the ten
// slowest files.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string' }, patience: { type: 'string' }, times: { type: 'string' }, summary: { type: 'string' } },
});
const jobs = Number(values.jobs);
const patienceMs = Number(values.patience) * 1000;
const here = path.dirname(fileURLToPath(import.meta.url));
const reporter = path.join(here, 'reporter.mjs');
const end = path.join(here, 'end.mjs');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-pool-'));
const running = new Set();
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGTERM');
    process.exit(1);
  });
}

const entries = fs.readFileSync(positionals[0], 'utf8').split('\n').filter(Boolean).map((line, number) => {
  const [label, environment, file] = line.split('\t');
  const env = Object.fromEntries(environment.split(' ').filter(Boolean).map((one) => one.split(/=(.*)/s, 2)));
  const name = [path.relative(process.cwd(), file), ...Object.values(env)].join(' ');
  return { label, env, file, name, number, alone: runsAlone(file) };
});

function runsAlone(file) {
  return fs.readFileSync(file, 'utf8').split('\n', 10).some((line) => line.includes('Runs alone'));
}

function readTimes() {
  try {
    return JSON.parse(fs.readFileSync(values.times, 'utf8'));
  } catch {
    return {};
  }
}

// Prints what it said in one piece, when it is over.
async function run(entry) {
  const counts = path.join(scratch, String(entry.number));
  const began = Date.now();
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', process.execPath, '--test', `--import=${end}`, `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout', entry.file], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...entry.env, LIVECHAT_TEST_COUNTS: counts },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (data) => (output += data));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
  }, patienceMs);
  const status = await new Promise((resolve) => child.once('close', (code) => resolve(code)));
  clearTimeout(timer);
  running.delete(child);
  if (late) output += `    FAILED ${entry.name} did not end within ${values.patience} s\n`;
  [entry.passed, entry.failed] = readCounts(counts);
  if ((status !== 0 || late) && entry.failed === 0) entry.failed = 1;
  entry.seconds = (Date.now() - began) / 1000;
  console.log(`-- ${entry.label}, ${entry.seconds.toFixed(1)} s\n${output.trimEnd()}`);
}

function readCounts(file) {
  try {
    return fs.readFileSync(file, 'utf8').trim().split(' ').map(Number);
  } catch {
    return [0, 0];
  }
}

async function runAll(queue, atOnce) {
  const worker = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) await run(entry);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const times = readTimes();
const expected = ({ name }) => times[name] ?? 30;
const sorted = [...entries].sort((a, b) => expected(b) - expected(a));
await runAll(sorted.filter(({ alone }) => !alone), jobs);
await runAll(sorted.filter(({ alone }) => alone), 1);

for (const { name, seconds } of entries) times[name] = Math.round(seconds);
fs.writeFileSync(values.times, JSON.stringify(times, null, 1));
const labels = new Map();
for (const { label, passed, failed } of entries) {
  const [good, bad] = labels.get(label) ?? [0, 0];
  labels.set(label, [good + passed, bad + failed]);
}
const slowest = [...entries].sort((a, b) => b.seconds - a.seconds).slice(0, 10);
fs.writeFileSync(values.summary, [
  ...[...labels].map(([label, [good, bad]]) => `${label}\t${good}\t${bad}`),
  ...slowest.map(({ name, seconds }) => `${seconds.toFixed(0)} ${name}`),
].join('\n') + '\n');
