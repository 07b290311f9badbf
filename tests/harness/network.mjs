// The network between clients and a stack, which a test can break: a relay on 127.0.0.1.
//
//   const network = await Network.open(stack);                   // to its nginx
//   const network = await Network.open(stack, { daemon: 'a' });  // to a daemon's socket, past nginx
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';

export class Network {
  static async open(stack, { daemon } = {}) {
    const network = new Network();
    network.daemon = daemon; // may be changed: new connections go there
    network.pairs = new Set();
    network.swallowed = 0; // times that something a client said was lost
    network.broken = 0; // connections that ended behind a word
    network.endings = []; // when it ended a WebSocket (endWebSockets)
    network.server = net.createServer((near) => network.#join(near, stack)).listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    network.port = network.server.address().port;
    network.url = `http://127.0.0.1:${network.port}`;
    return network;
  }

  #join(near, stack) {
    if (this.down) {
      near.destroy();
      return;
    }
    const far = this.daemon
      ? net.connect(path.join(stack.sockets, `wsd-${this.daemon}.sock`))
      : net.connect(stack.port, '127.0.0.1');
    const pair = { near, far, asking: false };
    this.pairs.add(pair);
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => {});
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
      one.on('data', (data) => {
        pair.asking = one === near;
        if (this.#endsWebSocket(pair, one, data)) return;
        if (one === near && this.mute) this.swallowed += 1;
        else if (one === far && this.#ends(data)) this.#breakOff(pair, data);
        else if (one === near || !this.deaf) pass(data, one, other);
      });
    }
  }

  // "40{" is the answer to CONNECT: what the client says next is the first thing it uses the socket for.
  #endsWebSocket(pair, from, data) {
    if (!this.endingWebSockets) return false;
    if (from === pair.near && /^upgrade: websocket/im.test(data.subarray(0, 2_000).toString('latin1'))) pair.upgraded = true;
    else if (from === pair.far) pair.connected ||= pair.upgraded && data.includes('40{');
    else if (pair.connected) {
      this.endings.push(Date.now());
      pair.near.destroy();
      return true;
    }
    return false;
  }

  // WebSockets open, and end with the first thing that is said on them, as middleboxes end what they do not know.
  endWebSockets() {
    this.endingWebSockets = true;
  }

  #ends(data) {
    return this.lastWord !== undefined && data.includes(this.lastWord);
  }

  // The client gets everything up to the last word, and the end.
  #breakOff({ near, far }, data) {
    const end = data.indexOf(this.lastWord) + this.lastWord.length;
    this.lastWord = undefined;
    near.end(data.subarray(0, end), () => far.destroy());
    this.broken += 1;
  }

  // The next connection on which a client is sent this word ends right behind it, in the middle of whatever
  // it stands in.
  breakBehind(word) {
    this.lastWord = word;
  }

  // Whether a client waits for an answer.
  get asked() {
    return [...this.pairs].some(({ asking }) => asking);
  }

  // Connections end, without a goodbye in either direction, and new ones are refused.
  cut() {
    this.down = true;
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
  }

  restore() {
    this.down = false;
    this.deaf = false;
    this.mute = false;
  }

  // What clients say arrives, and no answer comes back.
  loseAnswers() {
    this.deaf = true;
  }

  // What clients say is lost; what was asked before is answered.
  loseQuestions() {
    this.mute = true;
  }

  // Connections stay, but nothing comes through any more.
  swallow() {
    this.deaf = true;
    this.mute = true;
  }

  close() {
    this.cut();
    this.server.close();
  }
}

// No faster than the other side takes it in.
function pass(data, from, to) {
  if (to.write(data)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
