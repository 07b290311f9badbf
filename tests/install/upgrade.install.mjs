// An upgrade by apt from the version before to this one, on a server with a systemd of its own: with an older schema,
// people connected, and messages flowing. scripts/test --install runs it, as root.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';

import { sessionPath } from '../harness/http.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Reader } from '../delivery/lib/reader.mjs';
import { page } from '../ops/lib/status.mjs';
import { laterVersion } from './lib/later_version.mjs';
import { Machine } from './lib/machine.mjs';
import { Site, bearer, password, siteText } from './lib/site.mjs';

const { LIVECHAT_PACKAGE: next, LIVECHAT_PREVIOUS_PACKAGE: previous, LIVECHAT_SERVER_ROOT: base,
  LIVECHAT_TEST_DIR: parent } = process.env;
const site = new Site(8080);
const readers = [];
let machine;
let agent;
let room;
before(async () => (machine = await Machine.make(base, parent)));
after(async () => {
  for (const reader of readers) reader.close();
  await machine?.end();
});

const versionOf = (deb) => execFileSync('dpkg-deb', ['-f', deb, 'Version'], { encoding: 'utf8' }).trim();
const schema = async () => Number(await machine.must('mariadb livechat -NBe "SELECT MAX(version) FROM schema_migration"'));
const newestMigration = () => Math.max(...fs.readdirSync(machine.at('usr/share/livechat/migrations')).map((name) => Number.parseInt(name, 10)));
const pids = () => machine.must('systemctl show --value -p MainPID livechat-fcgi.service livechat-wsd@a.service');

// A repository of one's own, as the manual has it.
async function offer(deb) {
  fs.mkdirSync(machine.at('srv/repository'), { recursive: true });
  fs.copyFileSync(deb, machine.at(`srv/repository/livechat_${versionOf(deb)}.deb`));
  const packages = execFileSync('dpkg-scanpackages', ['--multiversion', '.'], { cwd: machine.at('srv/repository'), stdio: ['ignore', 'pipe', 'ignore'] });
  machine.write('srv/repository/Packages', packages);
  machine.write('etc/apt/sources.list.d/livechat.list', 'deb [trusted=yes] file:/srv/repository ./\n');
  await machine.must('apt-get update -o Dir::Etc::sourcelist=sources.list.d/livechat.list -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0');
}

async function say(i) {
  const answer = await site.call('POST', `/api/chat/messages/${room}`,
    { body: { sender: 'admin', message: `message ${i}`, messageId: `flow-${i}` }, ...bearer(agent) });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.seq;
}

test('the version before is installed and in use', async () => {
  await offer(previous);
  await machine.must('apt-get install -y --no-install-recommends livechat');
  machine.write('root/password', `${password}\n`, 0o600);
  await machine.must('livechat-admin setup --yes --agent anna --agent-password-file /root/password');
  machine.write('etc/livechat/conf.d/20-local.toml', '[limits]\nmessage_bytes = 4000\n');
  machine.write('etc/nginx/sites-enabled/chat', siteText(site.port));
  // Version 0.1.0 cannot be reloaded: its units checked the configuration without the rights to read the secrets.
  await machine.must('systemctl restart livechat-fcgi livechat-wsd@a && systemctl reload nginx');
  await waitFor(async () => (await site.call('GET', '/api/chat/sessions').catch(() => ({}))).status === 401, 'the site');
  agent = (await site.call('POST', '/api/chat/login', { body: { username: 'anna', password } })).body.token;
  room = 'user123';
  const opened = await site.call('POST', '/api/chat/initialize', { body: { clientId: room } });
  const auth = { token: opened.body.token };
  for (const transports of [['websocket'], ['websocket'], ['polling'], ['polling', 'websocket']]) {
    readers.push(await Reader.open(site.url, [room], { transports, auth }));
  }
});

