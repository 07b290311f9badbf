// What a file of browser tests has around it: a stack of its own and the browser, and where a person has to
// answer a visitor an agent with a stock client.
//
//   import { agent, stack, suiteWithAgent } from './lib/suite.mjs';
//   suiteWithAgent({ set: ['limits.message_bytes=4000'] });
import { after, before } from 'node:test';

import { literal } from '../../harness/sql.mjs';
import { Stack } from '../../harness/stack.mjs';
import { closeBrowser } from './chromium.mjs';
import { agentOf } from './people.mjs';

export let stack;
export let agent;

// options: of Stack.start, or a function that gives them when the tests begin. begin is called once the stack is
// there, end while it still is; patience: milliseconds for the beginning.
export function suite(options = {}, { begin, end, patience = 120_000 } = {}) {
  before(async () => {
    stack = await Stack.start(typeof options === 'function' ? await options() : options);
    await begin?.();
  }, { timeout: patience });

  after(async () => {
    try {
      await end?.();
    } finally {
      await closeBrowser();
      await stack?.stop();
    }
  });
}

export function suiteWithAgent(options) {
  suite(options, { begin: newAgent, end: () => agent?.close() });
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
