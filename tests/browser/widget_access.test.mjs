// The widget for everybody: keyboard, screen reader, small and large, dark and light, every language.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, test } from 'node:test';

import { root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { checkAccessibility } from './lib/axe.mjs';
import { Person } from './lib/people.mjs';
import { agent, stack, suiteWithAgent } from './lib/suite.mjs';

let visitor;

suiteWithAgent({ set: ['limits.message_bytes=4000'] });

afterEach(() => visitor?.leave());

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

for (const colorScheme of ['light', 'dark']) {
  for (const [name, viewport] of Object.entries({ desktop, phone })) {
    test(`axe finds nothing in any view, ${colorScheme}, ${name}`, async () => {
      visitor = await Person.visit(stack.url, { colorScheme, viewport });
      const { widget, page } = visitor;
      const check = (view) => checkAccessibility(page, view);
      await widget.launcher.waitFor();
      await check('the button');
      await widget.open();
      assert.equal(await widget.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor),
        colorScheme === 'dark' ? 'rgb(23, 26, 33)' : 'rgb(255, 255, 255)', 'the theme is the system’s');
      await check('empty');
      const clientId = await widget.clientId();
      await agent.join(clientId);
      await widget.say('A question, see https://example.com/');
      await widget.state('A question, see https://example.com/ (opens in a new window)', 'sent');
      await agent.say(clientId, 'An answer, see https://example.com/');
      await widget.say('🎉');
      await widget.say('x'.repeat(5000));
      await widget.state('x'.repeat(5000), 'failed');
      agent.emit('typing', { clientId, isTyping: true, sender: 'admin' });
      await widget.panel.locator('.typing').waitFor();
      await check('a conversation with a failed message, someone typing');
      await widget.panel.getByRole('button', { name: 'Emoji' }).click();
      await check('emoji');
      await page.keyboard.press('Escape');
      await widget.panel.getByRole('button', { name: 'More' }).click();
      await check('menu');
      await widget.endConversation();
      await widget.notice.getByText('This conversation has ended').waitFor();
      await check('ended');
      await page.route('**/api/**', (route) => route.abort());
      await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
      await page.route('**/socket.io/**', (route) => route.abort());
      await page.reload();
      await widget.notice.getByText('No connection').waitFor();
      await check('offline');
    });
  }
}

// What has the focus, as assistive technology would name it.
const focused = (page) => page.evaluate(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.getAttribute('aria-label') ?? element?.textContent?.trim();
});

test('everything works with the keyboard alone, and the focus is never lost', async () => {
  visitor = await Person.visit(stack.url);
  const { widget, page } = visitor;
  await widget.launcher.waitFor();
  for (let i = 0; i < 8 && (await focused(page)) !== 'Open chat'; i += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitFor(async () => (await focused(page)) === 'Write a message', 'the focus in the field');
  await widget.settled();
  await page.keyboard.type('typed');
  await page.keyboard.press('Enter');
  await widget.state('typed', 'sent');
  assert.equal(await focused(page), 'Write a message');

  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Emoji');
  await page.keyboard.press('Space');
  await waitFor(async () => (await focused(page)) === '🙂', 'the first emoji');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await waitFor(async () => (await focused(page)) === 'Write a message', 'the focus back in the field');
  assert.notEqual(await widget.field.inputValue(), '');

  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'Messages', 'the messages can be scrolled');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'Minimize chat');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'More');
  await page.keyboard.press('Enter');
  await waitFor(async () => (await focused(page)) === 'Download transcript', 'the menu');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'End conversation');
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'More');
  await page.keyboard.press('Escape');
  await waitFor(async () => (await focused(page)) === 'Open chat', 'the focus back on the button');
  assert.equal(await widget.panel.count(), 0);
});

test('where it covers the page, the focus stays in it', async () => {
  visitor = await Person.visit(stack.url, { viewport: phone });
  const { widget, page } = visitor;
  await widget.open();
  const seen = new Set();
  for (let i = 0; i < 12; i += 1) {
    await page.keyboard.press('Tab');
    seen.add(await focused(page));
  }
  assert.deepEqual([...seen].sort(), ['Emoji', 'Messages', 'Minimize chat', 'More', 'Send', 'Write a message']);
});

