// A reader as an application would write it: the stock client, which after a reconnect that was not
// recovered joins its rooms again with the seq it has reached. It notes whatever is missing, doubled
// or out of order, in the sense of the room's seq.
import { io } from 'socket.io-client';

import { waitFor } from '../../harness/wait.mjs';

const RETRY_MS = 50;
const TRACED = 400; // steps that are kept for who looks into a failure

export class Reader {
  // rooms: clientIds, or [clientId, after] pairs; without `after` reading begins at the room's end
  constructor(url, rooms, options = {}) {
    this.rooms = new Map(); // clientId -> { seq, messages }
    for (const room of rooms) {
      const [clientId, after] = Array.isArray(room) ? room : [room, undefined];
      this.rooms.set(clientId, { seq: after, messages: [] });
    }
    this.problems = [];
    this.trace = [];
    this.entered = new Set(); // rooms whose join was acknowledged
    this.recoveries = 0;
    this.connects = 0;
    this.disconnects = [];
    this.joined = 0;
    this.socket = io(url, {
      transports: ['websocket'], forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...options,
    });
    this.socket.on('new-message', (message, offset) => this.#take(message, offset));
    this.socket.on('connect', () => this.#connected());
    this.socket.on('disconnect', (reason) => {
      this.disconnects.push(reason);
      this.#note(`disconnect ${reason}`);
    });
  }

  // After a problem nothing more is noted.
  #note(step) {
    if (this.problems.length > 0) return;
    this.trace.push(`${new Date().toISOString()} ${step}`);
    if (this.trace.length > TRACED) this.trace.shift();
  }

  static async open(url, rooms, options) {
    const reader = new Reader(url, rooms, options);
    await reader.settled(1);
    return reader;
  }

  // Until it has joined all its rooms (or was recovered) for the `connects`th time.
  settled(connects) {
    return waitFor(() => this.joined >= connects, `connection ${connects} of a reader`, 60_000);
  }

  #connected() {
    this.connects += 1;
    this.#note(`connect ${this.connects} ${this.socket.recovered ? 'recovered' : 'new'} engine ${this.socket.io.engine.id}`);
    if (this.socket.recovered) {
      this.recoveries += 1;
      // What was recovered are the rooms that the server had let it in, as far as it knows.
      this.#enter([...this.rooms.keys()].filter((clientId) => !this.entered.has(clientId)), this.connects, true);
    } else {
      this.entered.clear();
      this.#enter([...this.rooms.keys()], this.connects, false);
    }
  }

  // Room after room: a room that cannot be joined now is tried again. leave: it may be in it already.
  #enter(left, connection, leave) {
    if (connection !== this.connects || !this.socket.connected) return;
    if (left.length === 0) {
      this.joined = connection;
      return;
    }
    const [clientId, ...others] = left;
    if (leave) {
      this.socket.emit('leave', clientId, () => this.#join(clientId, others, connection, leave));
    } else {
      this.#join(clientId, others, connection, leave);
    }
  }

  #join(clientId, others, connection, leave) {
    const room = this.rooms.get(clientId);
    const payload = room.seq === undefined ? { clientId } : { clientId, after: room.seq };
    this.#note(`join ${clientId} after ${room.seq}`);
    this.socket.emit('join', payload, (answer) => {
      this.#note(`joined ${clientId} ${JSON.stringify(answer)} in ${connection}`);
      if (connection !== this.connects) return;
      if (answer.status === 'ok') {
        room.seq ??= answer.lastSeq;
        this.entered.add(clientId);
        this.#enter(others, connection, leave);
      } else if (['busy', 'unavailable'].includes(answer.code)) {
        setTimeout(() => this.#enter([clientId, ...others], connection, leave), RETRY_MS);
      } else {
        this.problems.push(`join ${clientId}: ${JSON.stringify(answer)}`);
      }
    });
  }

  #take(message, offset) {
    const room = this.rooms.get(message.clientId);
    this.#note(`new-message ${message.clientId} ${message.seq} ${message.messageId} offset ${offset}`);
    if (!room) {
      this.problems.push(`a message of room ${message.clientId}, which was not joined`);
      return;
    }
    if (room.seq !== undefined && message.seq !== room.seq + 1) {
      this.problems.push(`${message.clientId}: seq ${message.seq} after ${room.seq} (connection ${this.connects})`);
    }
    room.seq = message.seq;
    room.messages.push(message);
  }

  texts(clientId) {
    return this.rooms.get(clientId).messages.map(({ message }) => message);
  }

  // Until the room has been read up to that seq.
  reaches(clientId, seq, timeout = 60_000) {
    return waitFor(() => this.rooms.get(clientId).seq >= seq || this.problems.length > 0,
      () => `seq ${seq} of ${clientId}, which is at ${this.rooms.get(clientId).seq}`, timeout);
  }

  close() {
    this.socket.close();
  }
}
