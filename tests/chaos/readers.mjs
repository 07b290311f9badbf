// Readers beside the stock client (tests/delivery/lib/reader.mjs): a plain WebSocket, and REST. All keep
// { rooms: clientId -> { seq, messages }, problems } and go on where they were when they come back.
import { WebSocket } from 'ws';

import { request, sessionPath } from '../harness/http.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Line {
  constructor(rooms) {
    this.rooms = new Map(rooms.map((clientId) => [clientId, { seq: 0, messages: [] }]));
    this.problems = [];
    this.connects = 0;
  }

  take(clientId, message) {
    const room = this.rooms.get(clientId);
    if (message.seq !== room.seq + 1) {
      this.problems.push(`${clientId}: seq ${message.seq} after ${room.seq} (connection ${this.connects})`);
    }
    room.seq = message.seq;
    room.messages.push(message);
  }
}

export class PlainReader extends Line {
  // headers: of the request, for a token
  constructor(stack, rooms, headers = {}) {
    super(rooms);
    this.headers = headers;
    this.url = `${stack.url.replace('http', 'ws')}/ws`;
    this.#connect();
  }

  #connect() {
    this.connects += 1;
    const socket = new WebSocket(this.url, 'livechat.v1.json', { headers: this.headers });
    this.socket = socket;
    const rooms = [...this.rooms.keys()];
    const join = (number) => {
      if (socket.readyState !== WebSocket.OPEN || number === rooms.length) return;
      const clientId = rooms[number];
      socket.send(JSON.stringify(['join', { clientId, after: this.rooms.get(clientId).seq }, number]));
    };
    socket.on('open', () => join(0));
    socket.on('message', (data) => {
      const [event, first, second] = JSON.parse(data);
      if (event === 'new-message') this.take(first.clientId, first);
      if (event !== 'ack') return;
      if (second.status === 'ok') join(first + 1);
      else setTimeout(() => join(first), 100);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!this.over) setTimeout(() => this.#connect(), 200);
    });
  }

  cut() {
    this.socket.terminate();
  }

  close() {
    this.over = true;
    this.socket.close();
  }
}

export class RestReader extends Line {
  constructor(stack, rooms, headers = {}) {
    super(rooms);
    this.headers = headers;
    this.#read(stack);
  }

  async #read(stack) {
    while (!this.over) {
      for (const [clientId, room] of this.rooms) {
        const answer = await request(stack, 'GET', sessionPath('history', clientId, `?after=${room.seq}&limit=200`), { headers: this.headers })
          .catch(() => ({ status: 0 }));
        if (answer.status === 200) {
          for (const message of answer.body.messages) this.take(clientId, message);
        } else if (![0, 502, 503, 504].includes(answer.status)) {
          this.problems.push(`history: ${answer.status} ${answer.text}`);
        }
      }
      await pause(50);
    }
  }

  close() {
    this.over = true;
  }
}
