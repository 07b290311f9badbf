// A server with the package installed and in use: the steps that every file of these tests begins with.
import assert from 'node:assert/strict';
import fs from 'node:fs';

import { learn } from '../../harness/secrets.mjs';
import { waitFor } from '../../harness/wait.mjs';
import { page } from '../../ops/lib/status.mjs';
import { password, siteText } from './site.mjs';

export const FCGI = 'livechat-fcgi.service';
export const WSD = 'livechat-wsd@a.service';

// Gives what apt said.
export function installPackage(machine, deb) {
  fs.copyFileSync(deb, machine.at('root/livechat_new.deb'));
  return machine.must('apt-get install -y --no-install-recommends ./livechat_*.deb');
}

// With an agent, anna.
export function setUp(machine) {
  learn(password);
  machine.write('root/password', `${password}\n`, 0o600);
  return machine.must('livechat-admin setup --yes --agent anna --agent-password-file /root/password');
}

// Until both programs say so.
export const ready = (machine) => Promise.all(['fcgi', 'wsd-a'].map((name) => waitFor(async () =>
  (await page(machine.running(`run/livechat/${name}.status`), '/readyz').catch(() => ({}))).status === 200,
  `${name} to be ready`, 40_000)));

// nginx with a site, the agent signed in there, and a visitor's conversation. Gives { agent, visitor }, their tokens.
export async function openSite(machine, site, clientId) {
  machine.write('etc/nginx/sites-enabled/chat', siteText(site.port));
  await machine.must('nginx -t && systemctl reload nginx');
  const call = (...args) => site.call(...args);
  await waitFor(async () => (await call('GET', '/api/chat/sessions').catch(() => ({}))).status === 401, 'the site');
  const opened = await call('POST', '/api/chat/initialize', { body: { clientId } });
  assert.equal(opened.status, 200, opened.text);
  const login = await call('POST', '/api/chat/login', { body: { username: 'anna', password } });
  assert.equal(login.status, 200, login.text);
  return { agent: login.body.token, visitor: opened.body.token };
}
