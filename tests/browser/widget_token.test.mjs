// The widget where everybody reaches only what is theirs (auth.mode = "token").
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, test } from 'node:test';

import { sign } from '../harness/access.mjs';
import { request, sessionPath } from '../harness/http.mjs';
import { literal } from '../harness/sql.mjs';
import { waitFor } from '../harness/wait.mjs';
import { checkView } from './lib/looks.mjs';
import { Person } from './lib/people.mjs';
import { stack, suite } from './lib/suite.mjs';

const secret = 'a secret of the site, long enough';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-secret-'));
fs.writeFileSync(path.join(folder, 'site.secret'), secret, { mode: 0o600 });
let visitor;

suite({ auth: 'token', set: [`auth.site_secret_file=${path.join(folder, 'site.secret')}`] });
after(() => fs.rmSync(folder, { recursive: true }));

afterEach(() => visitor?.leave());

const answer = (clientId, text) => stack.sql(`CALL livechat_send(${literal(clientId)}, 'admin', ${literal(text)})`);

test('a visitor owns the conversation over reloads, and no one else can read it', async () => {
  visitor = await Person.visit(stack.url);
  const { widget, page } = visitor;
  await widget.open();
  await widget.say('mine');
  await widget.state('mine', 'sent');
  const clientId = await widget.clientId();
  await answer(clientId, 'yours');
  await widget.shows(['mine', 'yours']);
  await page.reload();
  await widget.shows(['mine', 'yours']);
  await widget.settled();
  assert.equal((await request(stack, 'GET', sessionPath('history', clientId))).status, 401);
  assert.equal((await page.context().cookies()).length, 0, 'no cookies are taken');
});

test('the token is in no address, and in no request of another visitor', async () => {
  visitor = await Person.arrive();
  const { widget, page } = visitor;
  const addresses = [];
  page.on('request', (sent) => addresses.push(sent.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  await visitor.goTo(stack.url);
  await widget.open();
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem('livechat:demo:visitor')).token);
  assert.match(token, /^[\w-]{43,}$/);
  assert.ok(addresses.every((address) => !address.includes(token)));
});

test('a token that ends, ends the conversation with a word, and a new one can be started', async () => {
  visitor = await Person.visit(stack.url);
  const { widget, page } = visitor;
  await widget.open();
  await widget.say('soon over');
  await widget.state('soon over', 'sent');
  const before = await widget.clientId();
  await stack.sql('UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)');
  await widget.field.fill('half a sen');
  await page.reload();
  await widget.notice.getByText('This conversation can no longer be opened').waitFor();
  assert.equal(await widget.field.inputValue(), 'half a sen');
  assert.ok(await widget.field.evaluate((field) => field.readOnly));
  await checkView(page, 'widget-lost');
  await widget.panel.getByRole('button', { name: 'Start a new conversation' }).click();
  await widget.settled();
  assert.notEqual(await widget.clientId(), before);
  await widget.shows([]);
  assert.equal(await widget.field.inputValue(), 'half a sen');
  await widget.say('once more');
  await widget.state('once more', 'sent');
});

test('a signature proves the visitor, on every browser, and a wrong one does not', async () => {
  const clientId = 'customer 42';
  const signature = crypto.createHmac('sha256', secret).update(clientId).digest('hex');
  const identify = (page, given) => page.evaluate((identity) => {
    LiveChat.identify(identity);
    LiveChat.open();
  }, { clientId, signature: given });
  for (const text of ['from the office', 'from home']) {
    const person = await Person.visit(stack.url);
    await person.widget.launcher.waitFor();
    await identify(person.page, signature);
    await person.widget.settled();
    await person.widget.say(text);
    await person.widget.state(text, 'sent');
    await person.leave();
  }
  visitor = await Person.visit(stack.url);
  await visitor.widget.launcher.waitFor();
  await identify(visitor.page, signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')));
  await visitor.widget.notice.getByText('The chat is not available here').waitFor();
  await identify(visitor.page, signature);
  await waitFor(async () => (await visitor.widget.texts()).join() === 'from the office,from home', 'the conversation');
});

test('signing out forgets the visitor: token, draft and unsent messages, also for the same name without a signature', async () => {
  visitor = await Person.visit(stack.url);
  const { widget, page } = visitor;
  await widget.launcher.waitFor();
  const identify = (identity) => page.evaluate((one) => LiveChat.identify(one), identity);
  await identify({ clientId: 'alice', signature: sign(secret, 'alice') });
  await widget.launcher.click();
  await widget.say('of alice');
  await widget.state('of alice', 'sent');
  const { token } = await page.evaluate(() => JSON.parse(sessionStorage.getItem('livechat:demo:signed')));
  assert.match(token, /^[\w-]{43,}$/);
  await page.context().setOffline(true);
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await widget.say('unsent of alice');
  await widget.field.fill('a draft of alice');
  await identify({ clientId: 'bob', signature: sign(secret, 'bob') });
  await page.context().setOffline(false);
  await widget.shows([]);
  assert.equal(await widget.field.inputValue(), '');
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.doesNotMatch(await kept(), /alice/);
  await waitFor(async () => (await request(stack, 'GET', sessionPath('history', 'alice'), { headers: { Authorization: `Bearer ${token}` } })).status === 401, 'the end of the token');
  await identify();
  assert.doesNotMatch(await kept(), /bob/);
  await identify({ clientId: 'alice' });
  await widget.notice.getByText('The chat is not available here.').waitFor();
  await widget.shows([]);
  assert.deepEqual(await stack.sql("SELECT body FROM message JOIN session ON session.id = session_id WHERE client_id = 'alice'"), [['of alice']]);
});

test('a page that clears its storage does not lock the visitor out', async () => {
  visitor = await Person.visit(stack.url);
  const { widget, page } = visitor;
  await widget.open();
  await widget.say('before');
  await widget.state('before', 'sent');
  const clientId = await widget.clientId();
  await page.evaluate(() => localStorage.clear());
  await answer(clientId, 'an answer');
  await widget.shows(['before', 'an answer']);
  await page.reload();
  await widget.shows(['before', 'an answer']);
});
