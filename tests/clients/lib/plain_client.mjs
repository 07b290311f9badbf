// A program on the plain WebSocket endpoint, /ws (docs/protocol.md), that connects again when it is cut off.
import { once } from 'node:events';

import WebSocket from 'ws';

export class PlainClient {
  recovers = false;
  #asked = new Map();
  #heard = [];
  #connects = 0;
  #number = 0;
  #closed = false;

  static async open(stack, options = {}) {
    const client = new PlainClient();
    client.url = `${(options.url ?? stack.url).replace('http', 'ws')}/ws`;
    client.options = options;
    client.#connect();
    await once(client.ws, 'open');
    return client;
  }

  #connect() {
    const ws = new WebSocket(this.url, 'livechat.v1.json', { ca: this.options.ca });
    this.ws = ws;
    ws.on('open', () => (this.#connects += 1));
    ws.on('error', () => {});
    ws.on('message', (text) => this.#take(JSON.parse(text)));
    ws.on('close', () => {
      if (!this.#closed) setTimeout(() => this.#closed || this.#connect(), 100);
    });
  }

  #take([name, first, second]) {
    if (name !== 'ack') this.#heard.push({ event: name, data: first });
    else this.#asked.get(first)(second);
  }

  ask(event, data) {
    const number = ++this.#number;
    this.ws.send(JSON.stringify([event, data, number]));
    return new Promise((resolve) => this.#asked.set(number, resolve));
  }
  emit(event, data) { this.ws.send(JSON.stringify([event, data])); }
  heard(event) { return this.#heard.filter((one) => one.event === event).map(({ data }) => data); }
  connects() { return this.#connects; }
  close() {
    this.#closed = true;
    this.ws.close();
  }
}
