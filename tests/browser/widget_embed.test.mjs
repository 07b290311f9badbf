// The widget on other people's pages: what it costs them, what it may do there, and what it leaves alone.
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';

import { waitFor } from '../harness/wait.mjs';
import { checkAccessibility } from './lib/axe.mjs';
import { Person } from './lib/people.mjs';
import { Site } from './lib/site.mjs';
import { agent, stack, suiteWithAgent } from './lib/suite.mjs';

let site;
let visitor;

const tag = (more = '') => `<script async src="${stack.url}/widget.js" data-site="shop" ${more}></script>`;
const page = (body) => `<!doctype html><html lang="en"><title>A shop</title><body>${body}</body></html>`;
const socketUrl = () => stack.url.replace('http', 'ws');

suiteWithAgent(async () => {
  site = await Site.start({
    '/': () => ({ html: page(`<h1>Shop</h1>${tag()}`) }),
    '/strict': () => ({
      html: page(`<h1>Shop</h1>${tag()}<script src="/page.js"></script>`),
      headers: {
        'Content-Security-Policy': `default-src 'none'; script-src 'self' ${stack.url}; connect-src ${stack.url} ${socketUrl()};
          base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`.replace(/\s+/g, ' '),
      },
    }),
    '/styled': () => ({
      html: page(`<h1>Shop</h1>${tag()}`),
      headers: { 'Content-Security-Policy': `default-src 'none'; script-src ${stack.url}; style-src ${stack.url}; connect-src ${stack.url} ${socketUrl()}` },
    }),
    '/module': () => ({
      html: page(`<h1>Shop</h1><script type="module">
        import { Conversation } from '${stack.url}/livechat/client/livechat-client.js';
        const conversation = new Conversation({ server: '${stack.url}', clientId: 'module 1' });
        const draw = () => (window.view = { link: conversation.link, messages: conversation.messages.map(({ message }) => message) });
        conversation.on('change', draw);
        conversation.start();
        window.conversation = conversation;
      </script>`),
    }),
    '/page.js': { type: 'text/javascript', html: '(window.LiveChat ??= []).push((chat) => { window.early = chat; });' },
    '/ugly': () => ({
      html: page(`<style>body * { display: block !important; color: red !important; font: 40px serif !important; position: static !important;
        margin: 9px !important; transform: rotate(9deg) !important; } button, textarea, livechat-widget { display: none !important; }
        </style><h1>Shop</h1><p class="panel bubble launcher">text</p>${tag()}`),
    }),
    '/dressed': () => ({
      html: page(tag('data-color="#ffd400" data-title="Ask Anna" data-greeting="Servus!" data-theme="dark" data-position="start" data-lang="de"')),
    }),
    '/named': () => ({ html: page(tag('data-client-id="customer 7" data-name="Ada" data-email="ada@example.com"')) }),
  });
  return { set: [`auth.allowed_origins=["${site.origin}"]`] };
});

after(() => site?.stop());

afterEach(() => visitor?.leave());

// Everything that the page has asked livechat's server for: { path, bytes } with bytes as they travelled.
function watchRequests(watched) {
  const requests = [];
  watched.on('requestfinished', (request) => {
    const url = new URL(request.url());
    if (url.origin !== stack.url) return;
    const entry = { path: url.pathname, bytes: 0 };
    requests.push(entry);
    entry.measured = request.sizes().then((sizes) => (entry.bytes = sizes.responseBodySize), () => {});
  });
  return requests;
}

test('it is one request until it is opened, and at most 35 KiB with everything that it needs', async () => {
  visitor = await Person.arrive();
  const requests = watchRequests(visitor.page);
  await visitor.goTo(`${site.origin}/`);
  await visitor.widget.launcher.waitFor();
  await visitor.page.waitForLoadState('networkidle');
  assert.deepEqual(requests.map((request) => request.path), ['/widget.js']);
  await visitor.widget.open();
  const files = () => requests.filter((request) => /^\/(widget|livechat\/)/.test(request.path));
  await waitFor(() => files().length === 3, 'the panel and its language');
  await Promise.all(files().map((file) => file.measured));
  const bytes = files().reduce((sum, file) => sum + file.bytes, 0);
  assert.ok(bytes > 10_000 && bytes <= 35 * 1024, `${bytes} bytes: ${JSON.stringify(files())}`);
});

