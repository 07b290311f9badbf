// The console over a network that breaks and a daemon that dies: nothing is missed, nothing twice.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { stack, suite } from './lib/suite.mjs';

let network;
let agent;
let clientId;

suite({ wsDaemons: 2 });

beforeEach(async () => {
  network = await Network.open(stack);
  clientId = await newSession(stack);
  await write('one');
  agent = await Agent.open(network.url);
  await agent.ready();
  await agent.openConversation(clientId);
  await agent.shows(['one']);
});
afterEach(async () => {
  await agent.leave();
  network.close();
});

const write = (message, sender = 'client') =>
  request(stack, 'POST', sessionPath('messages', clientId), { body: { message, sender } });
const stored = async () =>
  (await request(stack, 'GET', sessionPath('history', clientId))).body.messages.map(({ message }) => message);
const banner = () => agent.page.getByText('The connection is lost');

test('a network that is cut while the agent writes: it is said, sent once when it is back, and nothing was missed', async () => {
  await agent.composer.fill('written in the');
  const status = await agent.page.locator('.frame > [role=status]').first().elementHandle();
  network.cut();
  await banner().waitFor();
  assert.match(await status.textContent(), /^The connection is lost/, 'it is said where screen readers listen already');
  await agent.say('written in the dark');
  await agent.state('written in the dark', 'sending');
  await write('two');
  const other = await newSession(stack, 'meanwhile');
  network.restore();
  await banner().waitFor({ state: 'detached' });
  await agent.shows(['one', 'two', 'written in the dark']);
  await agent.state('written in the dark', 'Sent');
  await agent.row(other).waitFor();
  assert.deepEqual(await stored(), ['one', 'two', 'written in the dark']);
});

test('an acknowledgement that is lost does not make a message twice', async () => {
  network.swallow();
  await agent.say('once');
  await agent.state('once', 'sending');
  network.cut();
  await banner().waitFor();
  network.restore();
  await agent.state('once', 'Sent');
  assert.deepEqual(await stored(), ['one', 'once']);
});

test('a daemon that is killed', async () => {
  for (const name of ['wsd-a', 'wsd-b']) await stack.kill(name);
  await write('two');
  await agent.say('three');
  await agent.state('three', 'Sent');
  await waitFor(async () => (await stored()).length === 3, 'all of them');
  const texts = await stored();
  await agent.shows(texts);
  await write('four');
  await agent.shows([...texts, 'four']);
  await agent.row(clientId).getByText('four').waitFor();
});

test('a reload with a message on its way', async () => {
  network.cut();
  await banner().waitFor();
  await agent.say('before the reload');
  await agent.state('before the reload', 'sending');
  network.restore();
  await agent.page.reload();
  await agent.ready();
  await agent.shows(['one', 'before the reload']);
  await agent.state('before the reload', 'Sent');
  assert.deepEqual(await stored(), ['one', 'before the reload']);
});

test('a server that is away when the console starts is waited for', async () => {
  await stack.take('fcgi');
  await agent.page.reload();
  await agent.page.getByText('The server cannot be reached').waitFor();
  await stack.bring('fcgi');
  await agent.ready();
  await agent.shows(['one']);
});
