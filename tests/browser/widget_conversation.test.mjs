// A visitor in Chromium talks with an agent: what is seen on both sides.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import fs from 'node:fs';

import { waitFor } from '../harness/wait.mjs';
import { Person } from './lib/people.mjs';
import { agent, stack, suiteWithAgent } from './lib/suite.mjs';

let visitor;

suiteWithAgent();

beforeEach(async () => {
  visitor = await Person.visit(stack.url);
});

afterEach(async () => {
  const complaints = visitor.complaints;
  await visitor.leave();
  assert.deepEqual(complaints, []);
});

test('a visitor writes, an agent answers, and both see it at once', async () => {
  const { widget } = visitor;
  await widget.open();
  await widget.say('Hello, is anybody there?');
  await widget.state('Hello, is anybody there?', 'sent');
  const clientId = await widget.clientId();
  assert.match(clientId, /^demo-[0-9a-f]{32}$/);
  await agent.join(clientId);
  await agent.hears('new-message', (data) => data.message === 'Hello, is anybody there?');

  await agent.read(clientId);
  await widget.state('Hello, is anybody there?', 'read');
  await agent.say(clientId, 'Yes, I am.');
  await widget.shows(['Hello, is anybody there?', 'Yes, I am.']);
  await agent.hears('messages-read', (data) => data.reader === 'client' && data.upTo === 2);
});

test('typing is seen both ways, and ends with the message', async () => {
  const { widget } = visitor;
  await widget.open();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  await widget.field.pressSequentially('I am thin');
  await agent.hears('typing', (data) => data.clientId === clientId && data.isTyping);
  agent.emit('typing', { clientId, isTyping: true, sender: 'admin' });
  await widget.panel.locator('.typing').waitFor();
  await agent.say(clientId, 'Take your time');
  await widget.shows(['Take your time']);
  await widget.panel.locator('.typing').waitFor({ state: 'detached' });
  await widget.field.press('Enter');
  await agent.hears('typing', (data) => data.clientId === clientId && !data.isTyping);
});

test('a minimized widget counts unread messages on its button and in the title of the page', async () => {
  const { widget, page } = visitor;
  await widget.open();
  const clientId = await widget.clientId();
  const title = await page.title();
  await agent.join(clientId);
  await page.keyboard.press('Escape');
  await agent.say(clientId, 'one');
  await agent.say(clientId, 'two');
  await waitFor(async () => (await page.title()) === `(2) ${title}`, 'the title');
  assert.equal(await widget.launcher.innerText(), '2');
  assert.equal(await widget.launcher.getAttribute('aria-label'), 'Open chat, 2 unread');
  await widget.launcher.click();
  await widget.panel.locator('.separator.new').waitFor();
  await waitFor(async () => (await page.title()) === title, 'the plain title');
  await agent.hears('messages-read', (data) => data.reader === 'client' && data.clientId === clientId);
});

test('after a reload the conversation and the draft are there, and the panel is as it was', async () => {
  const { widget, page } = visitor;
  await widget.open();
  await widget.say('before');
  await widget.state('before', 'sent');
  await widget.field.fill('half a sen');
  await page.reload();
  await widget.shows(['before']);
  assert.equal(await widget.field.inputValue(), 'half a sen');
  await widget.settled();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  await agent.say(clientId, 'after');
  await widget.shows(['before', 'after']);
  await page.keyboard.press('Escape');
  await page.evaluate(() => LiveChat.close());
  await page.reload();
  await widget.launcher.waitFor();
  assert.equal(await widget.panel.count(), 0);
  await agent.say(clientId, 'while it is closed');
  await waitFor(async () => (await widget.launcher.innerText()) === '1', 'the badge');
});

