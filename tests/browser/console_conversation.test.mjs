// What an agent does all day: visitors write, the list moves by itself, conversations are read, answered,
// closed and found again.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import fs from 'node:fs';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { stack, suite } from './lib/suite.mjs';

let agent;
const clients = [];

suite();

beforeEach(async () => {
  agent = await Agent.open(stack.url);
  await agent.ready();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await agent.leave();
});

const initialize = (clientId, visitor) => request(stack, 'POST', '/api/chat/initialize', { body: { clientId, visitor } });
const write = (clientId, message, sender = 'client') =>
  request(stack, 'POST', sessionPath('messages', clientId), { body: { message, sender } });
const session = async (clientId) => (await request(stack, 'GET', sessionPath('sessions', clientId))).body;

// A visitor with a socket in his own room.
async function visit(name) {
  const clientId = await newSession(stack, name);
  const client = await ChatClient.connect(stack);
  clients.push(client);
  await client.ask('join', { clientId, after: 0 });
  return Object.assign(client, { clientId, say: (message) => client.ask('send-message', { clientId, message, sender: 'client' }) });
}

test('two visitors and an agent talk, and everybody sees only what is theirs', async () => {
  const ann = await visit('ann');
  const bob = await visit('bob');
  await ann.say('Hello from Ann');
  await bob.say('Hello from Bob');
  await agent.openConversation(ann.clientId);
  await agent.shows(['Hello from Ann']);
  await ann.hears('messages-read', ({ reader }) => reader === 'admin');
  await agent.say('Hello Ann');
  await ann.hears('new-message', ({ message }) => message === 'Hello Ann');
  await agent.state('Hello Ann', 'Sent');
  await ann.ask('mark-read', { clientId: ann.clientId, sender: 'client' });
  await agent.state('Hello Ann', 'Read');

  await agent.openConversation(bob.clientId);
  await agent.say('Hello Bob\n<b>how</b> are you?');
  await bob.hears('new-message', ({ message }) => message === 'Hello Bob\n<b>how</b> are you?');
  await agent.shows(['Hello from Bob', 'Hello Bob\n<b>how</b> are you?']);
  assert.equal(ann.all('new-message').length, 2);

  // Both stay open; a message for the one that is not looked at waits there.
  await ann.say('Are you there?');
  await agent.page.locator('.tab', { hasText: ann.clientId }).locator('.tab-dot').waitFor();
  await agent.page.locator('.tab', { hasText: ann.clientId }).locator('.tab-name').click();
  await agent.shows(['Hello from Ann', 'Hello Ann', 'Are you there?']);
  assert.deepEqual(agent.complaints, []);
});

test('the list moves by itself: new sessions, last lines, unread messages, waiting, the title; and is not polled', async () => {
  const requests = [];
  agent.page.on('request', (one) => requests.push(one.url()));
  const ann = await visit('new');
  await agent.row(ann.clientId).getByText('No messages yet').waitFor();
  await ann.say('first line');
  await ann.say('second line');
  await agent.row(ann.clientId).getByText('second line').waitFor();
  assert.match(await agent.row(ann.clientId).locator('.badge').innerText(), /^2/);
  await agent.row(ann.clientId).getByText(/^waiting/).waitFor();
  await waitFor(async () => (await agent.titles())[0] === ann.clientId, 'it at the top');
  await waitFor(async () => /^\(\d+\) livechat console$/.test(await agent.page.title()), 'the title');
  const before = Number((await agent.page.title()).match(/\d+/)[0]);
  await write(ann.clientId, 'an answer', 'admin');
  await agent.row(ann.clientId).getByText('Agent: an answer').waitFor();
  assert.equal(await agent.row(ann.clientId).getByText(/^waiting/).count(), 0);
  await request(stack, 'PUT', sessionPath('read', ann.clientId), { body: { sender: 'admin' } });
  await waitFor(async () => (await agent.row(ann.clientId).locator('.badge').count()) === 0, 'no unread messages');
  await waitFor(async () => (await agent.page.title()) === (before === 1 ? 'livechat console' : `(${before - 1}) livechat console`), 'the title');
  assert.deepEqual(requests.filter((url) => url.includes('/api/')), []);
});

