// A random part of the matrix of database servers (servers/), for about a minute. LIVECHAT_SEED=N repeats it;
// servers.slow.mjs tries all of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cases, run } from './servers/lib/cases.mjs';

const BUDGET_MS = 60_000;
const seed = Number(process.env.LIVECHAT_SEED ?? Math.floor(Math.random() * 2 ** 31));

// mulberry32
function* numbers(state) {
  for (;;) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function shuffled(list) {
  const random = numbers(seed);
  return list.map((one) => [random.next().value, one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}

test('a random part of the database servers', { timeout: 600_000 }, async (t) => {
  console.log(`LIVECHAT_SEED=${seed}`);
  const end = Date.now() + BUDGET_MS;
  let tried = 0;
  for (const one of shuffled((await cases()).filter(({ slow }) => !slow))) {
    if (Date.now() > end) break;
    await t.test(`${one.name}: ${one.title}`, { timeout: 180_000 }, () => run(one));
    tried += 1;
  }
  assert.ok(tried > 0);
});

test('every case says what was tried and what happens', async () => {
  for (const { name, title, result } of await cases()) {
    assert.ok(title && result, `${name} has a title and a result`);
    assert.ok(result.endsWith('.'), `the result of ${name} is a sentence`);
  }
});
