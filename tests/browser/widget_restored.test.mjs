// What the server takes back while a widget is open: texts that are erased, a database restored from a backup.
import assert from 'node:assert/strict';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { adminOf } from '../admin/lib/admin.mjs';
import { dump, load } from '../harness/backup.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Network } from '../harness/network.mjs';
import { Person } from './lib/people.mjs';
import { agent, newAgent, stack, storedTexts, suiteWithAgent } from './lib/suite.mjs';

let visitor;

suiteWithAgent();

beforeEach(async () => {
  visitor = await Person.arrive();
});

afterEach(() => visitor.leave());

async function begin() {
  await visitor.goTo(stack.url);
  await visitor.widget.open();
  const clientId = await visitor.widget.clientId();
  await agent.join(clientId);
  return clientId;
}

async function administer(...args) {
  const { code, stderr } = await adminOf(stack, [...args, '--yes', '--json']);
  assert.equal(code, 0, stderr);
}

const backup = () => path.join(stack.state, 'backup.sql');

// The daemon runs all the time and has to notice.
async function restore() {
  await load(stack, backup());
  await administer('restore-finished');
}

test('texts that are erased vanish from an open widget, from its links, its transcript and its announcements', async () => {
  const { widget, page } = visitor;
  const clientId = await begin();
  await widget.say('my secret, see https://example.com/secret');
  await widget.state('my secret, see https://example.com/secret (opens in a new window)', 'sent');
  await agent.say(clientId, 'I keep your secret');
  await widget.shows(['my secret, see https://example.com/secret (opens in a new window)', 'I keep your secret']);
  await administer('erase', clientId);
  await widget.shows(['This message was deleted', 'This message was deleted']);
  assert.equal(await widget.log.locator('a').count(), 0);
  const everything = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('livechat-widget');
    return shadowRoot.textContent + JSON.stringify({ ...localStorage, ...sessionStorage });
  });
  assert.doesNotMatch(everything, /secret/);
  await widget.panel.getByRole('button', { name: 'More' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'), widget.panel.getByRole('menuitem', { name: 'Download transcript' }).click(),
  ]);
  let transcript = '';
  for await (const part of await download.createReadStream()) transcript += part;
  assert.doesNotMatch(transcript, /secret/);
  assert.equal(transcript.match(/This message was deleted/g).length, 2);
  await widget.say('and on it goes');
  await widget.state('and on it goes', 'sent');
});

test('texts that are erased while the widget has no network are gone when it has one again', async () => {
  const network = await Network.open(stack);
  const { widget } = visitor;
  await visitor.goTo(network.url);
  await widget.open();
  const clientId = await widget.clientId();
  for (const text of ['one', 'two', 'three']) await widget.say(text);
  await widget.state('three', 'sent');
  await agent.read(clientId);
  await widget.state('three', 'read');
  network.cut();
  await widget.notice.getByText('No connection').waitFor();
  await administer('erase', clientId);
  network.restore();
  await widget.settled();
  await widget.shows(['This message was deleted', 'This message was deleted', 'This message was deleted']);
  network.close();
});

test('a database restored from a backup: an open widget shows what that one has, and goes on in it', async () => {
  const { widget } = visitor;
  const clientId = await begin();
  await widget.say('in the backup');
  await widget.state('in the backup', 'sent');
  await dump(stack, backup());
  for (const text of ['lost one', 'lost two']) await agent.say(clientId, text);
  await widget.say('lost three');
  await widget.state('lost three', 'sent');
  await restore();
  await widget.shows(['in the backup']);
  await widget.settled();
  await widget.say('after the restore');
  await widget.state('after the restore', 'sent');
  await newAgent();
  await agent.say(clientId, 'an answer');
  await widget.shows(['in the backup', 'after the restore', 'an answer']);
  assert.deepEqual(await storedTexts(clientId), ['in the backup', 'after the restore', 'an answer']);
});

test('where only REST works a restored database is noticed as well', async () => {
  const { widget, page } = visitor;
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await page.route('**/socket.io/**', (route) => route.abort());
  await visitor.goTo(stack.url);
  await widget.launcher.click();
  await waitFor(async () => (await widget.connection()) === 'rest', 'REST');
  const clientId = await widget.clientId();
  await widget.say('in the backup');
  await widget.state('in the backup', 'sent');
  await dump(stack, backup());
  await agent.say(clientId, 'lost');
  await widget.shows(['in the backup', 'lost']);
  await restore();
  await widget.shows(['in the backup']);
  await widget.say('after the restore');
  await widget.state('after the restore', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['in the backup', 'after the restore']);
  await newAgent();
});

test('a conversation that the backup does not know starts over, and what is written then is kept', async () => {
  const { widget } = visitor;
  await dump(stack, backup());
  const clientId = await begin();
  await widget.say('lost');
  await widget.state('lost', 'sent');
  await restore();
  await widget.shows([]);
  await widget.settled();
  await widget.say('a new beginning');
  await widget.state('a new beginning', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['a new beginning']);
  assert.equal(await widget.notice.innerText(), '');
  await newAgent();
});

test('a visitor whose conversation was removed long ago is welcome', async () => {
  const { widget, page } = visitor;
  const clientId = await begin();
  await widget.say('long ago');
  await widget.state('long ago', 'sent');
  await page.goto('about:blank');
  await stack.sql(`SELECT id INTO @gone FROM session WHERE client_id = '${clientId}';
    DELETE FROM message WHERE session_id = @gone; DELETE FROM session WHERE id = @gone`);
  await visitor.goTo(stack.url);
  await widget.settled();
  await widget.shows([]);
  await widget.say('here I am again');
  await widget.state('here I am again', 'sent');
  assert.deepEqual(await storedTexts(clientId), ['here I am again']);
});
