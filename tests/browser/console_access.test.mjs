// Agents sign in; what they may not do they are not offered; a ban is heard at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addAgent } from '../harness/access.mjs';
import { ChatClient } from '../harness/chat_client.mjs';
import { request } from '../harness/http.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { checkView, looks } from './lib/looks.mjs';
import { stack, suite } from './lib/suite.mjs';

const password = 'correct horse battery';

suite({ auth: 'token' }, {
  begin: async () => {
    await addAgent((text) => stack.sql(text), 'ann');
    await addAgent((text) => stack.sql(text), 'sue', 'supervisor');
  },
});

async function signIn(username, options) {
  const agent = await Agent.open(stack.url, options);
  await enter(agent, username);
  return agent;
}

async function enter(agent, username) {
  await agent.page.getByLabel('User name').fill(username);
  await agent.page.getByLabel('Password').fill(password);
  await agent.page.getByRole('button', { name: 'Sign in' }).click();
  await agent.ready();
}

// A visitor with a token, a socket in his room, and one message.
async function visit(clientId) {
  const { body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId, visitor: { name: `Visitor ${clientId}` } } });
  const client = await ChatClient.connect(stack, { auth: { token: body.token } });
  await client.ask('join', clientId);
  await client.ask('send-message', { clientId, message: 'Hello', sender: 'client' });
  return client;
}

