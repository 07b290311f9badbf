// What is taken out of the database is gone from the console as well: erased texts, and everything that came
// after the backup that was put back.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { adminOf } from '../admin/lib/admin.mjs';
import { dump, load } from '../harness/backup.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Agent } from './lib/console.mjs';
import { stack, suite } from './lib/suite.mjs';

const erased = 'This message was erased.';

let agent;

suite();

beforeEach(async () => {
  agent = await Agent.open(stack.url);
  await agent.ready();
});
afterEach(() => agent.leave());

const write = (clientId, message, sender = 'client') =>
  request(stack, 'POST', sessionPath('messages', clientId), { body: { message, sender } });

test('texts that are erased vanish from the conversation, the list, the transcript and the announcements', async () => {
  const clientId = await newSession(stack, 'forgotten');
  await write(clientId, 'my number is 0123');
  await write(clientId, 'thank you', 'admin');
  await agent.openConversation(clientId);
  await agent.shows(['my number is 0123', 'thank you']);
  await write(clientId, 'once more: 0123');
  const announced = agent.page.locator('.frame > [aria-live=polite]');
  await announced.getByText('once more: 0123').waitFor({ state: 'attached' });
  const { code, stderr } = await adminOf(stack, ['erase', clientId, '--yes']);
  assert.equal(code, 0, stderr);
  await agent.shows([erased, erased, erased]);
  assert.equal(await announced.textContent(), '');
  await agent.row(clientId).getByText(erased).waitFor();
  await write(clientId, 'and what came later stays');
  await agent.shows([erased, erased, erased, 'and what came later stays']);
  const [download] = await Promise.all([
    agent.page.waitForEvent('download'),
    agent.page.getByRole('button', { name: 'Download the transcript' }).click(),
  ]);
  const text = fs.readFileSync(await download.path(), 'utf8');
  assert.doesNotMatch(text, /0123|thank you/);
  assert.match(text, /Visitor: \(erased\)\n.*Agent: \(erased\)\n.*Visitor: \(erased\)\n.*Visitor: and what came later stays\n/);
});

test('when an older state of the database is put back the console shows that one, in rows and conversations', async () => {
  const file = path.join(stack.state, 'backup.sql');
  const kept = await newSession(stack, 'kept');
  await write(kept, 'before the backup');
  await agent.openConversation(kept);
  await agent.shows(['before the backup']);
  await dump(stack, file);
  await write(kept, 'after the backup');
  const lost = await newSession(stack, 'lost');
  await write(lost, 'after the backup');
  await agent.shows(['before the backup', 'after the backup']);
  await agent.row(lost).waitFor();

  await load(stack, file);
  const { code, stderr } = await adminOf(stack, ['restore-finished', '--yes']);
  assert.equal(code, 0, stderr);
  await agent.shows(['before the backup']);
  await agent.row(kept).getByText('before the backup').waitFor();
  await agent.row(lost).waitFor({ state: 'detached' });
  // It takes a number that the console has seen with another text.
  await write(kept, 'after the restore');
  await agent.shows(['before the backup', 'after the restore']);
  await agent.page.getByRole('button', { name: 'Closed', exact: true }).click();
  await agent.page.getByText('No closed conversations.').waitFor();
});
