// The network between browsers and a stack's nginx, which a test can break: a relay on 127.0.0.1.
import { once } from 'node:events';
import net from 'node:net';

export class Network {
  static async open(stack) {
    const network = new Network();
    network.pairs = new Set();
    network.server = net.createServer((near) => network.#join(near, stack.port)).listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    network.port = network.server.address().port;
    network.url = `http://127.0.0.1:${network.port}`;
    return network;
  }

  #join(near, port) {
    if (this.down) {
      near.destroy();
      return;
    }
    const far = net.connect(port, '127.0.0.1');
    const pair = [near, far];
    this.pairs.add(pair);
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => {});
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
      one.on('data', (data) => {
        if (!this.silent && !(this.deaf && one === far)) other.write(data);
      });
    }
  }

  // Connections end, and new ones are refused.
  cut() {
    this.down = true;
    for (const pair of this.pairs) for (const one of pair) one.destroy();
  }

  restore() {
    this.down = false;
    this.silent = false;
    this.deaf = false;
  }

  // What the browser says arrives, and no answer comes back.
  loseAnswers() {
    this.deaf = true;
  }

  // Connections stay, but nothing comes through any more.
  swallow() {
    this.silent = true;
  }

  close() {
    this.cut();
    this.server.close();
  }
}
