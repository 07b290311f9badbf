// The files of a server for the package to be installed on: a copy of a bare Debian with MariaDB and nginx, which
// scripts/lib/install_root.sh has made. How its commands and services run is another file's: machine.mjs (its own
// systemd) and server.mjs (by command lines).
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

export class ServerRoot {
  constructor(base, parent) {
    this.root = fs.mkdtempSync(path.join(parent, 'server-'));
    this.base = base;
  }

  async copy() {
    await run('cp', ['-a', '--reflink=auto', `${this.base}/.`, this.root]);
  }

  at(file) {
    return path.join(this.root, file);
  }

  write(file, text, mode) {
    fs.mkdirSync(path.dirname(this.at(file)), { recursive: true });
    fs.writeFileSync(this.at(file), text, { mode });
  }

  // A command line as root. Gives { code, out }.
  async sh(command) {
    const environment = 'DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8'
      + ' PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root';
    const [program, ...words] = this.entering();
    try {
      const { stdout, stderr } = await run(program, [...words, '/usr/bin/env', '-i', ...environment.split(' '),
        'bash', '-c', `cd /root; ${command}`], { maxBuffer: 64 << 20 });
      return { code: 0, out: stdout + stderr };
    } catch (error) {
      if (typeof error.code !== 'number') throw error;
      return { code: error.code, out: error.stdout + error.stderr };
    }
  }

  async must(command) {
    const { code, out } = await this.sh(command);
    if (code !== 0) throw new Error(`${command}: ${code}\n${out}`);
    return out;
  }

  remove() {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
