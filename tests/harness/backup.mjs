// Backup and restore as docs/operations.md says them.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { promisify } from 'node:util';

// Writes the stack's database into the file.
export async function dump(stack, file) {
  await promisify(execFile)('mysqldump', [`--defaults-file=${stack.admin}`, '--single-transaction',
    '--triggers', '--routines', '--hex-blob', `--result-file=${file}`, 'livechat']);
}

// Makes the database what it was when the file was written.
export async function load(stack, file) {
  await stack.sql('DROP DATABASE livechat; CREATE DATABASE livechat CHARACTER SET utf8mb4');
  const client = spawn('mariadb', [`--defaults-file=${stack.admin}`, 'livechat'], {
    stdio: [fs.openSync(file), 'inherit', 'inherit'],
  });
  const [code, signal] = await once(client, 'exit');
  if (code !== 0) throw new Error(`the dump could not be loaded: ${code ?? signal}`);
}
