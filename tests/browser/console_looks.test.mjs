// Every view of the console, in both themes and at two widths, as axe sees it; by the keyboard alone; and
// under its Content-Security-Policy.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { checkView, checkWidth, looks } from './lib/looks.mjs';
import { stack, suite } from './lib/suite.mjs';

let visitor;

suite({}, {
  begin: async () => {
    const write = (clientId, sender, message) =>
      request(stack, 'POST', sessionPath('messages', clientId), { body: { sender, message } });
    const people = [
      ['kenji', 'Kenji Watanabe', 'ja-JP', 'Asia/Tokyo'], ['visitor-17', '', 'en-GB', 'Europe/London'], ['sara', 'سارة', 'ar', 'Africa/Cairo'],
      ['maria', 'Maria del Carmen Fernández Rodríguez', 'es-ES', 'Europe/Madrid'], ['anna', 'Anna Schneider', 'de-DE', 'Europe/Berlin'],
    ];
    for (const [clientId, name, language, timezone] of people) {
      const seen = {
        name, language, timezone, page: 'https://shop.example/checkout?step=2', referrer: 'https://search.example/',
        userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
      };
      await request(stack, 'POST', '/api/chat/initialize', { body: { clientId, visitor: seen } });
      await write(clientId, 'client', 'Hello, is anybody there?');
    }
    await write('kenji', 'admin', 'Hello! How can I help?');
    await write('anna', 'admin', 'Hello Anna, how can I help you?');
    await write('anna', 'client', 'My parcel has not arrived yet. https://track.example/2025-1184 says “delivered”, but nothing is here 😕');
    await write('anna', 'client', 'It should have been here on Friday.');
    await write('anna', 'admin', 'I am sorry to hear that. I will look it up for you.\n\nOne moment, please.');
    await write('anna', 'client', 'Thank you!');
    visitor = await ChatClient.connect(stack);
    await visitor.ask('join', 'anna');
  },
  end: () => visitor?.close(),
});

