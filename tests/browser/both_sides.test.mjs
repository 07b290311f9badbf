// Everybody with a browser of their own: two visitors with the widget on a shop's pages, which are of another
// origin, and an agent with the console, signed in. What one does, the other sees, and no one sees more.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import YAML from 'yaml';

import { addAgent, kPassword } from '../harness/access.mjs';
import { root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { Person } from './lib/people.mjs';
import { Site } from './lib/site.mjs';
import { stack, storedTexts, suite } from './lib/suite.mjs';

let site;
let ann;
let bob;
let agent;

suite(async () => {
  const page = () => ({ html: `<!doctype html><html lang="en"><title>A shop</title><body><h1>Shop</h1>
    <script async src="${stack.url}/widget.js" data-site="shop"></script></body></html>` });
  site = await Site.start({ '/': page, '/cart': page });
  return { auth: 'token', set: [`auth.allowed_origins=["${site.origin}"]`] };
});

after(() => site?.stop());

// Ann and Bob have said hello, the agent sees both in the list.
beforeEach(async () => {
  await addAgent((text) => stack.sql(text), 'anna').catch(() => {}); // there since the first test
  agent = await Agent.open(stack.url);
  await agent.signIn('anna', kPassword);
  await agent.ready();
  ann = await Person.visit(`${site.origin}/`);
  bob = await Person.visit(`${site.origin}/cart`);
  for (const [person, text] of [[ann, 'Hello from Ann'], [bob, 'Hello from Bob']]) {
    await person.widget.open();
    await person.widget.say(text);
    await person.widget.state(text, 'sent');
    person.clientId = await person.widget.clientId();
    await agent.row(person.clientId).getByText(text).waitFor();
  }
});

afterEach(async () => {
  const complaints = [ann, bob, agent].map((person) => person.complaints);
  for (const person of [ann, bob, agent]) await person.leave();
  assert.deepEqual(complaints, [[], [], []]);
});

const typing = ({ widget }) => widget.panel.locator('.typing');
const tab = ({ clientId }) => agent.tab(clientId);

test('two conversations at once: every word is in its own, on both sides and in the database', async () => {
  await agent.openConversation(ann.clientId);
  await agent.shows(['Hello from Ann']);
  await ann.widget.state('Hello from Ann', 'read');
  await agent.say('Hello Ann');
  await ann.widget.shows(['Hello from Ann', 'Hello Ann']);
  await agent.state('Hello Ann', 'Read');
  await bob.widget.shows(['Hello from Bob']);
  await bob.widget.state('Hello from Bob', 'sent'); // no one has looked at it

  await agent.openConversation(bob.clientId);
  await bob.widget.state('Hello from Bob', 'read');
  await agent.say('Hello Bob');
  await bob.widget.shows(['Hello from Bob', 'Hello Bob']);
  // All three at the same time.
  await Promise.all([
    (async () => { for (let i = 0; i < 5; i += 1) await ann.widget.say(`Ann ${i}`); })(),
    (async () => { for (let i = 0; i < 5; i += 1) await bob.widget.say(`Bob ${i}`); })(),
    (async () => { for (let i = 0; i < 5; i += 1) await agent.say(`to Bob ${i}`); })(),
  ]);
  await waitFor(async () => (await bob.widget.texts()).length === 12, 'Bob’s conversation');
  await waitFor(async () => (await ann.widget.texts()).length === 7, 'Ann’s conversation');
  const stored = await storedTexts(bob.clientId);
  await bob.widget.shows(stored);
  await agent.shows(stored);
  assert.deepEqual(stored.filter((text) => /Ann/.test(text)), []);
  await tab(ann).locator('.tab-name').click();
  await agent.shows(['Hello from Ann', 'Hello Ann', 'Ann 0', 'Ann 1', 'Ann 2', 'Ann 3', 'Ann 4']);
  assert.deepEqual(await storedTexts(ann.clientId), await ann.widget.texts());
});

test('what the widget tells of its visitor and of the page is what the agent sees, also when it changes', async () => {
  const carl = await Person.arrive({
    timezoneId: 'Asia/Tokyo',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
  });
  await carl.page.goto(`${site.origin}/`, { referer: 'https://search.example/' });
  await carl.page.evaluate(() => LiveChat.identify({ name: 'Carl <b>C</b>', email: 'carl@example.com' }));
  await carl.widget.open();
  await carl.widget.say('It is me');
  await agent.openConversation('Carl <b>C</b>');
  await agent.head.getByRole('heading', { name: 'Carl <b>C</b>' }).waitFor();
  const told = (name) => agent.details.locator('.fact', { has: agent.page.getByText(name, { exact: true }) }).locator('dd').innerText();
  const facts = async () => Object.fromEntries(await Promise.all(['E-mail', 'Page', 'Came from', 'Language'].map(async (name) => [name, await told(name)])));
  assert.deepEqual(await facts(), { 'E-mail': 'carl@example.com', Page: `${site.origin}/`, 'Came from': 'https://search.example/', Language: 'English' });
  assert.equal(await told('Browser'), 'Chrome 128 on Linux');
  const inTokyo = await agent.page.evaluate(() => new Date().toLocaleString('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit' }));
  assert.match(await told('Local time'), new RegExp(`${inTokyo}.*\\(Asia/Tokyo\\)`));
  await carl.page.goto(`${site.origin}/cart`);
  await agent.details.getByRole('link', { name: `${site.origin}/cart` }).waitFor();
  assert.deepEqual(carl.complaints, []);
  await carl.leave();
});

