// SQL as an administrator or a script would run it: through the mariadb command line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

// Whatever the server's defaults are: what a client has to say for itself (docs/sql.md).
const OWN_SESSION = '--init-command=SET autocommit=1, completion_type=NO_CHAIN, tx_read_only=0, tx_isolation="REPEATABLE-READ", sql_safe_updates=0, sql_select_limit=18446744073709551615, sql_big_selects=1';

// Rows as arrays of text, NULL as "NULL". options: an option file of the client.
export async function runSql(options, text) {
  const client = spawn('mariadb', [
    `--defaults-file=${options}`, '--batch', '--skip-column-names', '--default-character-set=utf8mb4', OWN_SESSION,
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

export class SqlError extends Error {
  constructor(text) {
    super(text);
    this.code = Number(text.match(/^ERROR (\d+)/)?.[1] ?? 0);
  }
}

// One connection that stays, for transactions that are held open. Statements run in the order of the
// calls of run(); one that fails rejects with an SqlError, and the connection goes on. When the
// connection is lost, everything rejects from then on.
export class SqlSession {
  #waiting = []; // { statement: line number, rows, error, resolve, reject }
  #lines = 0;
  #rest = '';

  constructor(options) {
    // One pipe for answers and errors keeps them in order.
    this.client = spawn('sh', [
      '-c', 'exec mariadb "$@" 2>&1', 'sh', `--defaults-file=${options}`, '--batch', '--force',
      '--skip-column-names', '--unbuffered', '--skip-reconnect', '--default-character-set=utf8mb4', OWN_SESSION,
    ], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.client.stdin.on('error', () => {});
    this.client.stdout.setEncoding('utf8').on('data', (data) => this.#take(data));
    this.client.on('close', () => this.#lose('the SQL client has ended'));
  }

  // text: one statement on one line, without the semicolon. Gives rows of text.
  run(text) {
    if (this.lost) return Promise.reject(new SqlError(this.lost));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statement: this.#lines + 1, rows: [], resolve, reject });
      this.#lines += 2;
      this.client.stdin.write(`${text};\nSELECT '${MARK}';\n`);
    });
  }

  #take(data) {
    const lines = (this.#rest + data).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    const first = this.#waiting[0];
    if (!first) return;
    if (line === MARK) {
      this.#waiting.shift();
      if (first.error) first.reject(new SqlError(first.error));
      else first.resolve(first.rows);
      return;
    }
    const failed = line.match(/^ERROR \d+ .*? at line (\d+)/);
    if (!failed) first.rows.push(line.split('\t'));
    else if (Number(failed[1]) === first.statement) first.error = line;
    else this.#lose(first.error ?? line);
  }

  #lose(why) {
    this.lost ??= why;
    this.client.stdin.end();
    for (const one of this.#waiting.splice(0)) one.reject(new SqlError(this.lost));
  }

  // As a program that dies: the server rolls back what was open.
  kill() {
    this.client.kill('SIGKILL');
    this.#lose('killed');
  }

  async end() {
    const closed = once(this.client, 'close');
    if (this.client.exitCode !== null || this.client.signalCode !== null) return;
    this.client.stdin.end();
    await closed;
  }
}

const MARK = '-- done --';
