// SQL as an administrator or a script would run it: through the mariadb command line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

// Rows as arrays of text, NULL as "NULL". options: an option file of the client.
export async function runSql(options, text) {
  const client = spawn('mariadb', [
    `--defaults-file=${options}`, '--batch', '--skip-column-names', '--default-character-set=utf8mb4',
  ]);
  let rows = '';
  let error = '';
  client.stdout.setEncoding('utf8').on('data', (data) => (rows += data));
  client.stderr.setEncoding('utf8').on('data', (data) => (error += data));
  client.stdin.on('error', () => {}); // the client says why it left
  client.stdin.end(text);
  const [code] = await once(client, 'close');
  if (code !== 0) throw new Error(`SQL failed: ${error}`);
  return rows.split('\n').slice(0, -1).map((line) => line.split('\t'));
}

// A text as an SQL literal.
export function literal(text) {
  return `CONVERT(0x${Buffer.from(text, 'utf8').toString('hex')} USING utf8mb4)`;
}
