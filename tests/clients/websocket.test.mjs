// A plain WebSocket client on /ws, through nginx.
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { holdConversation } from './lib/conversation.mjs';
import { PlainClient } from './lib/plain_client.mjs';

let stack;

before(async () => {
  stack = await Stack.start();
}, { timeout: 120_000 });

after(() => stack?.stop());

test('a plain WebSocket client holds the whole conversation', async () => {
  await holdConversation(stack, () => PlainClient.open(stack));
});
