// People who keep coming to a site in all ways: REST calls, polling handshakes, WebSockets. Notes how each was received.
import http from 'node:http';

import { waitFor } from '../../harness/wait.mjs';
import { bearer } from './site.mjs';

const handshake = '/socket.io/?EIO=4&transport=';

export class Crowd {
  #seen = { rest: new Map(), polling: new Map(), websocket: new Map() };
  #coming = true;
  #paused = false;
  #resting = 0;

  // token: of an agent, for what REST is asked.
  constructor(site, token) {
    const ways = {
      rest: async () => (await site.call('GET', '/api/chat/sessions?limit=1', bearer(token))).status,
      polling: async () => (await site.call('GET', `${handshake}polling`)).status,
      websocket: () => openWebSocket(site.port),
    };
    this.members = Object.entries(ways).flatMap(([way, come]) => [0, 1].map(() => this.#keepComing(way, come)));
  }

  async #keepComing(way, come) {
    while (this.#coming) {
      if (this.#paused) {
        this.#resting += 1;
        await waitFor(() => !this.#paused, 'the end of the pause', 60_000);
        this.#resting -= 1;
      }
      const answer = await come().catch((error) => error.code ?? error.message);
      this.#seen[way].set(answer, (this.#seen[way].get(answer) ?? 0) + 1);
    }
  }

  #count(way) {
    return [...this.#seen[way].values()].reduce((sum, count) => sum + count, 0);
  }

  // Until so many more have come in each way.
  async more(count) {
    const goals = Object.keys(this.#seen).map((way) => [way, this.#count(way) + count]);
    await waitFor(() => goals.every(([way, goal]) => this.#count(way) >= goal), 'people to come', 60_000);
  }

  pause() {
    this.#paused = true;
  }

  // Until no one is on the way.
  rests() {
    return waitFor(() => this.#resting === this.members.length, 'a pause');
  }

  go() {
    this.#paused = false;
  }

  async end() {
    this.#coming = false;
    this.#paused = false;
    await Promise.all(this.members);
  }

  // How they were received, each way: statuses, or codes of errors.
  answers() {
    return Object.fromEntries(Object.entries(this.#seen).map(([way, seen]) => [way, [...seen.keys()].sort()]).sort());
  }
}

// Opens a WebSocket and leaves; gives the status of the answer.
function openWebSocket(port) {
  return new Promise((resolve, reject) => {
    const call = http.get({ host: '127.0.0.1', port, path: `${handshake}websocket`, agent: false, headers: {
      Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13,
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' } });
    call.on('upgrade', (response, socket) => resolve(response.statusCode, socket.destroy()));
    call.on('response', (response) => resolve(response.statusCode, response.resume()));
    call.on('error', reject);
  });
}