test('a page of another origin, with a strict CSP and trusted types, holds a conversation without a complaint', async () => {
  visitor = await Person.arrive();
  const { widget, page: shop } = visitor;
  const violations = [];
  await shop.exposeFunction('violated', (what) => violations.push(what));
  await shop.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.violated(`${violatedDirective} ${blockedURI}`));
  });
  await visitor.goTo(`${site.origin}/strict`);
  await widget.open();
  await widget.say('from the shop, see https://example.com/');
  await widget.state('from the shop, see https://example.com/ (opens in a new window)', 'sent');
  const clientId = await widget.clientId();
  assert.match(clientId, /^shop-/);
  await agent.join(clientId);
  await agent.say(clientId, 'hello, shop');
  await waitFor(async () => (await widget.texts()).includes('hello, shop'), 'the answer');
  await widget.field.fill('line\n'.repeat(6));
  await widget.panel.getByRole('button', { name: 'Emoji' }).click();
  await shop.reload();
  await waitFor(async () => (await widget.texts()).includes('hello, shop'), 'the conversation after a reload');
  assert.ok(await shop.evaluate(() => typeof window.early.open === 'function'), 'pages that are faster are served');
  const styled = await widget.panel.evaluate((panel) => getComputedStyle(panel).position);
  assert.equal(styled, 'absolute', 'styles came through');
  assert.deepEqual(violations, []);
  assert.deepEqual(visitor.complaints, []);
});

test('long-polling works from another origin, too', async () => {
  visitor = await Person.arrive();
  const { widget, page: shop } = visitor;
  await shop.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await visitor.goTo(`${site.origin}/`);
  await widget.open();
  await widget.say('by polling');
  await widget.state('by polling', 'sent');
});

test('the page gets one name, no style, no element but one, and is not moved', async () => {
  visitor = await Person.arrive();
  const { widget, page: shop } = visitor;
  await shop.addInitScript(() => {
    window.shifts = [];
    // Of what is not the widget's own.
    const ofPage = ({ node }) => node?.getRootNode() === document && node.localName !== 'livechat-widget';
    new PerformanceObserver((list) => {
      window.shifts.push(...list.getEntries().filter((entry) => entry.sources.some(ofPage)).map((entry) => entry.value));
    }).observe({ type: 'layout-shift', buffered: true });
    window.namesBefore = Object.getOwnPropertyNames(window);
  });
  await visitor.goTo(`${site.origin}/`);
  await widget.open();
  await widget.say('hello');
  await widget.state('hello', 'sent');
  const own = ['seen', 'LiveChat', 'namesBefore', 'shifts'];
  const found = await shop.evaluate(() => ({
    names: Object.getOwnPropertyNames(window).filter((name) => !window.namesBefore.includes(name)),
    styles: document.styleSheets.length + document.adoptedStyleSheets.length + document.querySelectorAll('style, link').length,
    elements: [...document.body.children, ...document.documentElement.children].map((element) => element.localName),
    attributes: document.querySelector('livechat-widget').getAttributeNames(),
    shifts: window.shifts.reduce((sum, value) => sum + value, 0),
  }));
  assert.deepEqual(found.names.filter((name) => !own.includes(name) && !/^\d+$/.test(name)), []);
  assert.deepEqual(found.elements.filter((name) => name !== 'script'), ['h1', 'head', 'body', 'livechat-widget']);
  assert.deepEqual([found.styles, found.shifts, found.attributes], [0, 0, []]);
});

test('the page’s styles, however rude, stay outside, and the widget’s inside', async () => {
  const look = async (path) => {
    visitor = await Person.visit(`${site.origin}${path}`);
    const { widget } = visitor;
    await widget.launcher.click();
    await widget.field.waitFor();
    const style = await widget.panel.evaluate((panel) => {
      const { color, fontSize, fontFamily, position, transform } = getComputedStyle(panel);
      const { top, left, width, height } = panel.getBoundingClientRect();
      return { color, fontSize, fontFamily, position, transform, top, left, width, height };
    });
    const text = await visitor.page.evaluate(() => {
      const element = document.querySelector('p.bubble');
      return element && [getComputedStyle(element).backgroundColor, getComputedStyle(element).borderRadius];
    });
    await visitor.leave();
    visitor = undefined;
    return { style, text };
  };
  const plain = await look('/');
  const ugly = await look('/ugly');
  assert.deepEqual(ugly.style, plain.style);
  assert.deepEqual(ugly.text, ['rgba(0, 0, 0, 0)', '0px']);
});

