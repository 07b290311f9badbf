// Two servers: the package on both, and a livechat that moves from one to the other by the commands of
// docs/operations.md. scripts/test --install runs it, as root.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { blocksOf } from '../harness/manual.mjs';
import { Server } from './lib/server.mjs';

const { LIVECHAT_PACKAGE: deb, LIVECHAT_SERVER_ROOT: base, LIVECHAT_TEST_DIR: parent } = process.env;
const SECTION = 'Moving to another server';
let from;
let to;
before(async () => {
  for (const make of [(server) => (from = server), (server) => (to = server)]) {
    const server = await Server.make(base, parent);
    make(server);
    fs.copyFileSync(deb, server.at(`root/${path.basename(deb)}`));
    await server.startDatabase();
  }
});
after(async () => {
  await from?.end();
  await to?.end();
});

// As they are written; only what systemd does is left out, because no systemd runs here.
async function follow(server, commands) {
  for (const command of commands.filter((line) => !line.startsWith('systemctl '))) await server.must(`cd /root; ${command}`);
}
const sql = (server, text) => server.must(`mariadb -NB livechat -e "${text}"`);
const secret = (server, name) => fs.readFileSync(server.at(`etc/livechat/secrets/${name}`), 'utf8');

test('conversations, agents and the signatures of the site move, and clients are told', async () => {
  from.write('root/password', 'correct horse battery staple\n', 0o600);
  await from.must(`apt-get install -y --no-install-recommends /root/${path.basename(deb)}`);
  await from.must('livechat-admin setup --yes --no-start --agent anna --agent-password-file /root/password');
  await sql(from, "CALL livechat_open('user123'); CALL livechat_send('user123', 'client', 'Hello'); CALL livechat_send('user123', 'admin', 'Good morning')");
  const [[onNew, onOld, onNewAgain], rows] = [blocksOf(SECTION), 'SELECT s.client_id, m.seq, m.sender, m.created_at, m.body FROM message m JOIN session s ON s.id = m.session_id'];
  const before = await sql(from, rows);
  const epoch = await sql(from, 'SELECT epoch FROM feed_state');

  await follow(to, onNew);
  await follow(from, onOld);
  for (const file of ['livechat.sql', 'site.secret']) fs.copyFileSync(from.at(`root/${file}`), to.at(`root/${file}`));
  await follow(to, onNewAgain);

  assert.equal(await sql(to, rows), before);
  assert.match(await to.must('livechat-admin agent list'), /anna/);
  assert.equal(secret(to, 'site.secret'), secret(from, 'site.secret'));
  assert.notEqual(secret(to, 'database.password'), secret(from, 'database.password'));
  assert.match(await to.must('stat -c "%A %U:%G" /etc/livechat/secrets/site.secret'), /^-rw------- root:root$/m);
  assert.notEqual(await sql(to, 'SELECT epoch FROM feed_state'), epoch);
  assert.match(await to.must('livechat-admin setup --yes --no-start --no-agent'), /^everything is there/);
});

test('the programs run there as their units say', async () => {
  await to.start('livechat-fcgi.service', { socket: 'livechat-fcgi.socket' });
  const daemon = await to.start('livechat-wsd@a.service');
  await daemon.says(/event=feed_ready/);
  assert.doesNotMatch(daemon.output, /event=feed_restored/, 'it was announced');
});
