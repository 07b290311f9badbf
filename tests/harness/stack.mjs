// A whole stack of its own for a test file: what scripts/run starts, on a free port, with a new state
// folder. It ends with the process that started it, however that ends.
//
//   const stack = await Stack.start({ set: ['wsd.ping_interval_ms=300'], wsDaemons: 2 });
//   await stack.restart('fcgi', 'SIGKILL');
//   await stack.take('mariadb'); … await stack.bring('mariadb');
//   await stack.stop();
//
// The programs come from $LIVECHAT_BUILD/bin (default: build/dev of this tree); state folders are made
// in $LIVECHAT_TEST_DIR (default: build).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

import { MysqlServer, wanted as mysqlWanted } from './mysql.mjs';
import { assertNoSecrets, commandLines, figures, learn, logsBelow } from './secrets.mjs';
import { runSql } from './sql.mjs';
import { waitFor } from './wait.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const build = path.resolve(process.env.LIVECHAT_BUILD ?? path.join(root, 'build/dev'));

// How much more memory than it needs by itself a program may hold: a sanitizer keeps a shadow of all of it,
// and for a while what is freed.
export const memoryFactor = process.env.LIVECHAT_SANITIZED ? 6 : 1;

export class Stack {
  // options: auth ("open", which is the default here, or "token"), limits (keep those of [abuse]), set
  // ("section.key=value" of the configuration), env (more of the environment), fcgiWorkers, wsDaemons, binlog,
  // database, programDatabase, state, ownDatabase (what scripts/run starts by itself, also when the tests run on MySQL),
  // databaseOptions (more of the database server's command line), databaseSql (what it runs whenever it starts, a
  // statement on a line)
  static async start(options = {}) {
    const stack = new Stack();
    const parent = process.env.LIVECHAT_TEST_DIR ?? path.join(root, 'build');
    fs.mkdirSync(parent, { recursive: true });
    stack.state = options.state ?? fs.mkdtempSync(path.join(parent, 'stack-'));
    const args = ['--port', '0', '--state', stack.state, '--programs', path.join(build, 'bin')];
    args.push('--auth', options.auth ?? 'open');
    // All requests of a test come from one address.
    if (!options.limits) args.push('--set', 'abuse.enabled=false');
    for (const override of [...stack.#figuresAt(options), ...(options.set ?? [])]) args.push('--set', override);
    stack.#learn(options);
    if (options.fcgiWorkers) args.push('--fcgi-workers', String(options.fcgiWorkers));
    if (options.wsDaemons) args.push('--ws-daemons', String(options.wsDaemons));
    if (options.binlog) args.push('--binlog');
    const databaseOptions = [...(options.databaseOptions ?? [])];
    if (options.databaseSql) {
      const file = path.join(stack.state, 'init.sql');
      fs.writeFileSync(file, options.databaseSql);
      databaseOptions.push(`--init-file=${file}`);
    }
    for (const option of databaseOptions) args.push(`--database-option=${option}`);
    let { database, programDatabase } = options;
    if (!database && !options.ownDatabase && mysqlWanted) {
      stack.mysql = await MysqlServer.start(`${stack.state}-mysql`, options);
      database = stack.mysql.ownerDsn;
      programDatabase = stack.mysql.programsDsn;
    }
    if (database) args.push('--database', database);
    if (programDatabase) args.push('--program-database', programDatabase);
    try {
      await stack.#run(args, options.env);
    } catch (error) {
      await stack.mysql?.stop();
      throw error;
    }
    return stack;
  }

  // Has the programs show what they count where there are tokens, unless the test has chosen where. (Two
  // daemons cannot share one place.)
  #figuresAt({ auth, set = [], wsDaemons = 1 }) {
    this.figureSockets = set.flatMap((one) => one.match(/metrics_listen="?unix:([^"]+)/)?.[1] ?? []);
    if (auth !== 'token' || wsDaemons > 1 || set.some((one) => one.includes('metrics_listen'))) return [];
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-figures-'));
    this.figureSockets = ['fcgi', 'wsd'].map((name) => path.join(this.folder, name));
    return this.figureSockets.map((socket) => `${path.basename(socket)}.metrics_listen="unix:${socket}"`);
  }

  #learn({ set = [], env = {}, database, programDatabase }) {
    for (const override of set) learn(override.match(/(?:secret|password)="?([^"]*)/)?.[1]);
    learn(env.LIVECHAT_SITE_SECRET, env.LIVECHAT_DEMO_PASSWORD);
    for (const dsn of [database, programDatabase]) {
      if (dsn?.startsWith('mysql:')) learn(decodeURIComponent(new URL(dsn).password));
    }
  }

  // What everybody on the machine sees of the programs while they run, and what they count.
  async #shown() {
    const places = { ps: commandLines(this.supervisor.pid) };
    for (const socket of this.figureSockets) places[`${socket}/metrics`] = await figures(socket);
    return places;
  }

  // What the programs, nginx, the database and the scripts have said.
  #logged() {
    for (const name of ['agent-token', 'database.password']) {
      const file = path.join(this.state, name);
      if (fs.existsSync(file)) learn(fs.readFileSync(file, 'utf8').trim());
    }
    // The one time that it is shown.
    const output = this.output.replaceAll(/^(its password, shown only now: ).*$/gm, '$1');
    return { 'what scripts/run said': output, ...logsBelow(path.join(this.state, 'log'), path.join(this.state, 'nginx')) };
  }

  // Fails if a secret stands anywhere in that; gives { place: text }.
  async keepsSecrets() {
    const places = { ...await this.#shown(), ...this.#logged() };
    assertNoSecrets(places);
    return places;
  }

  async #run(args, env) {
    this.output = '';
    this.supervisor = spawn('setpriv', ['--pdeathsig', 'TERM', path.join(root, 'scripts/run'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.ended = new Promise((resolve) => {
      this.supervisor.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.supervisor.stderr.on('data', (data) => (this.output += data));
    const lines = readline.createInterface({ input: this.supervisor.stdout });
    const ready = new Promise((resolve) => {
      lines.on('line', (line) => {
        this.output += line + '\n';
        const match = line.match(/^livechat ready: (http:\/\/127\.0\.0\.1:(\d+))$/);
        if (match) resolve(match);
      });
    });
    const first = await Promise.race([ready, this.ended]);
    if (!Array.isArray(first)) throw new Error(`the stack did not start:\n${this.output}`);
    this.url = first[1];
    this.port = Number(first[2]);
  }

  // Ends everything and removes the state folder. Fails when it did not end as it should, or told a secret.
  async stop({ keep = false } = {}) {
    const shown = await this.#shown();
    this.supervisor.kill('SIGTERM');
    const { code, signal } = await this.ended;
    await this.mysql?.stop();
    if (this.folder) fs.rmSync(this.folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`scripts/run ended with ${code ?? signal}:\n${this.output}`);
    assertNoSecrets({ ...shown, ...this.#logged() });
    if (keep) return;
    for (const folder of [this.state, `${this.state}-mysql`]) fs.rmSync(folder, { recursive: true, force: true });
  }

  // The process id of "mariadb" (the database, whichever it is), "fcgi", "wsd-a" … or "nginx"; undefined while it does not run.
  pid(name) {
    if (name === 'mariadb' && this.mysql) return this.mysql.pid;
    try {
      const pid = Number(fs.readFileSync(path.join(this.state, 'pid', `${name}.pid`), 'utf8'));
      return pid > 0 && alive(pid) ? pid : undefined;
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  // The process ids of its children.
  children(name) {
    const list = fs.readFileSync(`/proc/${this.pid(name)}/task/${this.pid(name)}/children`, 'utf8');
    return list.split(' ').filter(Boolean).map(Number);
  }

  // Resident memory of a program in KiB.
  memory(name) {
    return Number(fs.readFileSync(`/proc/${this.pid(name)}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)[1]);
  }

  signal(name, signal) {
    process.kill(this.pid(name), signal);
  }

  // Sends the signal and waits for the end; scripts/run starts the program again.
  async kill(name, signal = 'SIGKILL') {
    const pid = this.pid(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, signal);
    await waitFor(() => !alive(pid), `the end of ${name}`);
  }

  // The same, and waits until the new one is ready.
  async restart(name, signal = 'SIGKILL') {
    const before = this.#starts(name);
    await this.kill(name, signal);
    await waitFor(() => this.#starts(name) > before, `the new ${name}`);
  }

  // Like kill(), but the program stays away until bring().
  async take(name, signal = 'SIGTERM') {
    if (name === 'mariadb' && this.mysql) this.mysql.hold();
    else this.#command(`hold ${name}`);
    await this.kill(name, signal);
  }

  // Starts it again and waits until it is ready.
  async bring(name) {
    const before = this.#starts(name);
    if (name === 'mariadb' && this.mysql) await this.mysql.bring();
    else this.#command(`start ${name}`);
    await waitFor(() => this.#starts(name) > before, `the start of ${name}`, 60_000);
  }

  // How often the program has said that it is ready; nginx, which does not say so, counts as ready as
  // soon as it runs.
  #starts(name) {
    if (name === 'nginx') return this.pid(name) === undefined ? 0 : 1;
    const ready = name === 'mariadb' ? 'ready for connections' : /event=ready|"event":"ready"/;
    return this.log(name).split(ready).length - 1;
  }

  #command(line) {
    // Not blocking: without a reader this fails instead of waiting for one.
    const flags = fs.constants.O_WRONLY | fs.constants.O_NONBLOCK;
    const pipe = fs.openSync(path.join(this.state, 'control'), flags);
    fs.writeSync(pipe, line + '\n');
    fs.closeSync(pipe);
  }

  log(name) {
    if (name === 'mariadb' && this.mysql) return this.mysql.log;
    return fs.readFileSync(path.join(this.state, 'log', `${name}.log`), 'utf8');
  }

  // Where programs on this machine reach the database, and the sockets of the daemons.
  get sockets() {
    return fs.readlinkSync(path.join(this.state, 'run'));
  }

  // Runs SQL as the database's owner through the mariadb command line; gives rows of text.
  sql(text) {
    return runSql(this.admin, text);
  }

  // The option file of the mariadb client for the database's owner.
  get admin() {
    return this.mysql?.options ?? path.join(this.state, 'admin.cnf');
  }
}

export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}