test('colours, texts, side, theme and language are the site’s to choose', async () => {
  visitor = await Person.visit(`${site.origin}/dressed`);
  const { widget } = visitor;
  await widget.launcher.waitFor();
  assert.equal(await widget.launcher.getAttribute('aria-label'), 'Chat öffnen');
  assert.ok((await widget.launcher.boundingBox()).x < 100);
  await widget.open();
  await widget.panel.getByRole('heading', { name: 'Ask Anna' }).waitFor();
  await widget.panel.getByText('Servus!').waitFor();
  const [background, text, surface] = await widget.panel.evaluate((panel) => {
    const { backgroundColor, color } = getComputedStyle(panel.querySelector('.header'));
    return [backgroundColor, color, getComputedStyle(panel).backgroundColor];
  });
  assert.deepEqual([background, text], ['rgb(255, 212, 0)', 'rgb(0, 0, 0)'], 'black is readable on yellow');
  assert.equal(surface, 'rgb(23, 26, 33)');
});

test('LiveChat opens, closes, names the visitor and tells what happens', async () => {
  visitor = await Person.visit(`${site.origin}/`);
  const { widget, page: shop } = visitor;
  await widget.launcher.waitFor();
  await shop.evaluate(() => LiveChat.open());
  await widget.settled();
  await widget.say('as nobody');
  await widget.state('as nobody', 'sent');
  await shop.evaluate(() => LiveChat.identify({ clientId: 'customer 8', name: 'Ada <b>', email: 'ada@example.com' }));
  await widget.shows([]);
  await widget.say('as a customer');
  await widget.state('as a customer', 'sent');
  await agent.join('customer 8');
  await agent.hears('new-message', (data) => data.message === 'as a customer');
  await shop.evaluate(() => LiveChat.close());
  await agent.say('customer 8', 'hello, customer');
  await waitFor(() => shop.evaluate(() => window.seen.unread === 1), 'the number of unread messages');
  const told = await shop.evaluate(() => window.seen.events.map(([name, data]) => (name === 'message' ? data.message : name)));
  for (const one of ['open', 'close', 'as nobody', 'as a customer', 'hello, customer']) assert.ok(told.includes(one), one);
  await shop.evaluate(() => LiveChat.identify());
  await shop.evaluate(() => LiveChat.open());
  await widget.shows(['as nobody']);
});

test('a site names its visitor in the tag', async () => {
  visitor = await Person.visit(`${site.origin}/named`);
  await visitor.widget.launcher.click();
  await visitor.widget.settled();
  await visitor.widget.say('it is me');
  await visitor.widget.state('it is me', 'sent');
  assert.deepEqual(await stack.sql("SELECT COUNT(*) FROM session WHERE client_id = 'customer 7'"), [['1']]);
});

test('the client alone is a module that any page may build its own view on', async () => {
  visitor = await Person.arrive();
  const { page: shop } = visitor;
  await visitor.goTo(`${site.origin}/module`);
  await waitFor(() => shop.evaluate(() => window.view?.link === 'live'), 'the connection');
  await shop.evaluate(() => window.conversation.send('by the module'));
  await waitFor(() => shop.evaluate(() => window.view.messages.join() === 'by the module'), 'the message');
  await agent.join('module 1');
  await agent.say('module 1', 'heard');
  await waitFor(() => shop.evaluate(() => window.view.messages.join() === 'by the module,heard'), 'the answer');
  assert.equal(await shop.locator('livechat-widget').count(), 0);
});

const scripts = [
  '<script>window.hacked = true</script>', '<img src=x onerror="window.hacked = true">', '"><svg onload=window.hacked=true>',
  'javascript:window.hacked=true', '[x](javascript:window.hacked=true)', 'https://example.com/"onmouseover="window.hacked=true',
  '{{constructor.constructor("window.hacked = true")()}}', '<a href="javascript:window.hacked=true">click</a>', '\u202Etxt.exe http://e\u202Example.com',
];

