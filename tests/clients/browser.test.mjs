// socket.io-client in Debian's Chromium, through nginx.
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Browser } from './lib/chromium.mjs';
import { holdConversation, soon, transports } from './lib/conversation.mjs';

let stack;
let browser;

before(async () => {
  stack = await Stack.start();
  browser = await Browser.start();
}, { timeout: 120_000 });

after(async () => {
  await browser?.stop();
  await stack?.stop();
});

for (const [name, options] of Object.entries(transports)) {
  test(`Chromium with ${name} holds the whole conversation`, async () => {
    await holdConversation(stack, () => browser.visitor(stack.url, { ...soon, ...options }));
  });
}

test('Chromium with default transports ends up on WebSocket', async () => {
  const visitor = await browser.visitor(stack.url, {});
  await waitFor(async () => (await visitor.transport()) === 'websocket', 'the upgrade');
  await visitor.close();
});
