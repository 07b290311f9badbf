// A door on 127.0.0.1 to one daemon's unix socket, past nginx: a test chooses the daemon, cuts the
// network, or stops taking in what the daemon sends.
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';

export class Gate {
  static async open(stack, daemon = 'a') {
    const gate = new Gate();
    gate.stack = stack;
    gate.daemon = daemon; // may be changed: new connections go there
    gate.pairs = new Set();
    gate.server = net.createServer((near) => gate.#join(near)).listen(0, '127.0.0.1');
    await once(gate.server, 'listening');
    gate.port = gate.server.address().port;
    gate.url = `http://127.0.0.1:${gate.port}`;
    return gate;
  }

  #join(near) {
    if (this.shut) {
      near.destroy();
      return;
    }
    const far = net.connect(path.join(this.stack.sockets, `wsd-${this.daemon}.sock`));
    const pair = { near, far };
    this.pairs.add(pair);
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => {});
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
      one.pipe(other);
    }
    near.on('data', () => { pair.asking = true; });
    far.on('data', () => { pair.asking = false; });
  }

  // Whether a client waits for an answer.
  get asked() {
    return [...this.pairs].some(({ asking }) => asking);
  }

  // Breaks all connections, without a goodbye in either direction.
  cut() {
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
  }

  // While shut, new connections are refused as well.
  set shutDown(shut) {
    this.shut = shut;
    if (shut) this.cut();
  }

  close() {
    this.cut();
    this.server.close();
  }
}