test('scripts and their friends are text, from the visitor and to them, also after a reload', async () => {
  visitor = await Person.visit(`${site.origin}/`);
  const { widget, page: shop } = visitor;
  await widget.open();
  const clientId = await widget.clientId();
  await agent.join(clientId);
  for (const text of scripts) {
    await widget.say(text);
    await agent.say(clientId, text);
  }
  await waitFor(async () => (await widget.messages()).filter((message) => message.state !== 'sending').length === scripts.length * 2, 'all of them');
  const shown = (await widget.texts()).map((text) => text.replaceAll(' (opens in a new window)', ''));
  for (const text of scripts) assert.equal(shown.filter((one) => one === text).length, 2, text);
  const links = await widget.log.locator('a').evaluateAll((all) => all.map((one) => one.protocol));
  assert.ok(links.every((protocol) => /^https?:$/.test(protocol)), links.join());
  await shop.reload();
  await waitFor(async () => (await widget.texts()).length === scripts.length * 2, 'all of them again');
  assert.equal(await shop.evaluate(() => window.hacked), undefined);
  assert.equal(await widget.log.locator('script, img, svg:not(.state svg), [onload], [onerror], [onmouseover]').count(), 0);
});

test('a page that is not on the list of origins gets no conversation, and is told so', async () => {
  const other = await Site.start({ '/': () => ({ html: page(`<h1>Shop</h1>${tag()}`) }) });
  visitor = await Person.visit(other.origin);
  const { widget } = visitor;
  await widget.launcher.click();
  await widget.host.getByText('The chat is not available here.').waitFor();
  await widget.launcher.waitFor({ state: 'hidden' });
  assert.equal(await widget.panel.count(), 0, 'no panel in which nothing can be done');
  assert.notEqual(await widget.connection(), 'offline');
  const told = () => visitor.complaints.filter((text) => text.includes(`add "${other.origin}" to auth.allowed_origins`));
  assert.equal(told().length, 1);
  await checkAccessibility(visitor.page, 'refused', 'livechat-widget');
  await visitor.page.reload();
  await visitor.page.waitForLoadState('networkidle');
  assert.equal(await widget.launcher.isVisible(), false, 'it is known already');
  await other.stop();
});

test('the page changes language and texts while the conversation is open', async () => {
  visitor = await Person.visit(`${site.origin}/`);
  const { widget, page: shop } = visitor;
  await widget.open();
  await widget.say('hello');
  await widget.state('hello', 'sent');
  await widget.field.fill('half a sen');
  await shop.evaluate(() => LiveChat.configure({ lang: 'ar' }));
  await widget.panel.getByText('مرحبًا! كيف يمكننا مساعدتك؟').waitFor();
  assert.equal(await widget.panel.evaluate((panel) => getComputedStyle(panel).direction), 'rtl');
  await shop.evaluate(() => LiveChat.configure({ lang: 'de', texts: { title: 'Frag Anna' }, theme: 'dark', position: 'start' }));
  await widget.panel.getByRole('heading', { name: 'Frag Anna' }).waitFor();
  await widget.panel.getByText('Guten Tag! Wie können wir helfen?').waitFor();
  assert.equal(await widget.launcher.getAttribute('aria-label'), 'Chat öffnen');
  assert.ok((await widget.panel.boundingBox()).x < 100);
  assert.equal(await widget.field.inputValue(), 'half a sen');
  await widget.shows(['hello']);
  await checkAccessibility(shop, 'another language, dark', 'livechat-widget');
});

for (const forbidden of [false, true]) {
  test(`a browser without constructable style sheets${forbidden ? ', where the page forbids inline styles' : ''}`, async () => {
    visitor = await Person.arrive();
    const { widget, page: shop } = visitor;
    await shop.addInitScript(() => {
      delete Document.prototype.adoptedStyleSheets;
      delete ShadowRoot.prototype.adoptedStyleSheets;
      delete CSSStyleSheet.prototype.replaceSync;
    });
    await visitor.goTo(`${site.origin}/${forbidden ? 'styled' : ''}`);
    await widget.open();
    const { position, width } = await widget.panel.evaluate((panel) => getComputedStyle(panel));
    assert.deepEqual([position, width], ['absolute', '392px']);
    assert.equal(await widget.host.locator('.launcher').evaluate((button) => getComputedStyle(button).borderRadius), '50%');
    await widget.say('with style');
    await widget.state('with style', 'sent');
    assert.deepEqual(visitor.complaints, []);
  });
}
