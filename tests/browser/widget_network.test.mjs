// What happens to a conversation when the network, the daemon or parts of the way are gone.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Network } from '../harness/network.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Person } from './lib/people.mjs';
import { agent, newAgent, stack, storedTexts, suiteWithAgent } from './lib/suite.mjs';

let network;
let visitor;

suiteWithAgent({ set: ['wsd.ping_interval_ms=1000', 'wsd.ping_timeout_ms=1000', 'limits.message_bytes=4000'] });

beforeEach(async () => {
  network = await Network.open(stack);
});

afterEach(async () => {
  await visitor?.leave();
  network.close();
});

async function begin(prepare = () => {}) {
  visitor = await Person.arrive();
  await prepare(visitor.page);
  await visitor.goTo(network.url);
  await visitor.widget.open();
  return visitor;
}

// What was told of the connection since the last call.
async function connections({ page }) {
  return page.evaluate(() => window.seen.events.filter(([name]) => name === 'connection').map(([, state]) => state));
}

test('the network is cut while the visitor types: nothing is lost or doubled, and it says that it is offline', async () => {
  const { widget } = await begin();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  await widget.say('before');
  await widget.state('before', 'sent');
  await widget.field.pressSequentially('half a ');
  network.cut();
  await widget.field.pressSequentially('sentence');
  await widget.notice.getByText('No connection').waitFor();
  await widget.field.press('Enter');
  await widget.say('and another');
  await widget.state('half a sentence', 'waiting');
  await agent.say(clientId, 'from the agent meanwhile');
  await widget.field.pressSequentially('a draft');
  network.restore();
  await widget.shows(['before', 'from the agent meanwhile', 'half a sentence', 'and another']);
  await widget.state('and another', 'sent');
  await widget.notice.getByText('No connection').waitFor({ state: 'detached' });
  assert.equal(await widget.field.inputValue(), 'a draft');
  assert.deepEqual(await storedTexts(clientId), ['before', 'from the agent meanwhile', 'half a sentence', 'and another']);
});

test('a daemon that is killed is replaced without a word, and without a gap', async () => {
  const { widget } = await begin();
  const clientId = await widget.clientId();
  const expected = [];
  for (let round = 0; round < 3; round += 1) {
    for (const text of [`round ${round}, one`, `round ${round}, two`]) {
      await widget.say(text);
      expected.push(text);
    }
    await waitFor(() => stack.pid('wsd-a'), 'the daemon');
    await stack.kill('wsd-a', 'SIGKILL');
    await widget.say(`round ${round}, three`);
    expected.push(`round ${round}, three`);
    await widget.state(`round ${round}, three`, 'sent');
  }
  await widget.settled();
  await widget.shows(expected);
  assert.deepEqual(await storedTexts(clientId), expected);
  assert.ok(!(await connections(visitor)).includes('offline'), 'it was never offline');
  await agent.join(clientId);
});

test('a connection that dies without a word is noticed, as after a sleep', async () => {
  const { widget } = await begin();
  const clientId = await widget.clientId();
  network.swallow();
  await agent.join(clientId);
  await agent.say(clientId, 'nobody hears this at first');
  await waitFor(async () => (await widget.connection()) !== 'live', 'the lost connection');
  network.cut();
  network.restore();
  await widget.shows(['nobody hears this at first']);
});

test('a message whose answer was lost is stored once', async () => {
  const { widget } = await begin();
  const clientId = await widget.clientId();
  network.loseAnswers();
  await widget.say('only once');
  await waitFor(async () => (await storedTexts(clientId)).length === 1, 'the message');
  await widget.state('only once', 'sending');
  network.cut();
  network.restore();
  await widget.state('only once', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['only once']);
  await widget.shows(['only once']);
});

test('what was not sent before a reload is sent after it', async () => {
  const { widget, page } = await begin();
  const clientId = await widget.clientId();
  network.loseAnswers();
  await widget.say('sent, but nobody told me');
  await waitFor(async () => (await storedTexts(clientId)).length === 1, 'the message');
  network.cut();
  await widget.say('not sent');
  network.restore();
  await page.reload();
  await widget.shows(['sent, but nobody told me', 'not sent']);
  await widget.state('not sent', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['sent, but nobody told me', 'not sent']);
});

// Every WebSocket fails, as behind a proxy that does not know them.
const withoutWebSocket = (page) => page.routeWebSocket(/socket\.io/, (socket) => socket.close());

test('where WebSocket is blocked it talks by long-polling', async () => {
  const { widget } = await begin(withoutWebSocket);
  const clientId = await widget.clientId();
  await widget.say('by polling');
  await widget.state('by polling', 'sent');
  await agent.join(clientId);
  await agent.say(clientId, 'heard');
  await widget.shows(['by polling', 'heard']);
  await widget.field.pressSequentially('abc');
  await agent.hears('typing', (data) => data.clientId === clientId && data.isTyping);
  await stack.kill('wsd-a', 'SIGKILL');
  await widget.say('still');
  await widget.state('still', 'sent');
  await widget.settled();
});

