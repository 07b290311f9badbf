// The whole matrix of database servers (servers/).
import { test } from 'node:test';

import { cases, run } from './servers/lib/cases.mjs';

for (const one of await cases()) {
  test(`${one.name}: ${one.title}`, { timeout: 180_000 }, () => run(one));
}
