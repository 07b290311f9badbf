// What README.md shows works as it stands there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { ChatClient } from '../harness/chat_client.mjs';
import { request } from '../harness/http.mjs';
import { Stack, root } from '../harness/stack.mjs';

const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
let stack;

before(async () => {
  stack = await Stack.start({ auth: 'token' });
}, { timeout: 120_000 });

after(() => stack?.stop());

const agentToken = () => fs.readFileSync(path.join(stack.state, 'agent-token'), 'utf8').trim();

test('the commands of README.md run in order, and the browser hears of them', { timeout: 60_000 }, async () => {
  const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text);
  assert.ok(commands.length >= 5, `only ${commands.length} blocks of commands`);
  let listener;
  for (const command of commands) {
    const script = command
      .replaceAll('http://127.0.0.1:8080', stack.url)
      .replaceAll(/\.run\/(admin\.cnf|agent-token|visitor\.cookies)/g, (_, file) => `'${path.join(stack.state, file)}'`);
    await promisify(execFile)('bash', ['-ec', `curl() { command curl -sS --fail-with-body "$@"; }\n${script}`]);
    if (!listener) {
      listener = await ChatClient.connect(stack, { auth: { token: agentToken() } });
      await listener.ask('join', { clientId: 'user123', after: 0 });
    }
  }
  const heard = await listener.hearsAll('new-message', 2);
  assert.deepEqual(heard.map((data) => data.message), ['Hello', 'Your order is on its way']);
  assert.deepEqual(await listener.hears('messages-read'), { clientId: 'user123', reader: 'admin', upTo: 1 });
  await listener.hears('session-closed');
  listener.close();
});

test('the error that README.md shows has the members of a real one', async () => {
  const shown = JSON.parse(readme.match(/^```json\n([\s\S]*?)^```/m)[1]);
  const headers = { Authorization: `Bearer ${agentToken()}` };
  const real = await request(stack, 'PUT', '/api/chat/close/nobody', { headers });
  assert.deepEqual(Object.keys(real.body), Object.keys(shown));
  for (const member of ['type', 'title', 'status', 'code']) assert.equal(real.body[member], shown[member]);
});

test('the files that README.md links are there', () => {
  for (const [, target] of readme.matchAll(/\]\((?!http)([^)]+)\)/g)) {
    assert.ok(fs.existsSync(path.join(root, target)), target);
  }
});
