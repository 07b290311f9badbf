// A server with a systemd of its own, in namespaces of its own (boot.sh). It shares the network of the test, which
// scripts/test has made a namespace with nothing but loopback.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { assertNoSecrets } from '../../harness/secrets.mjs';
import { waitFor } from '../../harness/wait.mjs';
import { ServerRoot } from './root.mjs';

const boot = path.join(path.dirname(fileURLToPath(import.meta.url)), 'boot.sh');

export class Machine extends ServerRoot {
  // base: a folder that scripts/lib/install_root.sh has made.
  static async make(base, parent) {
    const machine = new Machine(base, parent);
    await machine.copy();
    // Services start when they are installed, as on any server.
    fs.rmSync(machine.at('usr/sbin/policy-rc.d'), { force: true });
    machine.write('etc/hostname', 'livechat-test\n');
    fs.mkdirSync(machine.at('var/log/journal'), { recursive: true });
    await machine.boot();
    return machine;
  }

  // Until everything that starts with the system has started.
  async boot() {
    this.output = '';
    this.child = spawn('setpriv', ['--pdeathsig', 'TERM', boot, this.root], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (data) => (this.output += data));
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.init = await waitFor(() => /^init (\d+)$/m.exec(this.output)?.[1], () => `a first process: ${this.output}`);
    await waitFor(async () => ['running', 'degraded'].includes((await this.state())), () => `the system: ${this.output}`, 90_000);
    const { out } = await this.sh('systemctl --failed --no-legend --plain');
    if (out.trim() !== '') throw new Error(`units have failed at boot: ${out}`);
  }

  async state() {
    try {
      return (await this.sh('systemctl is-system-running')).out.trim();
    } catch {
      return 'not there yet';
    }
  }

  // Inside all its namespaces, with the rights that its own processes have.
  entering() {
    return ['nsenter', `--target=${this.init}`, '--mount', '--uts', '--ipc', '--pid', '--cgroup', '--root', '--wd',
      'setpriv', '--bounding-set=-sys_module,-sys_time,-sys_rawio'];
  }

  // Where a file of the running system is seen from outside, with what is mounted there.
  running(file) {
    return `/proc/${this.init}/root/${file}`;
  }

  async shutDown(how = 'poweroff') {
    await this.sh(`systemctl ${how}`);
    await this.ended;
  }

  // As the person in front of it does it.
  async reboot() {
    await this.shutDown('reboot');
    await this.boot();
  }

  // A property of a unit, as systemd sees it.
  async property(unit, name) {
    return (await this.must(`systemctl show --value -p ${name} ${unit}`)).trim();
  }

  // The lines that a unit has written to the journal since the mark, or since the boot.
  async journal(unit, since) {
    const out = await this.must(`journalctl --sync; journalctl -u '${unit}' -o json --no-pager ${since ? `--after-cursor='${since}'` : ''}`);
    return out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  // The same as a text.
  async said(unit, since) {
    return (await this.journal(unit, since)).map((entry) => entry.MESSAGE).join('\n');
  }

  // A mark in the journal, for what comes after it.
  async mark() {
    return /^-- cursor: (.*)$/m.exec(await this.must('journalctl --sync; journalctl -n 0 --show-cursor'))[1];
  }

  async isActive(unit) {
    return (await this.sh(`systemctl is-active ${unit}`)).out.trim() === 'active';
  }

  async pidOf(unit) {
    return Number(await this.property(unit, 'MainPID'));
  }

  // A file while something is tried with it.
  async withFile(file, text, then) {
    this.write(file, text);
    try {
      return await then();
    } finally {
      fs.rmSync(this.at(file));
    }
  }

  // Lines that an administrator adds to a unit, while something is tried with them.
  async withDropIn(unit, text, then) {
    this.write(`etc/systemd/system/${unit}.d/test.conf`, text);
    try {
      await this.must('systemctl daemon-reload');
      await then();
    } finally {
      fs.rmSync(this.at(`etc/systemd/system/${unit}.d`), { recursive: true });
      await this.must('systemctl daemon-reload');
    }
  }

  // No log, and no command line, of its whole life shows a secret.
  async #search() {
    assertNoSecrets({
      journal: await this.must('journalctl -o cat --no-pager'),
      nginx: await this.must('cat /var/log/nginx/*.log'),
      ps: await this.must('ps -eo args'),
    });
  }

  async end() {
    try {
      if (this.init) await this.#search();
    } finally {
      if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
        this.child.kill('SIGTERM');
        await this.ended;
      }
      this.remove();
    }
  }
}
