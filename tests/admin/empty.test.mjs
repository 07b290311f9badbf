// Conversations that a visitor opened and never wrote into end by themselves (retention.empty_days).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { sign } from '../harness/access.mjs';
import { request } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { adminOf } from './lib/admin.mjs';

const SECRET = '0123456789abcdef0123456789abcdef';
let stack;

before(async () => {
  stack = await Stack.start({ auth: 'token', env: { LIVECHAT_SITE_SECRET: SECRET } });
});
after(() => stack?.stop());

async function open(clientId, more) {
  const { status, body } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId, ...more } });
  assert.equal(status, 200);
  return body.token;
}

const ids = async () => (await stack.sql('SELECT client_id FROM session ORDER BY client_id')).map(([clientId]) => clientId);

test('empty conversations of unsigned visitors go after their days, and nothing else does', async () => {
  await open('old');
  await open('young');
  await open('signed', { signature: sign(SECRET, 'signed') });
  await open('written');
  await stack.sql("CALL livechat_send('written', 'client', 'hello'); CALL livechat_open('by-sql')");
  await stack.sql("UPDATE session SET created_at = UTC_TIMESTAMP(3) - INTERVAL 8 DAY WHERE client_id <> 'young'");
  assert.equal((await adminOf(stack, ['purge', '--dry-run'])).code, 0);
  assert.equal((await adminOf(stack, ['--set', 'retention.empty_days=9', 'purge', '--yes'])).code, 0);
  assert.equal((await adminOf(stack, ['--set', 'retention.empty_days=0', 'purge', '--yes'])).code, 0);
  assert.deepEqual(await ids(), ['by-sql', 'old', 'signed', 'written', 'young']);
  assert.equal((await adminOf(stack, ['purge', '--yes'])).code, 0);
  assert.deepEqual(await ids(), ['by-sql', 'signed', 'written', 'young']);
});

test('its visitor begins again with the token that they have', async () => {
  const token = await open('returns');
  await stack.sql("UPDATE session SET created_at = UTC_TIMESTAMP(3) - INTERVAL 8 DAY WHERE client_id = 'returns'");
  assert.equal((await adminOf(stack, ['purge', '--yes'])).code, 0);
  const headers = { Authorization: `Bearer ${token}` };
  const again = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId: 'returns' }, headers });
  assert.equal(again.status, 200);
  const sent = await request(stack, 'POST', '/api/chat/messages/returns', { body: { message: 'hello', sender: 'client' }, headers });
  assert.equal(sent.status, 201);
});