for (const { title, phone, options } of looks) {
  test(`every view, ${title}`, async () => {
    // Open, whatever an earlier test has left.
    await request(stack, 'POST', '/api/chat/initialize', { body: { clientId: 'anna' } });
    const agent = await Agent.open(stack.url, options);
    const { page } = agent;
    const view = (name) => checkView(page, `console-${name}-${title}`);
    const button = (name) => page.getByRole('button', { name, exact: true });
    await agent.ready();
    for (const isTyping of [false, true]) visitor.emit('typing', { clientId: 'anna', isTyping, sender: 'client' });
    await agent.row('Anna').getByText('is typing…').waitFor();
    await view('list');
    await agent.openConversation('Kenji');
    await agent.composer.fill('Our lamps fit into');
    if (phone) await button('Back to the list').click();
    await agent.openConversation('Anna');
    await page.getByText('Thank you!').last().waitFor();
    await agent.composer.fill('I have found it: the parcel is at your neighbour’s.');
    await view('conversation');
    if (phone) await button('Visitor details').click();
    await agent.details.getByText('Chrome 128 on Windows').waitFor();
    await view('details');
    if (phone) await button('Hide the details').click();
    await button('Close the conversation').click();
    await agent.head.getByText('Closed').waitFor();
    await page.getByText('The conversation is closed.').waitFor();
    await view('closed');
    await button('Reopen the conversation').click();
    await agent.head.getByText('Closed').waitFor({ state: 'detached' });
    if (phone) await button('Back to the list').click();
    await agent.row('Kenji').getByText('Draft: ').waitFor();
    await view('draft');
    await button('Settings').click();
    await view('settings');
    await page.keyboard.press('Escape');
    await agent.dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await agent.dialog.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await view('shortcuts');
    await page.keyboard.press('Escape');
    await agent.dialog.waitFor({ state: 'detached' });
    await agent.search.fill('nobody');
    await page.getByText('No matches in this list.').waitFor();
    await view('nothing');
    await agent.search.fill('');
    await button('Closed').click();
    await page.getByText('No closed conversations.').waitFor();
    await view('none');
    await page.context().setOffline(true);
    await page.getByText('The connection is lost').waitFor();
    // Who is there is not known any more, and no one sees the agent.
    assert.equal(await page.locator('.state-online, .avatar-dot').count(), 0);
    assert.equal(await page.locator('.rail-state').textContent(), 'You are Offline');
    if (!phone) {
      const dot = await agent.head.locator('.conversation-page').evaluate((place) => getComputedStyle(place, '::before').content);
      assert.equal(dot, 'none', 'nothing to be parted from what follows');
    }
    await view('offline');
    assert.deepEqual(agent.complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED')), []);
    await agent.leave();
  });
}

describe('by the keyboard alone', () => {
  test('a conversation is found, answered, closed and opened again', async () => {
    const agent = await Agent.open(stack.url);
    await agent.ready();
    const { keyboard } = agent.page;
    const focused = () => agent.page.evaluate(() => document.activeElement?.id);
    await keyboard.press('/');
    assert.equal(await focused(), 'search');
    await keyboard.type('anna');
    await keyboard.press('ArrowDown');
    assert.equal(await focused(), 'sessions');
    await keyboard.press('Enter');
    await agent.head.getByRole('heading', { name: 'Anna Schneider' }).waitFor();
    await waitFor(async () => (await focused()) === 'composer', 'the focus in the text field');
    await keyboard.type('jkxe?');
    await keyboard.press('Shift+Enter');
    await keyboard.type('by hand');
    await keyboard.press('Enter');
    await visitor.hears('new-message', ({ message }) => message === 'jkxe?\nby hand');
    await keyboard.press('Escape');
    assert.equal(await focused(), 'messages');
    await keyboard.press('e');
    await agent.head.getByText('Closed').waitFor();
    await keyboard.press('e');
    await agent.head.getByText('Closed').waitFor({ state: 'detached' });
    await keyboard.press('i');
    await agent.details.waitFor({ state: 'detached' });
    await keyboard.press('i');
    await agent.details.waitFor();
    await keyboard.press('?');
    await agent.dialog.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await keyboard.press('j');
    await keyboard.press('Escape');
    await agent.dialog.waitFor({ state: 'detached' });
    assert.equal(await focused(), 'messages', 'the focus is back where it was');
    await keyboard.press('/');
    await keyboard.press('Escape');
    assert.equal(await focused(), 'sessions');
    await keyboard.press('j');
    await waitFor(async () => (await agent.head.locator('h1').textContent()) !== 'Anna Schneider', 'another conversation');
    await keyboard.press('[');
    await agent.head.getByRole('heading', { name: 'Anna Schneider' }).waitFor();
    await keyboard.press('x');
    await waitFor(async () => (await agent.page.locator('.tab').count()) === 1, 'one tab');
    await agent.leave();
  });

  test('single letters do nothing once they are turned off', async () => {
    const agent = await Agent.open(stack.url);
    await agent.ready();
    await agent.page.getByRole('button', { name: 'Settings' }).click();
    await agent.dialog.getByRole('switch', { name: 'Single-letter shortcuts' }).uncheck();
    await agent.page.keyboard.press('Escape');
    await agent.dialog.waitFor({ state: 'detached' });
    await agent.page.keyboard.press('?');
    await agent.page.keyboard.press('j');
    assert.equal(await agent.dialog.count(), 0);
    assert.equal(await agent.page.locator('.conversation').count(), 0);
    await agent.leave();
  });

  test('everything that can be clicked can be reached and is seen when it is', async () => {
    const agent = await Agent.open(stack.url, { hash: '#anna' });
    await agent.ready();
    await agent.page.getByText('Thank you!').last().waitFor();
    const names = new Set();
    for (let i = 0; i < 60; i += 1) {
      await agent.page.keyboard.press('Tab');
      const { name, outline } = await agent.page.evaluate(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return { name: element.getAttribute('aria-label') ?? (element.id || element.textContent), outline: element === document.body || (outlineStyle !== 'none' && outlineWidth !== '0px') };
      });
      assert.ok(outline, `${name} has the focus and does not show it`);
      names.add(name);
    }
    for (const name of ['Settings', 'search', 'composer', 'Messages', 'Download the transcript', 'Close the conversation', 'Visitor details', 'Copy the client ID']) {
      assert.ok(names.has(name), `${name} among ${[...names].join(', ')}`);
    }
    await agent.leave();
  });
});

test('the page forbids what it does not need, and breaches are noticed', async () => {
  const { headers } = await request(stack, 'GET', '/console/');
  const policy = headers['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  const agent = await Agent.open(stack.url);
  await agent.ready();
  assert.deepEqual(await agent.page.evaluate(() => window.breaches), []);
  await agent.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inline = 1';
    document.body.append(script);
  });
  await waitFor(() => agent.page.evaluate(() => window.breaches.length > 0), 'the breach');
  assert.equal(await agent.page.evaluate(() => window.inline), undefined);
  await agent.page.evaluate(() => (window.breaches = []));
  await agent.leave();
});

test('zoomed to 200 percent nothing is cut off', async () => {
  const agent = await Agent.open(stack.url, { viewport: { width: 720, height: 450 }, hash: '#anna' });
  await agent.page.getByText('Thank you!').last().waitFor();
  await checkWidth(agent.page, 'a conversation');
  assert.ok(await agent.composer.isVisible());
  await agent.leave();
});
