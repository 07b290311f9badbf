// The promise of the feed at full length: 60 seconds.
import { after, before, test } from 'node:test';

import { Stack } from '../harness/stack.mjs';
import { holdTransaction } from './lib/held.mjs';

let stack;
before(async () => {
  stack = await Stack.start();
});
after(() => stack?.stop());

test('a transaction that stays open for 60 s delays no one, and is delivered when it commits',
  () => holdTransaction(stack, 60_000));
