// How soon a message sent by REST reaches a socket of its room: a daemon that the worker rings, against one
// that only polls the database.
import { createRequire } from 'node:module';

import { quiet } from '../lib/machine.mjs';
import { sleep } from '../lib/process.mjs';

// The references' copy; npm installs it there.
const WebSocket = createRequire(new URL('../refs/package.json', import.meta.url))('ws');

export const name = 'doorbell';

const kRoom = 'doorbell';

// A socket in the room, at a daemon's TCP port or unix socket.
async function listener(target) {
  const socket = new WebSocket(target.startsWith('unix:') ? `ws+unix://${target.slice(5)}:/ws` : `ws://${target}/ws`,
    'livechat.v1.json');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map(); // text of a message -> callback
  const joined = new Promise((resolve) => {
    socket.on('message', (frame) => {
      const [event, data] = JSON.parse(frame);
      if (event === 'ack') resolve();
      if (event === 'new-message') waiting.get(data.message)?.(performance.now());
    });
  });
  socket.send(JSON.stringify(['join', kRoom, 1]));
  await joined;
  return { arrives: (text) => new Promise((resolve) => waiting.set(text, resolve)), close: () => socket.close() };
}

// Milliseconds from the request to the arrival at the socket, one after another and sorted. They start at
// any time between two polls of the feed.
async function latencies(url, target, count) {
  const { arrives, close } = await listener(target);
  const times = [];
  // The first one finds an idle feed and is not counted: what matters is a conversation.
  for (let i = -1; i < count; ++i) {
    await sleep(20 + Math.random() * 60);
    const text = `${i} ${Math.random()}`;
    const arrived = arrives(text);
    const start = performance.now();
    const response = await fetch(`${url}/api/chat/messages/${kRoom}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: text, sender: 'client' }),
    });
    if (response.status !== 201) throw new Error(`message: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
    const took = (await arrived) - start;
    if (i >= 0) times.push(took);
  }
  close();
  return times.sort((a, b) => a - b);
}

export async function measure(servers, { quick, say, patience }) {
  await servers.initialize([kRoom]);
  const count = quick ? 20 : 200;
  say('REST to socket: with the doorbell');
  await quiet(patience);
  const rung = await latencies(servers.stack.url, servers.direct.target, count);
  say('REST to socket: without');
  await quiet(patience);
  const polling = await servers.fresh('livechat', ({ target }) => latencies(servers.stack.url, target, count));
  const at = (times, share) => times[Math.ceil(times.length * share) - 1];
  const rows = [0.5, 0.99].map((share) => ({
    what: `REST to socket, doorbell, p${share * 100}`, value: at(rung, share), unit: 'ms', against: 'without it', other: at(polling, share),
    ratio: at(rung, share) / at(polling, share),
  }));
  rows.push({
    what: 'REST to socket without the doorbell, p99', value: at(polling, 0.99), unit: 'ms', target: '≤ 50 ms behind',
    reached: at(polling, 0.99) - at(rung, 0.5) <= 50,
  });
  return { rows, reports: { rung, polling } };
}