// A slow machine draws late, and who is fast has pressed the next key by then.
test('a key that follows at once after a menu or the emoji were opened is meant for those', async () => {
  const { widget } = visitor;
  await widget.open();
  for (const [name, opened] of [['More', '.menu'], ['Emoji', '.emoji']]) {
    await widget.panel.getByRole('button', { name }).evaluate(async (button) => {
      button.click();
      await Promise.resolve(); // what is drawn by now is all that is there for the next event
      await Promise.resolve();
      button.getRootNode().activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    });
    await widget.panel.locator(opened).waitFor({ state: 'detached' });
    assert.ok(await widget.panel.isVisible(), name);
  }
});

test('older messages come while scrolling up, and the place that is read stays', async () => {
  const { widget } = visitor;
  await widget.open();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  for (let i = 1; i <= 170; i += 1) await agent.say(clientId, `line ${i}`);
  await visitor.page.reload();
  await waitFor(async () => (await widget.texts()).at(-1) === 'line 170', 'the newest');
  const loaded = (await widget.texts()).length;
  assert.ok(loaded < 170, `${loaded} were loaded at once`);
  const seen = await widget.log.evaluate((log) => {
    log.scrollTop = 200;
    const line = [...log.querySelectorAll('li.message')].find((one) => one.getBoundingClientRect().top > log.getBoundingClientRect().top);
    return { text: line.querySelector('.text').textContent, top: line.getBoundingClientRect().top };
  });
  await waitFor(async () => (await widget.texts()).length > loaded, 'older messages');
  const top = await widget.log.evaluate((log, text) => [...log.querySelectorAll('li.message')]
    .find((one) => one.querySelector('.text').textContent === text).getBoundingClientRect().top, seen.text);
  assert.ok(Math.abs(top - seen.top) < 2, `it moved by ${top - seen.top} pixels`);
  await waitFor(async () => {
    await widget.log.evaluate((log) => (log.scrollTop = 0));
    return (await widget.texts()).length === 170;
  }, 'all of them');
  assert.deepEqual(await widget.texts(), Array.from({ length: 170 }, (_, i) => `line ${i + 1}`));
  // A message that comes meanwhile does not tear the reader away, and the button leads to it.
  await widget.log.evaluate((log) => (log.scrollTop = 100));
  await widget.panel.getByRole('button', { name: 'Go to the newest message' }).waitFor();
  await agent.say(clientId, 'the newest');
  await waitFor(async () => (await widget.texts()).length === 171, 'the message');
  assert.ok(await widget.log.evaluate((log) => log.scrollTop < 200));
  await widget.panel.getByRole('button', { name: 'Go to the newest message' }).click();
  await waitFor(() => widget.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2), 'the end');
});

test('line breaks stay, links are links, emoji are large, days are separated', async () => {
  const { widget } = visitor;
  await widget.open();
  await widget.field.fill('first line');
  await widget.field.press('Shift+Enter');
  await widget.field.pressSequentially('see https://example.com/a(b)?q=1&r=2. And www.example.org!');
  await widget.field.press('Enter');
  await widget.state('first line\nsee https://example.com/a(b)?q=1&r=2 (opens in a new window). And www.example.org (opens in a new window)!', 'sent');
  const links = await widget.log.locator('a').evaluateAll((all) => all.map((one) => [one.href, one.target, one.rel]));
  const rel = 'noopener noreferrer nofollow ugc';
  assert.deepEqual(links, [['https://example.com/a(b)?q=1&r=2', '_blank', rel], ['https://www.example.org/', '_blank', rel]]);
  await widget.panel.getByRole('button', { name: 'Emoji' }).click();
  await widget.panel.getByRole('button', { name: '🎉' }).click();
  assert.equal(await widget.field.inputValue(), '🎉');
  await widget.panel.getByRole('button', { name: 'Send' }).click();
  await widget.log.locator('.emoji-only').waitFor();
  assert.deepEqual(await widget.log.locator('.separator').allInnerTexts(), ['Today']);
});