test('typing is seen in the list and in the conversation, and by the visitor', async () => {
  const ann = await visit('typist');
  await ann.say('x');
  ann.emit('typing', { clientId: ann.clientId, isTyping: true, sender: 'client' });
  await agent.row(ann.clientId).getByText('is typing…').waitFor();
  await agent.openConversation(ann.clientId);
  await agent.page.getByText('The visitor is typing…').waitFor();
  await ann.say('done');
  await agent.page.getByText('The visitor is typing…').waitFor({ state: 'detached' });
  await agent.composer.pressSequentially('I am');
  await ann.hears('typing', ({ isTyping, sender }) => isTyping && sender === 'admin');
  await agent.composer.press('Enter');
  await ann.hears('typing', ({ isTyping }) => !isTyping);
});

test('visitors are online and offline, and know whether an agent is there', async () => {
  const ann = await visit('present');
  await ann.say('x');
  await agent.openConversation(ann.clientId);
  await agent.head.getByText('Online', { exact: true }).waitFor();
  assert.equal((await ann.ask('watch-presence')).agents, true);
  await agent.page.getByRole('button', { name: 'Available' }).click();
  await ann.hears('presence', ({ agents }) => !agents);
  await agent.page.getByRole('button', { name: 'You are Away' }).click();
  await ann.hears('presence', ({ agents }) => agents);
  ann.close();
  await agent.head.getByText('Offline', { exact: true }).waitFor();
});

test('filters and the quick filter find sessions, and one that is not in the list is found by its name', async () => {
  const name = `needle-${process.pid}`;
  const [first, second, third] = [`${name}-1`, `${name}-2`, `${name}-3`];
  for (const clientId of [first, second, third]) await initialize(clientId, { name: clientId === third ? 'Zoë Ångström' : '' });
  await write(second, 'unread');
  await agent.search.fill(name.toUpperCase());
  await waitFor(async () => (await agent.titles()).length === 3, 'three of them');
  await agent.search.fill('ångs');
  await waitFor(async () => JSON.stringify(await agent.titles()) === JSON.stringify(['Zoë Ångström']), 'one by its name');
  await agent.search.fill(name);
  await agent.page.getByRole('button', { name: /^Unread/ }).click();
  await waitFor(async () => JSON.stringify(await agent.titles()) === JSON.stringify([second]), 'the unread one');
  await request(stack, 'PUT', sessionPath('close', first));
  await agent.page.getByRole('button', { name: 'Closed' }).click();
  await waitFor(async () => JSON.stringify(await agent.titles()) === JSON.stringify([first]), 'the closed one');

  await agent.page.getByRole('button', { name: /^Open \d/ }).click();
  await agent.search.fill(first);
  await agent.page.getByRole('button', { name: `Open “${first}”` }).click();
  await agent.head.getByText('Closed').waitFor();
  await agent.search.fill('there is nobody like this');
  await agent.search.press('Enter');
  await agent.page.getByText('There is no conversation with this client ID.').waitFor();
});

test('a conversation is closed and opened again, and a message opens it as well', async () => {
  const ann = await visit('closing');
  await ann.say('x');
  await agent.openConversation(ann.clientId);
  await agent.page.getByRole('button', { name: 'Close the conversation' }).click();
  await ann.hears('session-closed');
  await agent.head.getByText('Closed').waitFor();
  assert.equal((await session(ann.clientId)).status, 'closed');
  await agent.page.getByRole('button', { name: 'Reopen the conversation' }).click();
  await ann.hears('session-opened');
  await agent.head.getByText('Closed').waitFor({ state: 'detached' });
  await agent.page.getByRole('button', { name: 'Close the conversation' }).click();
  await agent.page.getByText('This conversation is closed. Sending a message reopens it.').waitFor();
  await agent.say('one more thing');
  await waitFor(async () => (await session(ann.clientId)).status === 'active', 'the session to be open');
});

