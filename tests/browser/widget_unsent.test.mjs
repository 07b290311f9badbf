// What a visitor has written and the server has not: kept over closed tabs, sent once, whichever tab does it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Network } from '../harness/network.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Person } from './lib/people.mjs';
import { stack, storedTexts, suite } from './lib/suite.mjs';

let network;
let visitor;

suite({ set: ['limits.message_bytes=4000'] });

beforeEach(async () => {
  network = await Network.open(stack);
  visitor = await Person.arrive();
});

afterEach(async () => {
  await visitor.leave();
  network.close();
});

const kept = ({ page }) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('outbox')).length);

// How many messages the pages of the visitor's browser send by WebSocket from now on.
function countSent(...people) {
  const counted = { sent: 0 };
  for (const { page } of people) {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (String(payload).includes('"send-message"')) counted.sent += 1;
      });
    });
  }
  return counted;
}

// The browser stays.
async function closeTab({ page }) {
  await page.context().newPage();
  await page.close();
}

test('what is unsent when the tab is closed is sent by the next page, without being opened', async () => {
  await visitor.goTo(network.url);
  await visitor.widget.open();
  const clientId = await visitor.widget.clientId();
  await visitor.widget.say('before');
  await visitor.widget.state('before', 'sent');
  network.cut();
  await visitor.widget.say('one');
  await visitor.widget.say('two');
  await visitor.widget.state('two', 'waiting');
  await closeTab(visitor);
  network.restore();
  const later = await visitor.anotherWindow(network.url);
  await waitFor(async () => (await storedTexts(clientId)).length === 3, 'the messages');
  assert.deepEqual(await storedTexts(clientId), ['before', 'one', 'two']);
  assert.equal(await later.widget.panel.count(), 0);
  await later.widget.launcher.click();
  await later.widget.shows(['before', 'one', 'two']);
  await waitFor(async () => (await kept(later)) === 0, 'the outbox to be empty');
});

test('the first words of a visitor whom the server does not know yet are not lost either', async () => {
  await visitor.goTo(network.url);
  await visitor.page.route('**/api/**', (route) => route.abort());
  await visitor.widget.launcher.click();
  await visitor.widget.notice.getByText('No connection').waitFor();
  await visitor.widget.say('is anybody there?');
  await visitor.widget.state('is anybody there?', 'waiting');
  const clientId = await visitor.widget.clientId();
  await closeTab(visitor);
  const later = await visitor.anotherWindow(network.url);
  await waitFor(async () => (await storedTexts(clientId)).length === 1, 'the message');
  await later.widget.launcher.click();
  await later.widget.shows(['is anybody there?']);
});

test('a message whose answer was lost with its tab is not sent as a second one', async () => {
  await visitor.goTo(network.url);
  await visitor.widget.open();
  const clientId = await visitor.widget.clientId();
  network.loseAnswers();
  await visitor.widget.say('only once');
  await waitFor(async () => (await storedTexts(clientId)).length === 1, 'the message');
  await closeTab(visitor);
  network.cut();
  network.restore();
  const later = await visitor.anotherWindow(network.url);
  await later.widget.launcher.click();
  await later.widget.state('only once', 'sent');
  await waitFor(async () => (await kept(later)) === 0, 'the outbox to be empty');
  assert.deepEqual(await storedTexts(clientId), ['only once']);
  await later.widget.shows(['only once']);
});

// Browsers give pages without https no locks, unless they are of the machine itself.
for (const [what, trusted] of [['', true], [' on a page without https', false]]) {
  const address = () => (trusted ? network.url : `http://shop.test:${network.port}`);

  test(`three tabs${what} write while there is no network: all show all, and each message is sent by one of them`, async () => {
    await visitor.goTo(address());
    assert.equal(await visitor.page.evaluate(() => 'locks' in navigator), trusted);
    await visitor.widget.open();
    const clientId = await visitor.widget.clientId();
    const tabs = [visitor, await visitor.anotherWindow(), await visitor.anotherWindow()];
    for (const { widget } of tabs.slice(1)) await widget.open();
    network.cut();
    const texts = [];
    for (const round of [1, 2, 3]) {
      for (const [index, { widget }] of tabs.entries()) {
        texts.push(`round ${round}, tab ${index}`);
        await widget.say(texts.at(-1));
      }
    }
    for (const { widget } of tabs) await widget.shows(texts);
    const counted = countSent(...tabs);
    network.restore();
    for (const { page } of tabs) await page.evaluate(() => dispatchEvent(new Event('online')));
    for (const { widget } of tabs) await widget.state(texts.at(-1), 'sent');
    for (const { widget } of tabs) await widget.shows(texts);
    assert.deepEqual(await storedTexts(clientId), texts);
    assert.equal(await kept(visitor), 0);
    assert.ok(counted.sent <= texts.length, `${counted.sent} were sent by WebSocket`);
  });

  test(`a tab${what} that is closed in the middle of sending leaves the rest to the other one`, async () => {
    await visitor.goTo(address());
    await visitor.widget.open();
    const clientId = await visitor.widget.clientId();
    const second = await visitor.anotherWindow();
    await second.widget.open();
    network.loseAnswers();
    await visitor.widget.say('on its way');
    await waitFor(async () => (await storedTexts(clientId)).length === 1, 'the message');
    await visitor.widget.say('behind it');
    await second.widget.shows(['on its way', 'behind it']);
    await visitor.page.close();
    network.cut();
    network.restore();
    await second.widget.state('behind it', 'sent');
    assert.deepEqual(await storedTexts(clientId), ['on its way', 'behind it']);
  });
}

test('what is discarded in one tab is gone in the other, and never sent', async () => {
  await visitor.goTo(network.url);
  await visitor.widget.open();
  const clientId = await visitor.widget.clientId();
  const second = await visitor.anotherWindow();
  await second.widget.open();
  await visitor.widget.say('x'.repeat(5000));
  await second.widget.state('x'.repeat(5000), 'failed');
  await second.widget.panel.getByRole('button', { name: 'Discard' }).click();
  await visitor.widget.shows([]);
  await visitor.widget.say('a short one');
  await second.widget.state('a short one', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['a short one']);
});

test('what one visitor of this browser left unsent is not sent as another one’s', async () => {
  await visitor.goTo(network.url);
  await visitor.widget.open();
  const nobody = await visitor.widget.clientId();
  network.cut();
  await visitor.widget.say('as nobody');
  await visitor.widget.state('as nobody', 'waiting');
  await visitor.page.evaluate(() => LiveChat.identify({ clientId: 'somebody' }));
  await visitor.widget.shows([]);
  await visitor.widget.say('as somebody');
  network.restore();
  await visitor.widget.state('as somebody', 'sent');
  assert.deepEqual(await storedTexts('somebody'), ['as somebody']);
  await visitor.page.evaluate(() => LiveChat.identify());
  await visitor.widget.state('as nobody', 'sent');
  assert.deepEqual(await storedTexts(nobody), ['as nobody']);
  assert.deepEqual(await storedTexts('somebody'), ['as somebody']);
});
