// The stock socket.io-client, with what it heard written down.
import { io } from 'socket.io-client';

import { waitFor } from './wait.mjs';

export class ChatClient {
  // options: of socket.io-client; url: another way to the daemon than the stack's nginx
  static async connect(stack, { url = stack.url, ...options } = {}) {
    const client = new ChatClient(url, options);
    await new Promise((resolve, reject) => {
      client.socket.once('connect', resolve);
      client.socket.once('connect_error', reject);
    });
    return client;
  }

  constructor(url, options = {}) {
    this.heard = []; // { event, args }
    this.disconnects = []; // reasons
    this.socket = io(url, { transports: ['websocket'], forceNew: true, ...options });
    this.socket.onAny((event, ...args) => this.heard.push({ event, args }));
    this.socket.on('disconnect', (reason) => this.disconnects.push(reason));
  }

  // Emits and gives the acknowledgement.
  ask(event, ...args) {
    return this.socket.timeout(20_000).emitWithAck(event, ...args);
  }

  emit(event, ...args) {
    this.socket.emit(event, ...args);
  }

  // The data of all events of that name so far.
  all(event) {
    return this.heard.filter((one) => one.event === event).map((one) => one.args[0]);
  }

  // Waits for the first event of that name whose data suits.
  hears(event, suits = () => true) {
    return waitFor(() => this.all(event).find(suits), `event ${event}`);
  }

  // Waits until so many events of that name have come and gives their data.
  async hearsAll(event, count) {
    await waitFor(() => this.all(event).length >= count, `${count} events ${event}`);
    return this.all(event);
  }

  close() {
    this.socket.close();
  }
}