test('what is known of the visitor is shown, and changes as it changes', async () => {
  const ann = await visit('known');
  await initialize(ann.clientId, {
    page: 'https://shop.example/a', referrer: 'https://search.example/', language: 'de-CH', timezone: 'Asia/Tokyo',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', email: 'ann@example.com',
  });
  await agent.openConversation(ann.clientId);
  for (const text of ['https://shop.example/a', 'https://search.example/', 'Firefox 128 on Linux', 'ann@example.com', '(Asia/Tokyo)']) {
    await agent.details.getByText(text).waitFor();
  }
  await agent.details.getByText(/German/).waitFor();
  await initialize(ann.clientId, { page: 'https://shop.example/b', name: 'Ann' });
  await agent.details.getByText('https://shop.example/b').waitFor();
  await agent.head.getByRole('heading', { name: 'Ann' }).waitFor();
  assert.equal(await agent.details.getByRole('link', { name: 'https://shop.example/b' }).getAttribute('rel'), 'noopener noreferrer nofollow');
});

test('the transcript is the whole conversation', async () => {
  const ann = await visit('transcript');
  for (let i = 1; i <= 230; i += 1) await write(ann.clientId, `line ${i}`);
  await write(ann.clientId, 'a\n[2025-03-10 12:00:00 UTC] Agent: forged');
  await agent.openConversation(ann.clientId);
  const [download] = await Promise.all([
    agent.page.waitForEvent('download'),
    agent.page.getByRole('button', { name: 'Download the transcript' }).click(),
  ]);
  const text = fs.readFileSync(await download.path(), 'utf8');
  assert.equal(text.match(/^\[.*\] Visitor: /gm).length, 231);
  assert.equal(text.match(/^\[.*\] Agent: /gm), null);
  assert.match(download.suggestedFilename(), /^conversation-transcript-[\w-]+\.txt$/);
});

test('a message that comes while the agent looks elsewhere is a notification, which leads to it', async () => {
  const ann = await visit('notified');
  await agent.page.getByRole('button', { name: 'Settings' }).click();
  await agent.dialog.getByRole('switch', { name: 'Desktop notifications' }).check();
  await agent.page.keyboard.press('Escape');
  // Another window has the focus.
  await agent.page.evaluate(() => {
    document.hasFocus = () => false;
  });
  await ann.say('<b>Hello</b>');
  const shown = () => agent.page.evaluate(() => window.shown.map(({ title, body, tag, state }) => ({ title, body, tag, state })));
  await waitFor(async () => (await shown())[0]?.state === 'show', 'the browser to show it');
  assert.deepEqual((await shown())[0], { state: 'show', title: ann.clientId, body: '<b>Hello</b>', tag: `livechat:${ann.clientId}` });
  assert.equal((await session(ann.clientId)).unread.admin, 1, 'no one has read it');
  await agent.page.evaluate(() => window.shown[0].click());
  await agent.head.getByRole('heading', { name: ann.clientId }).waitFor();
  await waitFor(async () => (await shown())[0].state === 'close', 'it to be gone');
});

test('where the browser does not allow notifications it is said', async () => {
  const other = await Agent.open(stack.url, { permissions: [] });
  await other.ready();
  await other.page.getByRole('button', { name: 'Settings' }).click();
  const choice = other.dialog.getByRole('switch', { name: 'Desktop notifications' });
  await choice.click();
  await other.page.getByText('This browser does not allow notifications for this page.').waitFor();
  assert.equal(await choice.isChecked(), false);
  await other.leave();
});

