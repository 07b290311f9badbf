// The front proxies that need more time, or programs that few machines have (tests/wild/proxies).
import { after, before, test } from 'node:test';

import { Front, cases } from './lib/proxies.mjs';

let front;
before(async () => (front = await Front.open()), { timeout: 120_000 });
after(() => front?.close());

for (const one of (await cases()).filter(({ slow }) => slow)) {
  test(`${one.title}: ${one.result}`, () => front.holds(one));
}
