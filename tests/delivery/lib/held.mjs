// A transaction that stays open for so long, while thousands of others commit.
import assert from 'node:assert/strict';

import { newSession } from '../../harness/http.mjs';
import { Reader } from './reader.mjs';
import { openSession, sendCall, sendMany } from './rooms.mjs';

export async function holdTransaction(stack, heldMs) {
  const slow = await newSession(stack);
  const fast = await newSession(stack);
  const reader = await Reader.open(stack.url, [slow, fast]);
  const holder = openSession(stack);
  try {
    await holder.run('START TRANSACTION');
    await holder.run(sendCall(slow, 'held'));
    const begun = Date.now();
    let sent = 0;
    while (Date.now() - begun < heldMs || sent < 3000) {
      await sendMany(stack, fast, 500, (i) => `fast ${sent + i}`);
      sent += 500;
      await reader.reaches(fast, sent);
      assert.deepEqual(reader.texts(slow), []);
    }
    await holder.run('COMMIT');
    await reader.reaches(slow, 1);
    assert.deepEqual(reader.texts(slow), ['held']);
    assert.equal(reader.texts(fast).length, sent);
    assert.deepEqual(reader.problems, []);
  } finally {
    holder.kill();
    reader.close();
  }
}