test('a message that comes is heard, and not when sounds are turned off', async () => {
  const ann = await visit('heard');
  const loudest = () => agent.page.evaluate(() => window.loudest);
  await agent.page.getByRole('button', { name: 'Settings' }).click();
  const sound = agent.dialog.getByRole('switch', { name: 'Sound for new messages' });
  await sound.uncheck();
  await ann.say('without a sound');
  await agent.row(ann.clientId).getByText('without a sound').waitFor();
  assert.equal(await loudest(), 0);
  await sound.check();
  await waitFor(async () => (await loudest()) > 0.05, 'the sound that it makes');
  await agent.page.keyboard.press('Escape');
  // Until nothing sounds any more.
  await waitFor(() => agent.page.evaluate(() => new Promise((resolve) => {
    window.loudest = 0;
    setTimeout(() => resolve(window.loudest === 0), 200);
  })), 'silence');
  let count = 0;
  await waitFor(async () => {
    await ann.say(`with a sound ${(count += 1)}`);
    return (await loudest()) > 0.05;
  }, 'the sound of a message');
});

test('a reload keeps the conversations that are open, and what was written but not sent', async () => {
  const ann = await visit('kept-a');
  const bob = await visit('kept-b');
  await ann.say('from a');
  await bob.say('from b');
  await agent.openConversation(ann.clientId);
  await agent.composer.fill('half an answer');
  await agent.openConversation(bob.clientId);
  await agent.page.locator('.tab', { hasText: ann.clientId }).getByText('(draft)').waitFor();
  await agent.page.locator('.tab', { hasText: ann.clientId }).locator('.tab-name').click();
  assert.equal(await agent.composer.inputValue(), 'half an answer');
  await agent.page.reload();
  await agent.ready();
  await agent.shows(['from a']);
  assert.equal(await agent.page.locator('.tab').count(), 2);
  assert.equal(await agent.composer.inputValue(), 'half an answer');
  await agent.openConversation(bob.clientId);
  assert.equal(await agent.composer.inputValue(), '');
  await agent.row(ann.clientId).getByText('Draft: half an answer').waitFor();
  await agent.openConversation(ann.clientId);
  await agent.composer.press('Enter');
  await agent.state('half an answer', 'Sent');
  await agent.page.reload();
  await agent.ready();
  await agent.state('half an answer', 'Sent');
  assert.equal(await agent.composer.inputValue(), '');
});

test('closed conversations are all listed, also after one was closed here', async () => {
  const ann = await visit('ended-before');
  const bob = await visit('ended-here');
  await bob.say('x');
  await request(stack, 'PUT', sessionPath('close', ann.clientId));
  await agent.page.reload();
  await agent.ready();
  await agent.openConversation(bob.clientId);
  await agent.page.getByRole('button', { name: 'Close the conversation' }).click();
  await agent.head.getByText('Closed').waitFor();
  await agent.page.getByRole('button', { name: 'Closed', exact: true }).click();
  await agent.row(bob.clientId).waitFor();
  await agent.row(ann.clientId).waitFor();
});

test('who waits longest is who wrote first, also for a console that is opened later', async () => {
  const ann = await visit('waits-longest');
  await ann.say('first');
  const since = (await session(ann.clientId)).lastMessage.createdAt;
  const bob = await visit('waits-less');
  await bob.say('second');
  await ann.say('are you there?');
  assert.equal((await session(ann.clientId)).waitingSince, since);
  await agent.page.reload();
  await agent.ready();
  const title = await agent.row(ann.clientId).locator('.session-wait').getAttribute('title');
  const expected = await agent.page.evaluate((time) => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time)), since);
  assert.equal(title, `Waiting since ${expected}`);
  // Visitors that wait from earlier tests are answered.
  for (const row of (await request(stack, 'GET', '/api/chat/sessions')).body) {
    if (row.waitingSince && row.waitingSince < since) await write(row.clientId, 'an answer', 'admin');
  }
  await waitFor(async () => {
    await agent.page.keyboard.press('n');
    return (await agent.head.locator('h1').textContent().catch(() => '')) === ann.clientId;
  }, 'the one who waits longest');
  await write(ann.clientId, 'an answer', 'admin');
  await agent.row(ann.clientId).locator('.session-wait').waitFor({ state: 'detached' });
  assert.equal((await session(ann.clientId)).waitingSince, undefined);
});

