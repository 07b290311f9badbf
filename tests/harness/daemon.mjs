// A daemon beside those of a stack, which listens on TCP.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';

import { build } from './stack.mjs';

export class ExtraDaemon {
  // args: of livechat-wsd, beyond the stack's configuration. Resolves when clients may come.
  static async start(stack, ...args) {
    const daemon = new ExtraDaemon();
    daemon.program = spawn('setpriv', ['--pdeathsig', 'TERM', path.join(build, 'bin/livechat-wsd'), '--config',
      path.join(stack.state, 'livechat.toml'), '--listen', '127.0.0.1:0', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    daemon.endpoint = await new Promise((resolve, reject) => {
      daemon.program.once('exit', (code) => reject(new Error(`livechat-wsd ended with ${code}`)));
      readline.createInterface({ input: daemon.program.stderr }).on('line', (line) => {
        const found = line.match(/event=ready .*listen=(\S+)/);
        if (found) resolve(found[1]);
      });
    });
    return daemon;
  }

  get url() {
    return `http://${this.endpoint}`;
  }

  async stop() {
    if (this.program.exitCode !== null) return;
    this.program.kill('SIGTERM');
    await once(this.program, 'exit');
  }
}
