// The widget on host pages with other people's libraries and habits: tests/wild/pages holds one file for each.
import { after, describe, test } from 'node:test';

import { suiteWithAgent } from '../browser/lib/suite.mjs';
import { cases, converse, startSite } from './lib/pages.mjs';

const all = await cases();
let site;

suiteWithAgent(async () => {
  site = await startSite(all);
  return { set: [`auth.allowed_origins=["${site.origin}"]`] };
});
after(() => site?.stop());

describe('a conversation on a page with', { concurrency: 3 }, () => {
  for (const one of all) test(one.title, { timeout: 120_000 }, () => converse(site, one));
});
