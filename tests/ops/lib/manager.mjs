// What systemd is to a program: a socket that it notifies, sockets that it is handed, an environment.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { waitFor } from '../../harness/wait.mjs';

// Node speaks no unix datagrams, so socat's little brother listens: a line of Python for each message.
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(repr(s.recv(65536).decode()), flush=True)
`;

export class NotifySocket {
  static async open(folder) {
    const socket = new NotifySocket();
    socket.path = path.join(folder, `notify-${process.hrtime.bigint()}`);
    socket.said = '';
    socket.listener = spawn('setpriv', ['--pdeathsig', 'TERM', 'python3', '-c', LISTENER, socket.path]);
    socket.listener.stdout.setEncoding('utf8').on('data', (data) => (socket.said += data));
    await waitFor(() => socket.said.startsWith('listening'), 'the notify socket');
    return socket;
  }

  hears(pattern, count = 1) {
    return waitFor(() => (this.said.match(new RegExp(pattern, 'g')) ?? []).length >= count,
      () => `${pattern} ${count} times in ${this.said}`);
  }

  async close() {
    this.listener.kill();
    if (this.listener.exitCode === null && this.listener.signalCode === null) await once(this.listener, 'exit');
    fs.rmSync(this.path, { force: true });
  }
}

// The text of systemd-analyze, whatever its status.
export async function analyze(...args) {
  try {
    const { stdout, stderr } = await promisify(execFile)('systemd-analyze', args);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    return { code: error.code, text: `${error.stdout}${error.stderr}` };
  }
}