test('every day has its separator, in a conversation of several', async () => {
  const { widget, page } = visitor;
  await widget.open();
  for (const text of ['long ago', 'yesterday, early', 'yesterday, late', 'today']) {
    await widget.say(text);
    await widget.state(text, 'sent');
  }
  const clientId = await widget.clientId();
  await stack.sql(`SELECT id INTO @s FROM session WHERE client_id = '${clientId}';
    UPDATE message SET created_at = '2019-07-14 12:00:00' WHERE session_id = @s AND seq = 1;
    UPDATE message SET created_at = UTC_TIMESTAMP(3) - INTERVAL 24 HOUR WHERE session_id = @s AND seq IN (2, 3)`);
  await page.reload();
  await widget.shows(['long ago', 'yesterday, early', 'yesterday, late', 'today']);
  const lines = await widget.log.locator('ol > li:not(.greeting)').evaluateAll((all) => all.map((line) =>
    line.querySelector('.text')?.textContent ?? line.textContent));
  assert.deepEqual(lines, ['14 July 2019', 'long ago', 'Yesterday', 'yesterday, early', 'yesterday, late', 'Today', 'today']);
});

test('the transcript of a long conversation is downloaded whole', async () => {
  const { widget, page } = visitor;
  await widget.open();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  await widget.say('two\nlines');
  await widget.state('two\nlines', 'sent');
  for (let i = 1; i <= 260; i += 1) await agent.say(clientId, `line ${i}`);
  await page.reload();
  await waitFor(async () => (await widget.texts()).at(-1) === 'line 260', 'the newest');
  await widget.panel.getByRole('button', { name: 'More' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    widget.panel.getByRole('menuitem', { name: 'Download transcript' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^chat-\d{4}-\d\d-\d\d\.txt$/);
  const text = fs.readFileSync(await download.path(), 'utf8');
  const lines = text.split('\n');
  assert.match(lines[2], /^\[.+\] You: two$/);
  assert.equal(lines[3], '    lines');
  assert.equal(lines.filter((line) => /Support: line \d+$/.test(line)).length, 260);
});

test('an ended conversation says so, also after a reload, and writing opens it again', async () => {
  const { widget, page } = visitor;
  await widget.open();
  await widget.say('thank you');
  await widget.state('thank you', 'sent');
  const clientId = await widget.clientId();
  await widget.panel.getByRole('button', { name: 'More' }).click();
  await widget.endConversation();
  await widget.notice.getByText('This conversation has ended').waitFor();
  assert.deepEqual(await stack.sql(`SELECT status FROM session WHERE client_id = '${clientId}'`), [['closed']]);
  await page.reload();
  await widget.notice.getByText('This conversation has ended').waitFor();
  assert.deepEqual(await stack.sql(`SELECT status FROM session WHERE client_id = '${clientId}'`), [['closed']]);
  await widget.say('one more thing');
  await widget.state('one more thing', 'sent');
  await widget.notice.getByText('This conversation has ended').waitFor({ state: 'detached' });
  assert.deepEqual(await stack.sql(`SELECT status FROM session WHERE client_id = '${clientId}'`), [['active']]);
});

test('two windows of one visitor show the same conversation', async () => {
  const { widget } = visitor;
  await widget.open();
  await widget.say('from the first window');
  await widget.state('from the first window', 'sent');
  const other = await visitor.anotherWindow();
  await other.widget.launcher.click();
  await other.widget.shows(['from the first window']);
  await other.widget.say('from the second window');
  await widget.shows(['from the first window', 'from the second window']);
});

test('two visitors do not hear of each other', async () => {
  const other = await Person.visit(stack.url);
  await visitor.widget.open();
  await other.widget.open();
  await visitor.widget.say('mine');
  await visitor.widget.state('mine', 'sent');
  await other.widget.say('theirs');
  await other.widget.state('theirs', 'sent');
  await visitor.widget.shows(['mine']);
  await other.widget.shows(['theirs']);
  await other.leave();
});
