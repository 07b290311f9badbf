// The front proxies that are most often met (tests/wild/proxies); all of them with --slow.
import { after, before, test } from 'node:test';

import { Front, cases } from './lib/proxies.mjs';

let front;
before(async () => (front = await Front.open()), { timeout: 120_000 });
after(() => front?.close());

for (const one of (await cases()).filter(({ slow }) => !slow)) {
  test(`${one.title}: ${one.result}`, () => front.holds(one));
}
