// Kills, stops and restarts what it likes, in an order that the dice decide.
import { waitFor } from '../harness/wait.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// A program that was just started is left alone for so long: scripts/run ends a stack whose program
// keeps dying within two seconds.
const REST_MS = 3500;
const END_MS = 60_000;

export class Monkey {
  // readers: of those that have one, cut() is called now and then
  constructor(stack, dice, daemons, readers) {
    this.stack = stack;
    this.readers = readers.filter((reader) => reader.cut);
    this.dice = dice;
    this.daemons = daemons;
    this.deeds = new Map(); // what -> how often
    this.touched = new Map(); // program -> when
    this.acts = [
      [6, () => this.#end(dice.pick(daemons), dice.chance(0.7) ? 'SIGKILL' : 'SIGTERM')],
      [3, () => this.#worker()],
      [2, () => this.#end('fcgi', dice.chance(0.6) ? 'SIGKILL' : 'SIGTERM')],
      [1, () => this.#signal('fcgi', 'SIGHUP')],
      [2, () => this.#end('nginx', dice.chance(0.7) ? 'SIGKILL' : 'SIGTERM')],
      [2, () => this.#end('mariadb', dice.chance(0.7) ? 'SIGKILL' : 'SIGTERM')],
      [2, () => this.#freeze(dice.pick(daemons))],
      [2, () => this.#connections()],
      [8, () => this.#cut()],
    ];
  }

  async rampage(going) {
    const total = this.acts.reduce((sum, [weight]) => sum + weight, 0);
    while (going()) {
      await pause(200 + this.dice.below(1800));
      let ticket = this.dice.below(total);
      const [, act] = this.acts.find(([weight]) => (ticket -= weight) < 0);
      await act();
    }
  }

  // Until everything runs again.
  async peace() {
    for (const name of ['mariadb', 'fcgi', 'nginx', ...this.daemons]) {
      await waitFor(() => this.stack.pid(name), `${name} to run again`, END_MS);
    }
    await waitFor(() => this.stack.sql('SELECT 1;').catch(() => undefined), 'the database to answer', END_MS);
  }

  #note(deed, name) {
    this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
    if (name) this.touched.set(name, Date.now());
  }

  #rested(name) {
    return this.stack.pid(name) && Date.now() - (this.touched.get(name) ?? 0) > REST_MS;
  }

  async #end(name, signal) {
    if (!this.#rested(name)) return;
    this.#note(`${signal} ${name}`, name);
    await this.stack.kill(name, signal, END_MS);
    await waitFor(() => this.stack.pid(name), `${name} to run again`, END_MS);
    this.touched.set(name, Date.now());
  }

  async #worker() {
    if (!this.stack.pid('fcgi')) return;
    const workers = this.stack.children('fcgi');
    if (workers.length === 0) return;
    this.#note('SIGKILL worker');
    send(this.dice.pick(workers), 'SIGKILL');
  }

  async #signal(name, signal) {
    if (!this.#rested(name)) return;
    this.#note(`${signal} ${name}`, name);
    send(this.stack.pid(name), signal);
  }

  async #freeze(name) {
    const pid = this.stack.pid(name);
    if (!pid) return;
    this.#note(`SIGSTOP ${name}`);
    send(pid, 'SIGSTOP');
    await pause(200 + this.dice.below(2500));
    send(pid, 'SIGCONT');
  }

  async #cut() {
    this.#note('network cut');
    for (const reader of this.readers) if (this.dice.chance(0.5)) reader.cut();
  }

  // Of the programs, as a firewall or an administrator would.
  async #connections() {
    const list = await this.stack.sql("SELECT id FROM information_schema.processlist WHERE user = 'livechat';")
      .catch(() => []);
    if (list.length === 0) return;
    this.#note('KILL CONNECTION');
    for (const [id] of list) {
      if (this.dice.chance(0.5)) await this.stack.sql(`KILL CONNECTION ${id};`).catch(() => {});
    }
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
