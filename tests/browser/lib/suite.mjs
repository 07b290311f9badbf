// What a file of tests of the widget has around it: a stack of its own, an agent on it with a stock client,
// and the browser.
//
//   import { agent, stack, suite } from './lib/suite.mjs';
//   suite({ set: ['limits.message_bytes=4000'] });
import { after, before } from 'node:test';

import { literal } from '../../harness/sql.mjs';
import { Stack } from '../../harness/stack.mjs';
import { closeBrowser } from './chromium.mjs';
import { agentOf } from './people.mjs';

export let stack;
export let agent;

// options: of Stack.start, or a function that gives them when the tests begin. Where tokens are asked for
// there is no agent.
export function suite(options = {}) {
  before(async () => {
    const given = typeof options === 'function' ? await options() : options;
    stack = await Stack.start(given);
    if (given.auth !== 'token') await newAgent();
  }, { timeout: 120_000 });

  after(async () => {
    agent?.close();
    await closeBrowser();
    await stack?.stop();
  });
}

// Another connection of the agent's, in place of one that has come to an end.
export async function newAgent() {
  agent?.close();
  agent = await agentOf(stack);
}

// What the database has of a conversation, in the order of seq.
export async function storedTexts(clientId) {
  const rows = await stack.sql(`SELECT body FROM message JOIN session ON session.id = session_id
                                WHERE client_id = ${literal(clientId)} ORDER BY seq`);
  return rows.map(([body]) => body);
}
