// What a visitor controls is text wherever an agent sees it, whatever it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fs from 'node:fs';

import { request, sessionPath } from '../harness/http.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { stack, suite } from './lib/suite.mjs';

const attacks = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1">',
  '"><svg onload=window.pwned=1>',
  "javascript:window.pwned=1//'",
  '</textarea></title><iframe srcdoc="<script>parent.pwned=1</script>">',
  '{{constructor.constructor("window.pwned=1")()}} ${window.pwned=1} &lt;b&gt;',
  '[click](javascript:window.pwned=1) https://user:pw@evil.example/ data:text/html,<script>1</script>',
  '\u202e\u2066evil\u2069 Z\u0351\u0344\u0357a\u0338\u0321lgo \ufeff\u200b\u2028',
  'https://good.example/"onmouseover="window.pwned=1',
];

let agent;

suite({}, {
  begin: async () => {
    agent = await Agent.open(stack.url);
    await agent.ready();
    await agent.page.getByRole('button', { name: 'Settings' }).click();
    await agent.dialog.getByRole('switch', { name: 'Desktop notifications' }).check();
    await agent.page.keyboard.press('Escape');
    // Another window has the focus: what comes is a notification as well.
    await agent.page.evaluate(() => {
      document.hasFocus = () => false;
    });
  },
  end: () => agent?.leave(),
});

const unharmed = async () => {
  assert.equal(await agent.page.evaluate(() => window.pwned), undefined);
  const foreign = await agent.page.evaluate(() =>
    [...document.querySelectorAll('#app script, #app img, #app iframe, #app svg[onload], #app [onerror], #app [onmouseover]')].length);
  assert.equal(foreign, 0);
  const addresses = await agent.page.evaluate(() => [...document.querySelectorAll('a[href]')].map(({ href }) => new URL(href).protocol));
  for (const protocol of addresses) assert.match(protocol, /^(https?|mailto|blob):$/);
};

for (const [i, attack] of attacks.entries()) {
  test(`as clientId, name, page, browser, message and notification: ${JSON.stringify(attack).slice(0, 50)}`, async () => {
    const clientId = `${attack} ${i}`.slice(0, 128);
    // Of a name the server drops what does not show at its ends.
    const name = attack.slice(0, 128).replaceAll(/^[\s\p{Default_Ignorable_Code_Point}]+|[\s\p{Default_Ignorable_Code_Point}]+$/gu, '');
    const visitor = { page: attack, referrer: attack, userAgent: attack, name };
    const { status } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId, visitor } });
    assert.equal(status, 200);
    await request(stack, 'POST', sessionPath('messages', clientId), { body: { message: attack, sender: 'client' } });
    await waitFor(async () => (await agent.titles()).includes(visitor.name), 'the row');
    await agent.page.evaluate((name) => [...document.querySelectorAll('.session')]
      .find((row) => row.querySelector('.session-title').textContent === name).click(), visitor.name);
    await agent.shows([attack]);
    const notified = () => agent.page.evaluate(() => window.shown.map(({ title, body, state }) => ({ title, body, state })).at(-1));
    await waitFor(async () => (await notified())?.state === 'show', 'the notification');
    assert.deepEqual(await notified(), { title: visitor.name, body: attack, state: 'show' });
    assert.equal(await agent.head.locator('h1').textContent(), visitor.name);
    assert.equal(await agent.details.locator('.fact-mono').textContent(), clientId);
    const facts = await agent.details.locator('dd').allTextContents();
    assert.ok(facts.includes(attack), JSON.stringify(facts));
    await unharmed();
    const [download] = await Promise.all([
      agent.page.waitForEvent('download'),
      agent.page.getByRole('button', { name: 'Download the transcript' }).click(),
    ]);
    assert.ok(fs.readFileSync(await download.path(), 'utf8').includes(attack.split('\u2028')[0]));
    await agent.search.fill(clientId);
    await agent.page.getByRole('option').first().waitFor();
    await agent.search.fill('');
    await unharmed();
  });
}

test('and nothing of it made the browser complain', () => {
  assert.deepEqual(agent.complaints, []);
});
