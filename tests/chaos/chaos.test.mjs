// A minute of chaos. scripts/chaos runs it for longer, and repeats a run by its seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chaos } from './main.mjs';

const seed = Number(process.env.LIVECHAT_SEED ?? Date.now() % 1_000_000);

test(`60 s of chaos (seed ${seed}): nothing acknowledged is lost, nothing comes twice, order is one`, async () => {
  const { problems, summary, state } = await chaos({ seconds: 60, seed }, (line) => console.log(line));
  assert.deepEqual(problems.slice(0, 20), [], `${summary}; logs and data: ${state}`);
});
