// A visitor who is not let in, or not any more: the widget says so, takes nothing that it cannot send, loses
// nothing that was written, and goes on by itself when the refusal ends.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';

import { sign } from '../harness/access.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { request } from '../harness/http.mjs';
import { Network } from '../harness/network.mjs';
import { literal } from '../harness/sql.mjs';
import { waitFor } from '../harness/wait.mjs';
import { checkView, looks } from './lib/looks.mjs';
import { Person } from './lib/people.mjs';
import { stack, storedTexts, suite } from './lib/suite.mjs';

const secret = 'a secret of the site, long enough';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-secret-'));
fs.writeFileSync(path.join(folder, 'site.secret'), secret, { mode: 0o600 });

let network;
let visitor;
let customers = 0;

// Only visitors whom the site vouches for are let in.
suite({ auth: 'token', set: [`auth.site_secret_file=${path.join(folder, 'site.secret')}`, 'auth.require_signature=true'] });
after(() => fs.rmSync(folder, { recursive: true }));

beforeEach(async () => {
  network = await Network.open(stack);
});

afterEach(async () => {
  await visitor.leave();
  network.close();
});

const banned = 'You cannot write here at the moment.';
const signIn = 'Please sign in to this site to write to us.';

const ban = (clientId) => stack.sql(`INSERT INTO ban (kind, value) VALUES ('client', ${literal(clientId)})`);
const lift = (clientId) => stack.sql(`DELETE FROM ban WHERE value = ${literal(clientId)}`);
const answer = (clientId, text) => stack.sql(`CALL livechat_send(${literal(clientId)}, 'admin', ${literal(text)})`);

function identify({ page }, clientId) {
  return page.evaluate((identity) => LiveChat.identify(identity), { clientId, signature: sign(secret, clientId) });
}

// A customer of the site with an open conversation, in which "before" was said. Gives the clientId.
async function customer(options, prepare = () => {}) {
  visitor = await Person.arrive(options);
  await prepare(visitor.page);
  await visitor.goTo(network.url);
  const clientId = `customer ${(customers += 1)}`;
  await visitor.widget.launcher.waitFor();
  await identify(visitor, clientId);
  await visitor.widget.launcher.click();
  await visitor.widget.say('before');
  await visitor.widget.state('before', 'sent');
  return clientId;
}

const isLocked = ({ widget }) => widget.field.evaluate((field) => field.readOnly);
const button = ({ widget }, name) => widget.panel.getByRole('button', { name });

for (const { title, phone, options } of looks) {
  test(`who is banned while typing is told, keeps the draft and the focus, and goes on when the ban ends, ${title}`, async () => {
    const clientId = await customer(options);
    const { widget, page } = visitor;
    await widget.field.fill('half a sen');
    await ban(clientId);
    await widget.notice.getByText(banned).waitFor();
    assert.ok(await isLocked(visitor));
    const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.localName);
    assert.equal(await focused(), 'textarea', 'what was typed can be selected and copied');
    assert.equal(await widget.field.inputValue(), 'half a sen');
    assert.equal(await widget.field.evaluate((field) => field.getRootNode().getElementById(field.getAttribute('aria-describedby')).textContent), banned);
    await page.keyboard.press('Enter');
    await page.keyboard.type('tence');
    await button(visitor, 'Emoji').click({ force: true }); // as a person would who does not know better
    assert.equal(await widget.panel.locator('.emoji').count(), 0);
    assert.equal(await widget.field.inputValue(), 'half a sen');
    await widget.shows(['before']);
    for (const name of ['Send', 'Emoji']) assert.equal(await button(visitor, name).getAttribute('aria-disabled'), 'true');
    assert.equal(await button(visitor, 'Start a new conversation').count(), 0);
    await button(visitor, 'More').click();
    assert.deepEqual(await widget.panel.getByRole('menuitem').allInnerTexts(), ['Download transcript']);
    await page.keyboard.press('Escape');
    await checkView(page, `widget-banned-${title}`);

    // Also after a reload, where there is nothing but the draft that could be shown.
    await page.reload();
    await widget.launcher.waitFor({ state: 'attached' });
    await identify(visitor, clientId);
    await widget.notice.getByText(banned).waitFor();
    assert.equal(await widget.field.inputValue(), 'half a sen');
    await checkView(page, `widget-banned-reload-${title}`);

    await answer(clientId, 'You may write again.');
    await lift(clientId);
    await widget.notice.getByText(banned).waitFor({ state: 'detached' });
    await widget.shows(['before', 'You may write again.']);
    await widget.settled(); // all of the server has heard of it
    assert.equal(await isLocked(visitor), false);
    assert.equal(await widget.field.inputValue(), 'half a sen');
    if (phone) await widget.field.focus();
    await widget.field.press('End');
    await widget.field.pressSequentially('tence');
    await widget.field.press('Enter');
    await widget.state('half a sentence', 'sent');
    assert.deepEqual(await storedTexts(clientId), ['before', 'You may write again.', 'half a sentence']);
  });
}

