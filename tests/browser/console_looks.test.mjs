// Every view of the console, in both themes and at two widths, as axe sees it; by the keyboard alone; and
// under its Content-Security-Policy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { ChatClient } from '../harness/chat_client.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// LIVECHAT_SCREENSHOTS: a folder where each view is kept as a picture.
const pictures = process.env.LIVECHAT_SCREENSHOTS;

let stack;
let visitor;

before(async () => {
  stack = await Stack.start();
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
}, { timeout: 120_000 });
after(async () => {
  visitor?.close();
  await Agent.closeBrowser();
  await stack?.stop();
});

async function check(agent, name) {
  await agent.page.waitForTimeout(0);
  if (pictures) {
    fs.mkdirSync(pictures, { recursive: true });
    await agent.page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }
  // The page's policy lets no other script in; a debugger's may.
  await agent.page.evaluate(axe);
  const { violations } = await agent.page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`);
  assert.deepEqual(found, [], name);
}

const noScroll = async (agent, name) => {
  const { inner, outer } = await agent.page.evaluate(() => ({ inner: document.documentElement.scrollWidth, outer: innerWidth }));
  assert.ok(inner <= outer, `${name} is ${inner} pixels wide`);
};

for (const colorScheme of ['light', 'dark']) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    const narrow = viewport.width < 760;
    test(`every view, ${colorScheme}, ${viewport.width} pixels wide`, async () => {
      const agent = await Agent.open(stack.url, { colorScheme, viewport });
      const view = async (name) => {
        await noScroll(agent, name);
        await check(agent, `console-${name}-${colorScheme}-${viewport.width}`);
      };
      const button = (name) => agent.page.getByRole('button', { name, exact: true });
      await agent.ready();
      for (const isTyping of [false, true]) visitor.emit('typing', { clientId: 'anna', isTyping, sender: 'client' });
      await agent.row('Anna').getByText('is typing…').waitFor();
      await view('list');
      await agent.openConversation('Kenji');
      if (narrow) await button('Back to the list').click();
      await agent.openConversation('Anna');
      await agent.page.getByText('Thank you!').last().waitFor();
      await agent.composer.fill('I have found it: the parcel is at your neighbour’s.');
      await view('conversation');
      if (narrow) await button('Visitor details').click();
      await agent.details.getByText('Chrome 128 on Windows').waitFor();
      await view('details');
      if (narrow) {
        await button('Hide the details').click();
        await button('Back to the list').click();
      }
      await button('Settings').click();
      await view('settings');
      await agent.dialog.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await agent.dialog.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
      await view('shortcuts');
      await agent.page.keyboard.press('Escape');
      await agent.dialog.waitFor({ state: 'detached' });
      await agent.search.fill('nobody');
      await agent.page.getByText('Nobody here matches.').waitFor();
      await view('nothing');
      assert.deepEqual(agent.complaints, []);
      await agent.leave();
    });
  }
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
    await agent.dialog.getByRole('switch', { name: 'Single letters as shortcuts' }).uncheck();
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
    for (const name of ['Settings', 'search', 'composer', 'Messages', 'Download the transcript', 'Close the conversation', 'Visitor details', 'Copy the client id']) {
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
  await agent.ready().catch(() => {});
  await agent.page.getByText('Thank you!').last().waitFor();
  await noScroll(agent, 'a conversation');
  assert.ok(await agent.composer.isVisible());
  await agent.leave();
});