test('apt upgrade migrates first; no connected client misses anything, and no request is refused', async () => {
  await offer(next);
  const from = await schema();
  const old = await pids();
  const mark = await machine.mark();
  let sent = 0;
  let last = 0;
  let busy = true;
  const flow = (async () => {
    for (; busy; sent += 1) last = await say(sent);
  })();
  await waitFor(() => sent >= 20, 'messages before the upgrade');
  await Promise.all(readers.map((reader) => reader.reaches(room, 10)));
  await machine.must('apt-get upgrade -y --with-new-pkgs');
  const goal = sent + 50;
  await waitFor(() => sent >= goal, 'messages after the upgrade', 60_000);
  busy = false;
  await flow;
  assert.match(await machine.must('dpkg-query -W livechat'), new RegExp(`\\t${versionOf(next)}$`, 'm'));
  assert(newestMigration() > from, 'the version before had this schema already');
  assert.equal(await schema(), newestMigration());
  assert.notEqual(await pids(), old);
  const applied = Number(await machine.must(
    'mariadb livechat -NBe "SELECT UNIX_TIMESTAMP(MAX(applied_at)) FROM schema_migration"'));
  for (const unit of ['livechat-fcgi.service', 'livechat-wsd@a.service']) {
    const started = (await machine.journal(unit, mark)).find((entry) => /event=ready/.test(entry.MESSAGE));
    assert(Number(started.__REALTIME_TIMESTAMP) / 1e6 >= applied, `${unit} was there before its schema`);
  }

  for (const reader of readers) {
    await reader.reaches(room, last);
    assert.deepEqual(reader.problems, []);
    assert.equal(reader.texts(room).length, last);
    assert(reader.connects >= 2, 'it was never disconnected');
    // Resumed from where it was: put back by the server, or by the seq that it had.
    assert(!reader.trace.slice(1).some((step) => step.startsWith(`join ${room} after 0`)), reader.trace.join('\n'));
  }
  console.log(`    ${last} messages, ${readers.length} readers: ${readers.map((reader) =>
    `${reader.connects} connections, ${reader.recoveries} recovered`).join('; ')}`);
});

test('afterwards the daemons have their sockets from systemd, and what was configured is there', async () => {
  for (const unit of ['livechat-wsd@a.socket', 'livechat-wsd@a.service', 'livechat-fcgi.service']) {
    assert.match(await machine.must(`systemctl is-active ${unit}`), /^active$/m);
    assert.match(await machine.must(`systemctl is-enabled ${unit}`), /^enabled$/m);
  }
  assert.match(fs.readFileSync(machine.at('etc/livechat/conf.d/20-local.toml'), 'utf8'), /message_bytes = 4000/);
  const figures = await page(machine.running('run/livechat/wsd-a.status'), '/metrics');
  assert.match(figures.text, new RegExp(`^livechat_wsd_build_info\\{version="${versionOf(next)}"\\} 1$`, 'm'));
  assert.equal((await site.call('GET', sessionPath('history', room), bearer(agent))).status, 200);
  assert.equal((await machine.must('systemctl --failed --no-legend --plain')).trim(), '');
});

test('an upgrade whose migration fails leaves the previous programs at work, and can be finished', async () => {
  await offer(laterVersion(next, parent, 'CREATE TABLE of_a_later_version (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB;\nCREATE TABEL oops (id INT);\n'));
  const old = await pids();
  const { code, out } = await machine.sh('apt-get upgrade -y');
  assert.notEqual(code, 0);
  assert.match(out, /migration 9999_later\.sql failed in line 2/);
  assert.match(out, /the database could not be migrated, so the new version is not started/);
  assert.equal(await pids(), old);
  await say('while it is not finished');
  machine.write('usr/share/livechat/migrations/9999_later.sql', 'CREATE TABLE IF NOT EXISTS of_a_later_version (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB;\n');
  await machine.must('dpkg --configure livechat');
  assert.equal(await schema(), 9999);
  assert.notEqual(await pids(), old);
  await say('finished');
});