test('a console that is opened while someone types shows it at once', async () => {
  const ann = await visit('types-already');
  await ann.say('x');
  ann.emit('typing', { clientId: ann.clientId, isTyping: true, sender: 'client' });
  await agent.row(ann.clientId).getByText('is typing…').waitFor();
  await agent.page.reload();
  await agent.row(ann.clientId).getByText('is typing…').waitFor();
});

test('an agent whose computer has the wrong time reads how long a visitor has waited, and which day it is', async () => {
  const ann = await visit('by-the-server');
  await ann.say('just now');
  for (const hours of [2, -2, 26]) {
    const other = await Agent.open(stack.url, { hash: `#${ann.clientId}`, clockAhead: hours * 3_600_000 });
    await other.ready();
    await other.row(ann.clientId).getByText(/^waiting (< 1|1|2) min$/).waitFor();
    await other.messages.getByText('Today', { exact: true }).waitFor();
    await other.leave();
  }
});

test('Enter and Escape of an input method are not the console\'s', async () => {
  const ann = await visit('typed-in-japanese');
  await ann.say('x');
  await agent.openConversation(ann.clientId);
  await agent.composer.fill('にほん');
  for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
    for (const key of ['Enter', 'Escape']) {
      await agent.page.evaluate(([init]) => {
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
      }, [{ key, ...composing }]);
    }
  }
  assert.equal(await agent.composer.inputValue(), 'にほん');
  assert.equal(await agent.page.evaluate(() => document.activeElement.id), 'composer');
  await agent.search.fill('nothing like it');
  await agent.search.evaluate((field) => field.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'Escape', keyCode: 229 })));
  assert.equal(await agent.search.inputValue(), 'nothing like it');
  await agent.search.fill('');
  await agent.composer.press('Enter');
  await agent.state('にほん', 'Sent');
});

test('rows do not move under the pointer, and can be sorted by who has waited longest', async () => {
  const names = ['order-a', 'order-b', 'order-c'];
  const visitors = [];
  for (const name of names) {
    const one = await visit(name);
    await one.say('x');
    visitors.push(one);
  }
  const [a, , c] = visitors;
  await agent.search.fill('order-');
  const titles = async () => (await agent.titles()).map((title) => title.slice(0, 7));
  const order = (expected) => waitFor(async () => JSON.stringify(await titles()) === JSON.stringify(expected), `the order ${expected}`);
  await order(['order-c', 'order-b', 'order-a']);
  await agent.row(c.clientId).hover();
  await a.say('y');
  await agent.row(a.clientId).getByText('y', { exact: true }).waitFor();
  assert.deepEqual(await titles(), ['order-c', 'order-b', 'order-a']);
  await agent.search.hover();
  await order(['order-a', 'order-c', 'order-b']);
  await agent.page.getByRole('button', { name: 'Longest wait first' }).click();
  await order(['order-a', 'order-b', 'order-c']);
  await agent.page.reload();
  await agent.ready();
  await agent.search.fill('order-');
  await order(['order-a', 'order-b', 'order-c']);
  await agent.page.getByRole('button', { name: 'Longest wait first' }).click();
  await order(['order-a', 'order-c', 'order-b']);
  await agent.search.fill('');
});

test('what an agent wrote here is called theirs, and what another wrote is not', async () => {
  const ann = await visit('whose-words');
  await ann.say('x');
  await agent.openConversation(ann.clientId);
  await agent.say('mine');
  await agent.row(ann.clientId).getByText('You: mine').waitFor();
  const other = await Agent.open(stack.url);
  await other.ready();
  await other.row(ann.clientId).getByText('Agent: mine').waitFor();
  await other.openConversation(ann.clientId);
  await other.say('a colleague\'s');
  await agent.row(ann.clientId).getByText('Agent: a colleague\'s').waitFor();
  await other.leave();
});

