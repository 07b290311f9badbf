// Backup and restore as docs/operations.md says them: with mydumper on MySQL 5.6, because Debian's mysqldump
// is MariaDB's and cannot read it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { promisify } from 'node:util';

import { wanted as onMysql } from './mysql.mjs';

// Writes the stack's database into the file; on MySQL that is a folder.
export async function dump(stack, file) {
  const [program, ...args] = onMysql
    ? ['mydumper', '--trx-consistency-only', '--triggers', '--routines', '--database=livechat', `--outputdir=${file}`]
    : ['mysqldump', '--single-transaction', '--triggers', '--routines', '--hex-blob', `--result-file=${file}`, 'livechat'];
  await promisify(execFile)(program, [`--defaults-file=${stack.admin}`, ...args]);
}

// Makes the database what it was when the file was written.
export async function load(stack, file) {
  await stack.sql('DROP DATABASE livechat; CREATE DATABASE livechat CHARACTER SET utf8mb4');
  if (onMysql) {
    await promisify(execFile)('myloader', [`--defaults-file=${stack.admin}`, '--database=livechat', `--directory=${file}`]);
    return;
  }
  const client = spawn('mariadb', [`--defaults-file=${stack.admin}`, 'livechat'], {
    stdio: [fs.openSync(file), 'inherit', 'inherit'],
  });
  const [code, signal] = await once(client, 'exit');
  if (code !== 0) throw new Error(`the dump could not be loaded: ${code ?? signal}`);
}
