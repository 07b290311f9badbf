// The matrix of database servers: a case is a file NAME.case.mjs in the folder above, with a default export of
//
//   title      what was tried, in a few words
//   result     one sentence: what happens
//   versions   "MariaDB 10.11"; optional
//   options    of the database server's command line; optional
//   sql        what the server runs when it starts, a statement on a line; optional
//   set        overrides of the programs' configuration; optional
//   stack      more of Stack.start's options; optional
//   refusal    a pattern: the set-up is refused with these words, and nothing else is tried; optional
//   prepare    async (stack): done before the conversation; optional
//   check      async (stack): done after it; optional
//   doctor     a pattern that `livechat-admin doctor` says, or a list of them; optional
//   slow       only with the whole matrix; optional
//
// Without `refusal` the whole conversation of smoke.mjs succeeds, as with a server's defaults.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, root, Stack } from '../../../harness/stack.mjs';
import { converse } from './smoke.mjs';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

// All cases, by name.
export async function cases() {
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.case.mjs')).sort();
  return Promise.all(files.map(async (file) => ({
    name: file.replace('.case.mjs', ''), ...(await import(path.join(folder, file))).default,
  })));
}

export async function run(one) {
  const options = {
    databaseOptions: one.options, databaseSql: one.sql, set: one.set, ownDatabase: true, ...one.stack,
  };
  if (one.refusal) {
    await assert.rejects(Stack.start(options), one.refusal);
    return;
  }
  const stack = await Stack.start(options);
  try {
    await one.prepare?.(stack);
    await converse(stack);
    await one.check?.(stack);
    for (const pattern of [one.doctor ?? []].flat()) assert.match(await doctor(stack), pattern);
  } finally {
    await stack.stop();
  }
}

// What livechat-admin says; its status does not matter here.
export async function admin(stack, ...args) {
  const child = spawn(path.join(build, 'bin/livechat-admin'),
    [...args, '--config', path.join(stack.state, 'livechat.toml'), '--migrations', path.join(root, 'sql/migrations')],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (data) => (text += data));
  await once(child, 'close');
  return text;
}

export const doctor = (stack) => admin(stack, 'doctor');