test('a new message is announced, older ones are not', async () => {
  visitor = await Person.visit(stack.url);
  const { widget, page } = visitor;
  await widget.open();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  const live = widget.host.locator('[aria-live=polite]');
  assert.equal(await live.textContent(), '');
  await agent.say(clientId, 'Can you hear me?');
  await waitFor(async () => (await live.textContent()) === 'Support: Can you hear me?', 'the announcement');
  // What comes at once is announced one by one, also the same words once more, and also when the panel is closed.
  const region = await live.elementHandle();
  await Promise.all([agent.say(clientId, 'Can you hear me?'), agent.say(clientId, 'Hello?')]);
  await waitFor(async () => (await live.locator('p').count()) === 3, 'another two announcements');
  await page.keyboard.press('Escape');
  await widget.panel.waitFor({ state: 'detached' });
  await agent.say(clientId, 'I am still here.');
  await live.getByText('Support: I am still here.').waitFor({ state: 'attached' });
  await widget.launcher.click();
  await widget.field.waitFor();
  assert.ok(await region.evaluate((element) => element.isConnected), 'nothing of it is put there once more');
  // The place where the state of the connection is said is there before there is anything to say.
  assert.equal(await widget.panel.getByRole('status').textContent(), '');
  await page.reload();
  await widget.field.waitFor();
  await waitFor(async () => (await widget.texts()).length === 4, 'the conversation');
  assert.equal(await live.textContent(), '');
});

for (const [what, viewport] of [['a phone of 320 px', { width: 320, height: 568 }], ['400 % zoom', { width: 320, height: 256 }],
  ['200 % zoom', { width: 640, height: 400 }], ['a phone of 390 px', phone], ['a phone on its side', { width: 844, height: 390 }]]) {
  test(`${what}: all of it fits, nothing has to be scrolled sideways`, async () => {
    visitor = await Person.visit(stack.url, { viewport });
    const { widget, page } = visitor;
    await widget.open();
    await widget.say(`a word that is ${'very '.repeat(3)}${'l'.repeat(120)}ong`);
    await widget.field.fill('one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten');
    const box = await widget.panel.boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= viewport.width && box.y + box.height <= viewport.height, JSON.stringify(box));
    assert.ok(await widget.log.evaluate((log) => log.scrollWidth <= log.clientWidth));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    for (const name of ['Send', 'Emoji', 'Minimize chat', 'More']) {
      const button = await widget.panel.getByRole('button', { name }).boundingBox();
      assert.ok(button.width >= 24 && button.height >= 24 && button.y >= box.y && button.y + button.height <= box.y + box.height + 1,
        `${name}: ${JSON.stringify(button)}`);
    }
    assert.ok((await widget.log.boundingBox()).height >= 40, 'there is room for the conversation');
  });
}

for (const lang of ['de', 'fr', 'pl', 'ar']) {
  test(`what can be done about a failed message stays together on the smallest phone, ${lang}`, async () => {
    visitor = await Person.visit(stack.url, { viewport: { width: 320, height: 568 } });
    const { widget, page } = visitor;
    await widget.open();
    await page.evaluate((value) => LiveChat.configure({ lang: value }), lang);
    const texts = JSON.parse(fs.readFileSync(path.join(root, `web/widget/lang/${lang}.json`), 'utf8'));
    await widget.say('x'.repeat(5000));
    await widget.state('x'.repeat(5000), 'failed');
    const box = (name) => widget.panel.getByRole('button', { name }).boundingBox(); // once the language is there
    const [again, discard] = [await box(texts.retry), await box(texts.discard)];
    assert.equal(again.y, discard.y);
    const log = await widget.log.boundingBox();
    for (const { x, width } of [again, discard]) assert.ok(x >= log.x && x + width <= log.x + log.width, `${x}, ${width}`);
  });
}

// Browsers of phones go on taking for hovered what was touched last.
for (const [who, options, shows] of [['a mouse', {}, true], ['a finger', { viewport: phone, hasTouch: true, isMobile: true }, false]]) {
  test(`what ${who} is on is ${shows ? '' : 'not '}highlighted`, async () => {
    visitor = await Person.visit(stack.url, options);
    const { widget } = visitor;
    await widget.open();
    for (const button of [widget.panel.getByRole('button', { name: 'More' }), widget.panel.getByRole('button', { name: 'Emoji' })]) {
      const background = () => button.evaluate((one) => getComputedStyle(one).backgroundColor);
      const before = await background();
      await button.hover();
      assert.ok(await button.evaluate((one) => one.matches(':hover')));
      assert.equal(await background() !== before, shows);
    }
  });
}

