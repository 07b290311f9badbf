// Half a minute of chaos, with --slow longer. scripts/chaos runs it for as long as you like, and repeats a run by its seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chaos } from './main.mjs';
import { mutantNames, mutated } from './mutants.mjs';

const seed = Number(process.env.LIVECHAT_SEED ?? Date.now() % 1_000_000);

const lengths = process.env.LIVECHAT_SLOW ? { open: 60, token: 20 } : { open: 15, token: 10 };

for (const [auth, seconds] of Object.entries(lengths)) {
  test(`${seconds} s of chaos, auth ${auth} (seed ${seed}): nothing acknowledged is lost, nothing comes twice, order is one`, async () => {
    const { problems, summary, state } = await chaos({ seconds, seed, auth }, (line) => console.log(line));
    assert.deepEqual(problems.slice(0, 20), [], `${summary}; logs and data: ${state}`);
  });
}

test('every known mistake can still be put into the sources', () => {
  for (const name of mutantNames()) assert.doesNotThrow(() => mutated(name), name);
});