test('WebSockets that die as soon as they are used are opened less and less often, and then not at all', async () => {
  network.endWebSockets();
  const { widget } = await begin();
  await widget.say('on its way');
  await widget.state('on its way', 'sent');
  await waitFor(() => network.endings.length === 3, 'three endings');
  await widget.settled();
  assert.ok(network.endings[2] - network.endings[0] > 1_000, `there was a pause: ${network.endings}`);
  await widget.say('by polling');
  await widget.state('by polling', 'sent');
  assert.equal(network.endings.length, 3);
});

// What a middlebox, or an older server, takes for an attack.
test('a message that breaks every socket is sent by REST, and keeps nothing else waiting', async () => {
  const { widget, page } = await begin(async (page) => {
    let opened = 0;
    await page.exposeFunction('countOpened', () => (opened += 1));
    await page.routeWebSocket(/socket\.io/, (socket) => {
      opened += 1;
      const server = socket.connectToServer();
      socket.onMessage((message) => (String(message).includes('poison') ? server.close().then(() => socket.close()) : server.send(message)));
    });
  });
  const clientId = await widget.clientId();
  const before = await page.evaluate(() => window.countOpened());
  await widget.say('poison');
  await widget.say('and more');
  await widget.state('and more', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['poison', 'and more']);
  assert.ok((await page.evaluate(() => window.countOpened())) - before <= 3, 'one connection was lost');
});

test('a WebSocket that never opens does not keep the visitor waiting', async () => {
  const { widget } = await begin((page) => page.routeWebSocket(/socket\.io/, () => {}));
  await widget.say('by polling');
  await widget.state('by polling', 'sent');
});

test('where long-polling is blocked as well it talks by REST', async () => {
  visitor = await Person.arrive();
  const { widget, page } = visitor;
  await withoutWebSocket(page);
  await page.route('**/socket.io/**', (route) => route.abort());
  await visitor.goTo(network.url);
  await widget.launcher.click();
  await waitFor(async () => (await widget.connection()) === 'rest', 'REST');
  const clientId = await widget.clientId();
  await widget.say('by REST');
  await widget.state('by REST', 'sent');
  await agent.join(clientId);
  await agent.say(clientId, 'heard');
  await agent.read(clientId);
  await widget.shows(['by REST', 'heard']);
  await widget.state('by REST', 'read');
  await agent.hears('messages-read', (data) => data.clientId === clientId && data.reader === 'client');
  assert.equal(await widget.notice.innerText(), '', 'it works, so it does not say anything');
});

test('while the daemon is away REST takes over, and the live connection comes back', async () => {
  const { widget } = await begin();
  await stack.take('wsd-a');
  await waitFor(async () => (await widget.connection()) === 'rest', 'REST');
  await widget.say('without the daemon');
  await widget.state('without the daemon', 'sent');
  await stack.bring('wsd-a');
  await widget.settled();
  await newAgent();
});

test('a server that is away when the widget is opened is waited for', async () => {
  visitor = await Person.arrive();
  const { widget, page } = visitor;
  await visitor.goTo(network.url);
  await page.route('**/api/**', (route) => route.abort());
  await widget.launcher.click();
  await widget.notice.getByText('No connection').waitFor();
  await widget.say('written already');
  await widget.state('written already', 'waiting');
  await page.unroute('**/api/**');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await widget.state('written already', 'sent');
});

test('what failed while the database was away is sent by a click, once', async () => {
  const { widget } = await begin();
  const clientId = await widget.clientId();
  await stack.take('mariadb');
  await widget.say('at a bad time');
  await widget.panel.getByRole('alert').getByText('Not sent').waitFor({ timeout: 60_000 });
  await widget.state('at a bad time', 'failed');
  await stack.bring('mariadb');
  await widget.settled();
  await widget.panel.getByRole('button', { name: 'Try again' }).click();
  await widget.state('at a bad time', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['at a bad time']);
  await newAgent();
});

test('a message that the server refuses says why, and can be sent again or discarded', async () => {
  const { widget } = await begin();
  await widget.say('x'.repeat(5000));
  await widget.panel.getByRole('alert').getByText('This message is too long').waitFor();
  await widget.say('a short one');
  await widget.state('a short one', 'sent');
  await widget.panel.getByRole('button', { name: 'Try again' }).click();
  await widget.panel.getByRole('alert').getByText('This message is too long').waitFor();
  await widget.panel.getByRole('button', { name: 'Discard' }).click();
  await widget.shows(['a short one']);
});