for (const [reducedMotion, who] of [['reduce', 'who wants less motion gets none'], ['no-preference', 'others see what comes and who types move']]) {
  test(who, async () => {
    visitor = await Person.visit(stack.url, { reducedMotion });
    const { widget } = visitor;
    await widget.open();
    const clientId = await widget.clientId();
    await agent.join(clientId);
    await agent.say(clientId, 'hello');
    await widget.shows(['hello']);
    for (const isTyping of [false, true]) agent.emit('typing', { clientId, isTyping, sender: 'admin' });
    await widget.panel.locator('.typing').waitFor();
    const moving = await widget.panel.evaluate((panel) => [panel, ...panel.querySelectorAll('*')]
      .filter((element) => getComputedStyle(element).animationName !== 'none').map((element) => element.className || element.localName));
    assert.deepEqual(moving, reducedMotion === 'reduce' ? [] : ['panel', 'message theirs arrived', 'message theirs typing', 'i', 'i', 'i']);
  });
}

test('the button that sends looks like it when there is something to send, also under the mouse', async () => {
  visitor = await Person.visit(stack.url);
  const { widget } = visitor;
  await widget.open();
  const send = widget.panel.getByRole('button', { name: 'Send' });
  const background = (element) => element.evaluate((one) => getComputedStyle(one).backgroundColor);
  const accent = await background(widget.panel.locator('.header'));
  assert.notEqual(await background(send), accent);
  await widget.field.fill('something');
  assert.equal(await background(send), accent);
  await send.hover();
  assert.equal(await background(send), accent);
});

test('what has the focus shows it, with either theme and a colour that can hardly be seen', async () => {
  for (const theme of ['light', 'dark']) {
    for (const color of ['#2d53d4', '#ffff66', '#101010']) {
      visitor = await Person.visit(stack.url);
      const { widget, page } = visitor;
      await page.evaluate((changes) => LiveChat.configure(changes), { theme, color });
      await widget.open();
      const names = new Set();
      for (let i = 0; i < 12; i += 1) {
        await page.keyboard.press('Shift+Tab');
        const { name, shown } = await page.evaluate(() => {
          const element = document.activeElement.shadowRoot?.activeElement;
          if (!element) return { name: 'the page', shown: true };
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const ring = getComputedStyle(element.closest('.field') ?? element).boxShadow; // of the field, where one writes
          return { name: element.getAttribute('aria-label'), shown: element.localName === 'textarea' ? ring !== 'none' : outlineStyle === 'solid' && outlineWidth === '2px' };
        });
        assert.ok(shown, `${name}, ${theme}, ${color}`);
        names.add(name);
      }
      for (const name of ['Messages', 'Minimize chat', 'More']) assert.ok(names.has(name), [...names].join());
      await visitor.leave();
    }
  }
  visitor = undefined;
});

const greetings = {
  en: 'Hello! How can we help you?', 'de-AT': 'Guten Tag! Wie können wir helfen?', fr: 'Bonjour ! Comment pouvons-nous vous aider ?',
  es: '¡Hola! ¿En qué podemos ayudarle?', 'pt-BR': 'Olá! Como podemos ajudar?', pl: 'Dzień dobry! W czym możemy pomóc?',
  ar: 'مرحبًا! كيف يمكننا مساعدتك؟', 'zh-Hans': '您好！有什么可以帮您？', 'tlh': 'Hello! How can we help you?',
};
for (const [lang, greeting] of Object.entries(greetings)) {
  test(`a page in ${lang} is greeted with "${greeting}"`, async () => {
    visitor = await Person.arrive();
    const { widget, page } = visitor;
    await page.addInitScript((value) => {
      new MutationObserver((_, observer) => {
        if (!document.documentElement) return;
        document.documentElement.lang = value;
        observer.disconnect();
      }).observe(document, { childList: true });
    }, lang);
    await visitor.goTo(stack.url);
    await widget.open();
    await widget.panel.getByText(greeting).waitFor();
    const direction = await widget.panel.evaluate((panel) => getComputedStyle(panel).direction);
    assert.equal(direction, lang === 'ar' ? 'rtl' : 'ltr');
    const { x, width } = await widget.panel.boundingBox();
    assert.equal(x < 100, lang === 'ar', `the panel is ${x} pixels from the left, ${width} wide`);
    await checkAccessibility(page, lang);
    await widget.say('one');
    await widget.state('one', 'sent');
  });
}