test('a search that finds nothing offers nothing that is not there', async () => {
  await agent.search.fill('birthday');
  await agent.page.getByText('No matches in this list.').waitFor();
  const answered = await agent.page.waitForResponse((response) => response.url().endsWith('/sessions/birthday'));
  assert.equal(answered.status(), 404);
  assert.equal(await agent.page.getByRole('button', { name: /^Open “/ }).count(), 0);
  await agent.search.fill('');
});

test('a screen reader hears of messages in other conversations, now and then', async () => {
  const ann = await visit('announced');
  const announced = agent.page.locator('.frame > [aria-live=polite]');
  await ann.say('x');
  await announced.getByText(`New message from ${ann.clientId}`).waitFor({ state: 'attached' });
  for (let i = 0; i < 5; i += 1) await ann.say(`${i}`);
  await agent.row(ann.clientId).getByText('4', { exact: true }).waitFor();
  assert.equal(await announced.getByText(ann.clientId).count(), 1);
});

test('of two hidden tabs one rings', async () => {
  const ann = await visit('rings-once');
  const url = agent.page.url();
  const other = new Agent(await agent.page.context().newPage());
  await other.page.goto(url);
  await other.ready();
  for (const { page } of [agent, other]) {
    await page.mouse.click(5, 5);
    await page.evaluate(() => {
      document.hasFocus = () => false;
      window.notes = 0;
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (...when) {
        window.notes += 1;
        return start.apply(this, when);
      };
    });
  }
  const notes = () => Promise.all([agent, other].map(({ page }) => page.evaluate(() => window.notes)));
  await ann.say('one');
  await waitFor(async () => (await notes()).some((count) => count > 0), 'a sound');
  await other.row(ann.clientId).getByText('one', { exact: true }).waitFor();
  await agent.row(ann.clientId).getByText('one', { exact: true }).waitFor();
  // Both have had their turn once neither holds or waits for the lock.
  await waitFor(() => agent.page.evaluate(async () => {
    const { held, pending } = await navigator.locks.query();
    return ![...held, ...pending].some(({ name }) => name === 'livechat-console:ring');
  }), 'no lock');
  assert.deepEqual((await notes()).sort(), [0, 2]);
  await other.page.close();
});

// What a visitor can send, and what takes a browser longest.
const longTexts = {
  brackets: `http://a/${')'.repeat(65_000)}`,
  links: 'https://a.example/ '.repeat(3_400),
  addresses: 'www.a@'.repeat(10_000),
  'one word': 'x'.repeat(65_536),
  lines: 'a\n'.repeat(32_000),
  emoji: '😀'.repeat(16_000),
};

test('of a text that takes a browser long the beginning is laid out, and more by a click', async () => {
  const ann = await visit('long');
  await ann.say('what follows is long');
  await agent.openConversation(ann.clientId);
  for (const [name, text] of Object.entries(longTexts)) {
    const { status } = await request(stack, 'POST', sessionPath('messages', ann.clientId), { body: { message: text, sender: 'client' } });
    assert.ok(status < 300, `${name}: ${status}`);
    await waitFor(async () => (await agent.shownMessages()).at(-1)?.text.startsWith(text.slice(0, 100)), name);
    const row = agent.messages.locator('.row').last();
    const size = () => row.evaluate((element) => ({ length: element.querySelector('.bubble').textContent.length, height: element.offsetHeight }));
    const before = await size();
    assert.ok(before.length < 5_000 && before.height < 4_000, `${name}: ${JSON.stringify(before)}`);
    await row.getByRole('button', { name: 'Show more' }).click();
    await waitFor(async () => (await size()).length > before.length, `more of ${name}`);
    assert.ok((await size()).length < 10_000, name);
  }
});
