// docs/operations.md, executed: a section's blocks of commands, line by line as they are written there.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { build, root } from './stack.mjs';

const document = () => fs.readFileSync(path.join(root, 'docs/operations.md'), 'utf8');

// The commands of a section (its heading): of each block those that are in it, in order.
export function blocksOf(section) {
  const part = document().split(`\n## ${section}\n`)[1];
  if (part === undefined) throw new Error(`docs/operations.md has no section "${section}"`);
  const blocks = [...part.split('\n## ')[0].matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, block]) => block.trim().split('\n').filter((line) => !line.startsWith('#')));
  if (blocks.length === 0) throw new Error(`"${section}" has no commands`);
  return blocks;
}

export const commandsOf = (section) => blocksOf(section).flat();

// Runs them against a stack. What an administrator's account brings along on a server (how to reach the
// database, where the configuration is) comes from the stack, and the stack plays the service manager's
// part. folder: where the commands run. answer: what a person answers at a terminal. block:
// only that one of the section. Gives what they said.
export async function follow(stack, section, folder, { answer, block } = {}) {
  let said = '';
  for (const command of block === undefined ? commandsOf(section) : blocksOf(section)[block]) {
    if (command.startsWith('systemctl ')) await systemctl(stack, command.split(/\s+/).slice(1));
    else said += await shell(stack, command, folder, answer);
  }
  return said;
}

const PRELUDE = `set -euo pipefail
mariadb() { command mariadb --defaults-file="$ADMIN" "$@"; }
mysqldump() { command mysqldump --defaults-file="$ADMIN" "$@"; }
mydumper() { command mydumper --defaults-file="$ADMIN" "$@"; }
myloader() { command myloader --defaults-file="$ADMIN" "$@"; }
livechat-admin() { command livechat-admin --migrations "$MIGRATIONS" --config "$CONFIG" --db-user "$(id -un)" "$@"; }
livechat-fcgi() { command livechat-fcgi --config "$CONFIG" "$@"; }
`;

async function shell(stack, command, folder, answer) {
  const env = {
    ...process.env,
    PATH: `${path.join(build, 'bin')}:${process.env.PATH}`,
    ADMIN: stack.admin,
    CONFIG: path.join(stack.state, 'livechat.toml'),
    MIGRATIONS: path.join(root, 'sql/migrations'),
  };
  const inBash = ['bash', '-c', PRELUDE + command];
  const atTerminal = ['script', '--quiet', '--return', '--command', 'bash -c "$SCRIPT"', '/dev/null'];
  const [program, ...args] = answer === undefined ? inBash : atTerminal;
  try {
    const running = promisify(execFile)(program, args, { env: { ...env, SCRIPT: PRELUDE + command }, cwd: folder });
    running.child.stdin.on('error', () => {}); // not every command reads it
    running.child.stdin.end(answer);
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (error) {
    throw new Error(`${command}: ${error.code}\n${error.stdout}${error.stderr}`);
  }
}

async function systemctl(stack, [verb, ...units]) {
  const daemons = fs.readdirSync(path.join(stack.state, 'log')).filter((name) => /^wsd-\w+\.log$/.test(name))
    .map((name) => name.replace('.log', ''));
  const names = new Set(units.flatMap((unit) => {
    if (unit === 'livechat-fcgi.socket') return []; // the stack's program opens its socket itself
    if (/^livechat-fcgi(\.service)?$/.test(unit)) return ['fcgi'];
    if (unit === 'livechat-wsd.target' || unit === "'livechat-wsd@*'") return daemons;
    const instance = unit.match(/^livechat-wsd@(\w+)(\.service)?$/);
    if (!instance) throw new Error(`no unit of a stack: ${unit}`);
    return [`wsd-${instance[1]}`];
  }));
  for (const name of names) {
    if (verb === 'stop') await stack.take(name);
    else if (verb === 'start') await stack.bring(name);
    else if (verb === 'restart') await stack.restart(name, 'SIGTERM');
    else if (verb === 'reload') stack.signal(name, 'SIGHUP');
    else throw new Error(`no verb of a stack: ${verb}`);
  }
}
