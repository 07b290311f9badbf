import { ChatClient } from './chat_client.mjs';
import { request, sessionPath } from './http.mjs';
import { SqlSession } from './sql.mjs';

// Writes to all rooms at full speed until stop(), by all ways at once: sockets, REST and SQL. Knows what was
// acknowledged, with which seq.
export class Load {
  // rooms: clientIds of conversations that are there
  static async start(stack, rooms) {
    const load = new Load();
    Object.assign(load, { stack, rooms });
    load.acknowledged = new Map(rooms.map((room) => [room, new Map()])); // room -> messageId -> seq
    load.client = await ChatClient.connect(stack);
    load.sql = new SqlSession(stack.admin);
    const ways = { socket: [4, load.#bySocket], rest: [2, load.#byRest], sql: [1, load.#bySql] };
    load.running = [];
    for (const [name, [several, send]] of Object.entries(ways)) {
      for (let i = 0; i < several; i += 1) load.running.push(load.#run(`${name}${i}`, send));
    }
    return load;
  }

  async #run(name, send) {
    for (let i = 0; !this.stopped; i += 1) {
      const room = this.rooms[i % this.rooms.length];
      const messageId = `${name}-${i}`;
      const seq = await send.call(this, room, messageId);
      if (seq) this.acknowledged.get(room).set(messageId, seq);
    }
  }

  async #bySocket(clientId, messageId) {
    const ack = await this.client.ask('send-message', { clientId, messageId, sender: 'client', message: `load ${messageId}` }).catch(() => ({}));
    return ack.seq;
  }

  async #byRest(clientId, messageId) {
    const body = { messageId, sender: 'admin', message: `load ${messageId}` };
    const answer = await request(this.stack, 'POST', sessionPath('messages', clientId), { body }).catch(() => ({}));
    return answer.body?.seq;
  }

  // In a transaction of its own, whose COMMIT is the acknowledgement.
  async #bySql(clientId, messageId) {
    await this.sql.run('BEGIN');
    await this.sql.run(`CALL livechat_send_once('${clientId}', 'admin', 'load ${messageId}', '${messageId}')`);
    const [[seq]] = await this.sql.run(`SELECT m.seq FROM message m JOIN session s ON s.id = m.session_id
      WHERE s.client_id = '${clientId}' AND m.message_id = '${messageId}'`.replace(/\s+/g, ' '));
    await this.sql.run('COMMIT');
    return Number(seq);
  }

  get count() {
    return [...this.acknowledged.values()].reduce((sum, { size }) => sum + size, 0);
  }

  // What has been acknowledged until now: [room, messageId, seq].
  snapshot() {
    return [...this.acknowledged].flatMap(([room, found]) => [...found].map(([messageId, seq]) => [room, messageId, seq]));
  }

  async stop() {
    this.stopped = true;
    await Promise.all(this.running);
    await this.sql.end();
    this.client.close();
  }
}