test('typing is seen by the one it is meant for, both ways, and ends', async () => {
  await agent.openConversation(ann.clientId);
  await agent.composer.pressSequentially('I am looking');
  await typing(ann).waitFor();
  assert.equal(await typing(bob).count(), 0);
  await agent.composer.press('Enter');
  await ann.widget.shows(['Hello from Ann', 'I am looking']);
  await typing(ann).waitFor({ state: 'detached' });

  await bob.widget.field.pressSequentially('And I');
  await agent.row(bob.clientId).getByText(/typing/i).waitFor();
  assert.equal(await agent.row(ann.clientId).getByText(/typing/i).count(), 0);
  await bob.widget.field.press('Enter');
  await agent.row(bob.clientId).getByText('And I').waitFor();
  await agent.row(bob.clientId).getByText(/typing/i).waitFor({ state: 'detached' });
});

test('what is unread is counted on both sides until it is read', async () => {
  const title = await ann.page.title();
  await agent.openConversation(bob.clientId);
  await ann.widget.say('second');
  await waitFor(async () => /2 unread/.test(await agent.row(ann.clientId).textContent()), 'two unread messages in the list');
  await agent.openConversation(ann.clientId);
  await ann.widget.state('second', 'read');
  await waitFor(async () => !/unread/.test(await agent.row(ann.clientId).textContent()), 'no unread messages in the list');

  await ann.page.evaluate(() => LiveChat.close());
  await agent.say('one');
  await agent.say('two');
  await waitFor(async () => (await ann.page.title()) === `(2) ${title}`, 'the title of Ann’s page');
  assert.equal(await ann.widget.launcher.innerText(), '2');
  await agent.state('two', 'Sent');
  assert.equal(await bob.widget.page.title(), title);
  await ann.widget.launcher.click();
  await agent.state('two', 'Read');
  await waitFor(async () => (await ann.page.title()) === title, 'the plain title');
});

test('the agent closes one conversation and opens it again; the other one goes on', async () => {
  const ended = ({ widget }) => widget.notice.getByText('This conversation has ended');
  await agent.openConversation(ann.clientId);
  await agent.page.getByRole('button', { name: 'Close the conversation' }).click();
  await ended(ann).waitFor();
  assert.equal(await ended(bob).count(), 0);
  await agent.page.getByRole('button', { name: 'Reopen the conversation' }).click();
  await ended(ann).waitFor({ state: 'detached' });

  // The visitor ends it, and opens it again with a word.
  await ann.widget.panel.getByRole('button', { name: 'More' }).click();
  await ann.widget.endConversation();
  await agent.head.getByText('Closed').waitFor();
  await ann.widget.say('one more thing');
  await agent.head.getByText('Closed').waitFor({ state: 'detached' });
  await agent.shows(['Hello from Ann', 'one more thing']);
  await bob.widget.shows(['Hello from Bob']);
});

test('the visitor sees when an agent comes and goes, the agent when the visitor does, over reloads of both', async () => {
  await ann.widget.panel.getByText('We are here').waitFor();
  await agent.openConversation(ann.clientId);
  await ann.page.reload();
  await ann.widget.shows(['Hello from Ann']);
  await agent.say('before your reload, after mine');
  await agent.page.reload();
  await agent.ready();
  await agent.shows(['Hello from Ann', 'before your reload, after mine']);
  await ann.widget.shows(['Hello from Ann', 'before your reload, after mine']);
  await ann.page.reload(); // an agent who has just answered counts as there
  await ann.widget.panel.getByText('We are here').waitFor();
  await agent.page.goto('about:blank');
  await ann.widget.panel.getByText('Nobody is here right now').waitFor();
  await agent.page.goto(`${stack.url}/console/`);
  await agent.ready();
  await ann.widget.panel.getByText('We are here').waitFor();
});

test('the page that scripts/run opens on has the widget and leads to the console, and both ask only for what is documented', async () => {
  const { paths } = YAML.parse(fs.readFileSync(path.join(root, 'docs/openapi.yaml'), 'utf8'));
  const documented = Object.keys(paths).map((one) => new RegExp(`^/api/chat${one.replaceAll(/{[^}]+}/g, '[^/]+')}$`));
  const dora = await Person.arrive();
  const asked = new Set();
  dora.page.context().on('request', (one) => asked.add(one.url()));
  dora.page.on('websocket', (socket) => asked.add(socket.url()));
  await dora.goTo(stack.url);
  await dora.widget.open();
  await dora.widget.say('Hello from Dora');
  await dora.widget.state('Hello from Dora', 'sent');
  await dora.page.getByRole('link', { name: 'Agents’ console' }).click();
  const desk = new Agent(dora.page);
  await desk.signIn('anna', kPassword);
  await desk.ready();
  await desk.openConversation('Hello from Dora');
  await desk.say('Hello Dora');
  await desk.state('Hello Dora', 'Sent');
  const foreign = [...asked].filter((url) => new URL(url).host !== new URL(stack.url).host && !url.startsWith('data:') && !url.startsWith('blob:'));
  assert.deepEqual(foreign, []);
  const talks = [...asked].map((url) => new URL(url)).filter(({ pathname }) => !/^\/(|widget\.js|(demo|console|livechat)\/.*)$/.test(pathname));
  for (const { pathname } of talks) assert.ok(pathname === '/socket.io/' || documented.some((one) => one.test(pathname)), pathname);
  for (const wanted of ['/socket.io/', '/api/chat/initialize', '/api/chat/sessions']) {
    assert.ok(talks.some(({ pathname }) => pathname === wanted), wanted);
  }
  await dora.leave();
});
