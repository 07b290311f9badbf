// Debian's python3-socketio, through nginx.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { holdConversation } from './lib/conversation.mjs';

const script = fileURLToPath(new URL('lib/python_client.py', import.meta.url));
let stack;

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(() => stack?.stop());

async function open(transports) {
  const child = spawn('/usr/bin/python3', [script, stack.url, ...transports], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const said = [];
  const asked = new Map();
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const [what, ...rest] = JSON.parse(line);
    if (what === 'ack') asked.get(rest[0])(rest[1]);
    else said.push({ what, rest });
  });
  const tell = (...words) => child.stdin.write(`${JSON.stringify(words)}\n`);
  const connects = () => said.filter(({ what }) => what === 'connect').length;
  await waitFor(() => connects() > 0 || child.exitCode !== null, 'the connection');
  return {
    recovers: false,
    connects,
    ask: (event, data) => new Promise((resolve) => {
      asked.set(asked.size, resolve);
      tell('ask', asked.size - 1, event, data);
    }),
    emit: (event, data) => tell('emit', event, data),
    heard: (event) => said.filter(({ what, rest }) => what === 'event' && rest[0] === event).map(({ rest }) => rest[1]),
    close: async () => {
      child.stdin.end();
      assert.deepEqual(await ended, [0, null]);
    },
  };
}

for (const [name, transports] of [
  ['default transports', []], ['polling only', ['polling']], ['websocket only', ['websocket']],
]) {
  test(`python3-socketio with ${name} holds the whole conversation`, async () => {
    await holdConversation(stack, () => open(transports));
  });
}