// The programs of the server hear of a ban, and of its end, up to seconds apart.
test('a ban is told once and its end once, whichever program of the server heard of it first', async () => {
  const clientId = await customer();
  const { widget, page } = visitor;
  const told = await widget.notice.evaluateHandle((region) => {
    const texts = [region.textContent];
    const observer = new MutationObserver(() => region.textContent === texts.at(-1) || texts.push(region.textContent));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    return texts;
  });
  let refusals = 0;
  page.on('response', (response) => (refusals += response.url().includes('/api/chat/history/') && response.status() === 403 ? 1 : 0));
  await ban(clientId);
  await widget.notice.getByText(banned).waitFor();
  await waitFor(() => refusals >= 2, 'the widget to have asked whether it is over');
  await lift(clientId);
  await widget.notice.getByText(banned).waitFor({ state: 'detached' });
  await widget.say('after');
  await widget.state('after', 'sent');
  assert.deepEqual(await told.jsonValue(), ['', banned, '']);
});

test('what was on its way when the ban came is not called sent, and is sent once when it ends', async () => {
  const clientId = await customer();
  const { widget } = visitor;
  network.cut();
  await widget.say('one');
  await widget.say('two');
  await widget.state('two', 'waiting');
  const { body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId, signature: sign(secret, clientId) } });
  const elsewhere = await ChatClient.connect(stack, { auth: { token: body.token } });
  await elsewhere.ask('join', clientId);
  await ban(clientId);
  await elsewhere.hears('chat-error', ({ code }) => code === 'banned');
  elsewhere.close();
  network.restore();
  await widget.notice.getByText(banned).waitFor();
  await widget.state('one', 'failed');
  await widget.state('two', 'failed');
  assert.equal(await button(visitor, 'Try again').count(), 0, 'that would be in vain');
  assert.equal(await button(visitor, 'Discard').count(), 2);
  await lift(clientId);
  await widget.notice.getByText(banned).waitFor({ state: 'detached' });
  await widget.state('two', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['before', 'one', 'two']);
});

test('who is banned between two messages hears it by the second one, which is sent when the ban ends', async () => {
  const clientId = await customer();
  const { widget } = visitor;
  await ban(clientId);
  for (let i = 0; !(await isLocked(visitor)); i += 1) {
    await widget.field.fill(`message ${i}`, { timeout: 1_000 }).catch(() => {}); // it may be locked by now
    await widget.field.press('Enter');
    await waitFor(async () => (await isLocked(visitor)) || (await widget.messages()).at(-1)?.state === 'sent', 'an answer');
  }
  await widget.notice.getByText(banned).waitFor();
  await lift(clientId);
  await widget.notice.getByText(banned).waitFor({ state: 'detached' });
  await waitFor(async () => (await widget.messages()).every(({ state }) => state === 'sent'), 'all of them to be sent');
  assert.deepEqual(await storedTexts(clientId), await widget.texts());
});

test('where only REST works a ban is no broken network, and its end is noticed as well', async () => {
  const clientId = await customer({}, async (page) => {
    await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
    await page.route('**/socket.io/**', (route) => route.abort());
  });
  const { widget, page } = visitor;
  await ban(clientId);
  await widget.notice.getByText(banned).waitFor();
  await lift(clientId);
  await widget.notice.getByText(banned).waitFor({ state: 'detached' });
  await widget.say('after');
  await widget.state('after', 'sent');
  const told = await page.evaluate(() => window.seen.events.filter(([name]) => name === 'connection').map(([, state]) => state));
  assert.ok(!told.includes('offline'), told.join());
  assert.equal(await widget.connection(), 'rest');
});

test('who has to sign in first is told so, and what was written before goes on in the conversation of the customer', async () => {
  visitor = await Person.arrive();
  const { widget, page } = visitor;
  let release;
  await page.route('**/api/chat/initialize', async (route) => {
    await new Promise((resolve) => (release = resolve));
    await route.continue();
  }, { times: 1 });
  await visitor.goTo(network.url);
  await widget.launcher.click();
  await widget.say('before anybody could say no');
  await widget.field.fill('and a draft');
  await waitFor(() => release, 'the question');
  release();
  await widget.notice.getByText(signIn).waitFor();
  await widget.state('before anybody could say no', 'failed');
  assert.ok(await isLocked(visitor));
  assert.equal(await button(visitor, 'Start a new conversation').count(), 0, 'it would not be let in either');
  assert.notEqual(await widget.connection(), 'offline');
  await checkView(page, 'widget-sign-in');

  const clientId = `customer ${(customers += 1)}`;
  await identify(visitor, clientId);
  await widget.notice.getByText(signIn).waitFor({ state: 'detached' });
  assert.equal(await widget.field.inputValue(), 'before anybody could say no\nand a draft');
  await widget.shows([]);
  await widget.field.press('Enter');
  await widget.state('before anybody could say no\nand a draft', 'sent');
  assert.equal((await storedTexts(clientId)).length, 1);
});

test('it is said in every language, and fits on the smallest phone', async () => {
  const clientId = await customer({ viewport: { width: 320, height: 568 } });
  const { widget, page } = visitor;
  await ban(clientId);
  await widget.notice.getByText(banned).waitFor();
  const said = new Set();
  for (const lang of ['en', 'de', 'fr', 'es', 'pt', 'pl', 'ar', 'zh']) {
    await page.evaluate((value) => LiveChat.configure({ lang: value }), lang);
    await waitFor(async () => !said.has(await widget.notice.innerText()), `a text of its own for ${lang}`);
    said.add(await widget.notice.innerText());
    await checkView(page, `widget-banned-${lang}`);
  }
});
