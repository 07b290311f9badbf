// livechat-admin as an administrator runs it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

import { build, root } from '../../harness/stack.mjs';

export const program = path.join(build, 'bin/livechat-admin');
export const migrations = path.join(root, 'sql/migrations');

// Gives { code, stdout, stderr, json }, where json is what --json printed. input: for standard input.
export async function admin(args, { input, env = {} } = {}) {
  const child = spawn(program, ['--migrations', migrations, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (data) => (stdout += data));
  child.stderr.setEncoding('utf8').on('data', (data) => (stderr += data));
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [code] = await once(child, 'close');
  return {
    code, stdout, stderr,
    get json() {
      return JSON.parse(stdout);
    },
  };
}

// The same with the configuration of a stack.
export function adminOf(stack, args, options) {
  return admin(['--config', path.join(stack.state, 'livechat.toml'), ...args], options);
}

// One line: what is wrong and, after a colon or a semicolon, what to do. Gives it without the name.
export function sentence({ stderr }) {
  const lines = stderr.trimEnd().split('\n');
  if (lines.length !== 1 || !lines[0].startsWith('livechat-admin: ')) {
    throw new Error(`not one sentence: ${JSON.stringify(stderr)}`);
  }
  if (!/[:;,]/.test(lines[0].slice('livechat-admin: '.length))) {
    throw new Error(`it does not say what to do: ${lines[0]}`);
  }
  return lines[0].slice('livechat-admin: '.length);
}

// An option file for another database of the stack's server; the database is made, empty.
export async function emptyDatabase(stack, name) {
  await stack.sql(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const file = path.join(stack.state, `${name}.cnf`);
  fs.writeFileSync(file, fs.readFileSync(stack.admin, 'utf8').replace(/^database=.*$/m, `database=${name}`), { mode: 0o600 });
  return file;
}