test('a wrong password is refused, the right one lets in; the token is out of reach of scripts', async () => {
  const agent = await Agent.open(stack.url);
  const { page } = agent;
  await page.getByLabel('User name').fill('ann');
  await page.getByLabel('Password').fill('wrong horse battery');
  await page.keyboard.press('Enter');
  await page.getByText('The user name or the password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await agent.ready();
  assert.equal(await page.evaluate(() => document.cookie), '');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.doesNotMatch(kept, /lca_/);
  const cookie = (await page.context().cookies()).find(({ name }) => name === 'livechat_agent');
  assert.ok(cookie.httpOnly);
  await page.reload();
  await agent.ready();
  await agent.leave();
});

test('who signs out is out, also for what is open in other windows', async () => {
  const agent = await signIn('ann');
  const other = await agent.page.context().newPage();
  await other.goto(agent.page.url());
  await other.getByRole('listbox').waitFor();
  await agent.page.getByRole('button', { name: 'Account' }).click();
  await agent.dialog.getByRole('button', { name: 'Sign out' }).click();
  await agent.page.getByLabel('User name').waitFor();
  await other.getByLabel('User name').waitFor();
  assert.equal((await agent.page.context().cookies()).some(({ name }) => name === 'livechat_agent'), false);
  await agent.leave();
});

test('an agent answers a visitor, sees him online, and is not offered what is for supervisors', async () => {
  const visitor = await visit('by-token');
  const agent = await signIn('ann');
  await waitFor(async () => (await visitor.ask('watch-presence')).agents, 'an agent');
  await agent.openConversation('Visitor by-token');
  await agent.head.getByText('Online', { exact: true }).waitFor();
  await agent.say('Hello yourself');
  await visitor.hears('new-message', ({ message }) => message === 'Hello yourself');
  await agent.page.getByRole('button', { name: 'Close the conversation' }).click();
  await visitor.hears('session-closed');
  await agent.page.getByRole('button', { name: 'Reopen the conversation' }).click();
  await visitor.hears('session-opened');
  assert.equal(await agent.page.getByRole('button', { name: 'Ban the visitor' }).count(), 0);
  visitor.close();
  await agent.leave();
});

test('a supervisor bans a visitor, sees it in the list of bans, and lifts it', async () => {
  const visitor = await visit('rude');
  const agent = await signIn('sue');
  await agent.openConversation('Visitor rude');
  await agent.details.getByRole('button', { name: 'Ban the visitor' }).click();
  // Where one begins to write.
  await agent.page.keyboard.type('<b>rude</b>');
  assert.equal(await agent.dialog.getByLabel('Reason').inputValue(), '<b>rude</b>');
  await agent.dialog.getByRole('button', { name: 'Ban', exact: true }).click();
  await agent.dialog.waitFor({ state: 'detached' });
  await agent.head.getByText('Banned').waitFor();
  await agent.row('Visitor rude').getByText('Banned').waitFor();
  await agent.tab('rude').getByText('(banned)').waitFor({ state: 'attached' });
  await agent.page.getByText('This visitor is banned and cannot read what you send.').waitFor();
  await waitFor(async () => (await visitor.ask('send-message', { clientId: 'rude', message: 'x', sender: 'client' }).catch(() => ({ status: 'error' }))).status === 'error', 'the visitor to be banned');
  // As it is known to a console that is opened later, too.
  await agent.page.reload();
  await agent.ready();
  await agent.row('Visitor rude').getByText('Banned').waitFor();
  await agent.page.getByRole('button', { name: 'Bans' }).click();
  await agent.dialog.getByText('<b>rude</b>').waitFor();
  await agent.dialog.getByRole('button', { name: 'Lift the ban on rude' }).click();
  await agent.dialog.getByText('No one is banned.').waitFor();
  await agent.row('Visitor rude').getByText('Banned').waitFor({ state: 'detached' });
  visitor.close();
  await agent.leave();
});

test('what one agent has begun to write is not there for another who signs in with the same browser', async () => {
  const visitor = await visit('shared-desk');
  const agent = await signIn('ann');
  const { page } = agent;
  await agent.openConversation('Visitor shared-desk');
  await agent.composer.fill('Ann thinks that');
  await page.reload();
  await agent.ready();
  assert.equal(await agent.composer.inputValue(), 'Ann thinks that');

  // Her session ends by itself, and she comes back.
  await stack.sql("UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3) WHERE kind = 'agent'");
  await page.getByLabel('User name').waitFor();
  await enter(agent, 'ann');
  await waitFor(async () => (await agent.composer.inputValue()) === 'Ann thinks that', 'her draft');

  // It ends again, and someone else comes.
  await stack.sql("UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3) WHERE kind = 'agent' AND revoked_at IS NULL");
  await page.getByLabel('User name').waitFor();
  await enter(agent, 'sue');
  await page.evaluate(() => (location.hash = ''));
  await agent.openConversation('Visitor shared-desk');
  assert.equal(await agent.composer.inputValue(), '');
  assert.equal(await page.locator('.tab').count(), 1);
  const kept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  assert.doesNotMatch(await kept(), /Ann thinks/);

  // Who signs out leaves nothing behind.
  await agent.composer.fill('Sue thinks that');
  await page.getByRole('button', { name: 'Account' }).click();
  await agent.dialog.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('User name').waitFor();
  // The page is loaded again meanwhile.
  await waitFor(async () => !(await kept().catch(() => 'livechat-console')).includes('livechat-console'), 'nothing to be left');
  visitor.close();
  await agent.leave();
});

for (const { title, phone, options } of looks) {
  test(`signing in and banning, ${title}`, async () => {
    const clientId = `banned-${title}`;
    const visitor = await visit(clientId);
    const agent = await Agent.open(stack.url, options);
    const { page } = agent;
    const view = (name) => checkView(page, `console-${name}-${title}`);
    await page.getByLabel('User name').waitFor();
    await view('sign-in');
    await page.getByLabel('User name').fill('sue');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The user name or the password is wrong.').waitFor();
    await view('sign-in-refused');
    await enter(agent, 'sue');
    await agent.openConversation(`Visitor ${clientId}`);
    await view('supervisor');
    if (phone) await page.getByRole('button', { name: 'Visitor details' }).click();
    await page.getByRole('button', { name: 'Ban the visitor' }).click();
    await agent.dialog.getByLabel('Reason').fill('Spam');
    await view('ban');
    await agent.dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await agent.dialog.waitFor({ state: 'detached' });
    await view('banned-details');
    if (phone) {
      await page.getByRole('button', { name: 'Hide the details' }).click();
      await view('banned');
      await page.getByRole('button', { name: 'Back to the list' }).click();
    }
    await page.getByRole('button', { name: 'Account' }).click();
    await view('account');
    await agent.dialog.getByRole('button', { name: 'Bans' }).click();
    await agent.dialog.getByText(clientId).waitFor();
    await view('bans');
    await agent.dialog.getByRole('button', { name: `Lift the ban on ${clientId}` }).click();
    await agent.dialog.getByText('No one is banned.').waitFor();
    visitor.close();
    await agent.leave();
  });
}
