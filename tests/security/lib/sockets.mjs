// The three ways to a socket, as one kind of client: connect(stack, who) gives
// { ask(event, data) -> acknowledgement, heard(event) -> [data], closed, close() }, or throws a Refused.
import { once } from 'node:events';

import { io } from 'socket.io-client';
import WebSocket from 'ws';

import { waitFor } from '../../harness/wait.mjs';

export class Refused extends Error {
  constructor(message, data) {
    super(message);
    this.data = data;
    this.code = data?.code;
  }
}

class SocketIo {
  static async connect(stack, who, options) {
    const client = new SocketIo();
    client.all = [];
    const auth = who === undefined ? {} : { auth: who.auth ?? { token: who.token } };
    client.socket = io(stack.url, { forceNew: true, reconnection: false, ...auth, ...options });
    client.socket.onAny((event, data) => client.all.push({ event, data }));
    client.socket.on('disconnect', (reason) => (client.closed = reason));
    await new Promise((resolve, reject) => {
      client.socket.once('connect', resolve);
      client.socket.once('disconnect', (reason) => reject(new Refused(reason))); // before it was let in
      client.socket.once('connect_error', (error) => {
        client.socket.close();
        reject(new Refused(error.message, error.data));
      });
    });
    return client;
  }

  ask(event, data) {
    const args = data === undefined ? [event] : [event, data];
    return this.socket.timeout(20_000).emitWithAck(...args);
  }
  heard(event) { return this.all.filter((one) => one.event === event).map(({ data }) => data); }
  close() { this.socket.close(); }
}

export class Plain {
  // first: the first frame, instead of credentials in the header
  static async connect(stack, who, { headers, first } = {}) {
    const client = new Plain();
    client.all = [];
    client.asked = new Map();
    const bearer = who?.token && !first ? { authorization: `Bearer ${who.token}` } : {};
    client.ws = new WebSocket(`${stack.url.replace('http', 'ws')}/ws`, 'livechat.v1.json', { headers: { ...bearer, ...headers } });
    client.ws.on('error', () => {});
    client.ws.on('message', (text) => client.#take(JSON.parse(text)));
    client.ws.on('close', (code, reason) => (client.closed = `${code} ${reason}`));
    const [status] = await Promise.race([
      once(client.ws, 'open').then(() => [101]),
      once(client.ws, 'unexpected-response').then(([, response]) => [response.statusCode]),
    ]);
    if (status !== 101) throw new Refused(`status ${status}`);
    // It says who it is, or something that needs it; the answer tells whether it is let in.
    const told = client.ask(...(first ?? ['leave', 'nowhere']));
    await Promise.race([told, waitFor(() => client.closed, 'the answer')]);
    const [refused] = client.heard('connect_error');
    if (refused) throw new Refused(refused.message, refused.data);
    if (client.closed) throw new Refused(client.closed);
    return client;
  }

  #take([name, first, second]) {
    if (name === 'ack') this.asked.get(first)?.(second);
    else this.all.push({ event: name, data: first });
  }

  ask(event, data = null) {
    return new Promise((resolve) => {
      this.asked.set(this.asked.size, resolve);
      this.ws.send(JSON.stringify([event, data, this.asked.size - 1]));
    });
  }
  heard(event) { return this.all.filter((one) => one.event === event).map(({ data }) => data); }
  close() { this.ws.close(); }
}

export const transports = {
  websocket: (stack, who, options) => SocketIo.connect(stack, who, { transports: ['websocket'], ...options }),
  polling: (stack, who, options) => SocketIo.connect(stack, who, { transports: ['polling'], ...options }),
  '/ws': (stack, who, options) => Plain.connect(stack, who, options),
};
