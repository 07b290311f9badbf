// A life of the package on a server that has never seen it: installation, set-up, the first conversation,
// an upgrade with clients connected, backup and restore, removal; the services are started as their units say, without
// systemd. scripts/test --install runs it, as root, where no systemd can be booted; elsewhere systemd.install.mjs and
// upgrade.install.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { sessionPath } from '../harness/http.mjs';
import { commandsOf } from '../harness/manual.mjs';
import { waitFor } from '../harness/wait.mjs';
import { page } from '../ops/lib/status.mjs';
import { laterVersion } from './lib/later_version.mjs';
import { Server } from './lib/server.mjs';
import { Site, bearer, password, siteText } from './lib/site.mjs';

const { LIVECHAT_PACKAGE: deb, LIVECHAT_SERVER_ROOT: base, LIVECHAT_TEST_DIR: parent } = process.env;
let server;
let site;
before(async () => {
  server = await Server.make(base, parent);
  site = new Site(server.port);
});
after(() => server?.end());

const stack = () => site;
const call = (...args) => site.call(...args);
// Without the commands of systemd, whose part the test plays.
const commandsWithoutSystemd = (section) => commandsOf(section).filter((line) => !line.startsWith('systemctl '));

async function startServices() {
  await server.start('livechat-fcgi.service', { socket: 'livechat-fcgi.socket' });
  await server.start('livechat-wsd@a.service', { socket: 'livechat-wsd@a.socket' });
}
async function stopServices() {
  await server.stop('livechat-fcgi.service');
  await server.stop('livechat-wsd@a.service');
}

describe('installation', () => {
  test('apt installs the package and says what comes next', async () => {
    fs.copyFileSync(deb, server.at('root/livechat.deb'));
    const out = await server.must('apt-get install -y --no-install-recommends /root/livechat.deb');
    assert.match(out, /livechat-admin setup/);
    assert.match(await server.must('id livechat'), /uid=\d+\(livechat\)/);
    assert.match(await server.must('stat -c "%A %U:%G" /run/livechat'), /^drwxr-s--- livechat:www-data$/m);
    assert.match(await server.must('stat -c "%A %U:%G" /etc/livechat/secrets'), /^drwx------ root:root$/m);
  });

  test('it takes 10 MB at most', async () => {
    const kib = Number(await server.must('dpkg-query -W -f "\\${Installed-Size}" livechat'));
    console.log(`installed size: ${kib} KiB`);
    assert(kib <= 10_000, `${kib} KiB`);
  });

  test('the manual and the completion are there', async () => {
    for (const file of ['man8/livechat-fcgi.8.gz', 'man8/livechat-wsd.8.gz', 'man1/livechat-admin.1.gz']) {
      assert(fs.existsSync(server.at(`usr/share/man/${file}`)), file);
    }
    assert(fs.existsSync(server.at('usr/share/bash-completion/completions/livechat-admin')));
    assert(fs.existsSync(server.at('usr/share/doc/livechat/operations.md.gz')) ||
      fs.existsSync(server.at('usr/share/doc/livechat/operations.md')));
  });

  test('without a database, setup and the programs say in one sentence what is missing', async () => {
    for (const command of ['livechat-admin setup --yes --no-agent', 'livechat-fcgi --check', 'livechat-wsd --check']) {
      const { code, out } = await server.sh(command);
      assert.notEqual(code, 0, command);
      assert.match(out, /database|mysqld\.sock/i, command);
    }
  });

  test('setup makes the database and the first agent, and a second one changes nothing', async () => {
    await server.startDatabase();
    server.write('root/password', `${password}\n`, 0o600);
    const setup = 'livechat-admin setup --yes --no-start --agent anna --agent-password-file /root/password';
    await server.must(setup);
    const state = 'cat /etc/livechat/conf.d/10-setup.toml /etc/livechat/secrets/*; livechat-admin agent list';
    const before = await server.must(state);
    assert.match(before, /anna/);
    await server.must(setup);
    assert.equal(await server.must(state), before);
    assert.doesNotMatch(fs.readFileSync(server.at('etc/livechat/livechat.toml'), 'utf8'), /10-setup/);
  });

  test('a wrong key is refused with its line', async () => {
    server.write('etc/livechat/conf.d/99-wrong.toml', '[fcgi]\nwokers = 3\n');
    for (const program of ['livechat-fcgi', 'livechat-wsd']) {
      const { code, out } = await server.sh(`${program} --check-config`);
      assert.equal(code, 2);
      assert.match(out, /99-wrong\.toml:2: unknown key fcgi\.wokers/);
    }
    fs.rmSync(server.at('etc/livechat/conf.d/99-wrong.toml'));
  });
});

describe('the first conversation', () => {
  let visitor;
  let agent;

  test('the services start as their units say', async () => {
    await startServices();
    await server.startNginx(siteText(server.port));
    const status = Number((await call('GET', '/api/chat/sessions')).status);
    assert.equal(status, 401);
  });

  test('a visitor opens one and writes', async () => {
    const opened = await call('POST', '/api/chat/initialize', { body: { clientId: 'user123' } });
    assert.equal(opened.status, 200, opened.text);
    visitor = opened.body.token;
    assert.equal(typeof visitor, 'string');
    const sent = await call('POST', '/api/chat/messages/user123',
      { body: { sender: 'client', message: 'Hello' }, ...bearer(visitor) });
    assert.equal(sent.status, 201, sent.text);
  });

  test('the agent signs in, reads and answers; the visitor hears it', async () => {
    const login = await call('POST', '/api/chat/login', { body: { username: 'anna', password } });
    assert.equal(login.status, 200, login.text);
    agent = login.body.token;
    const sessions = await call('GET', '/api/chat/sessions', bearer(agent));
    assert.equal(sessions.body[0].lastMessage.message, 'Hello');
    const client = await ChatClient.connect(stack(), { auth: { token: visitor } });
    await client.ask('join', { clientId: 'user123', after: 0 });
    const answer = await call('POST', '/api/chat/messages/user123',
      { body: { sender: 'admin', message: 'Good morning' }, ...bearer(agent) });
    assert.equal(answer.status, 201, answer.text);
    await client.hears('new-message', (data) => data.message === 'Good morning');
    client.socket.close();
  });

  test('no one else gets in', async () => {
    assert.equal((await call('GET', sessionPath('history', 'user123'))).status, 401);
  });

  test('what browsers load is there', async () => {
    assert.equal((await call('GET', '/widget.js')).status, 200);
    assert.equal((await call('GET', '/console/')).status, 200);
  });

  test('a second daemon, and the figures of all, by the commands of the manual', async () => {
    for (const section of ['More than one core', 'Watching']) {
      for (const command of commandsWithoutSystemd(section)) await server.must(command);
    }
    await server.start('livechat-wsd@b.service', { socket: 'livechat-wsd@b.socket' });
    await server.must('nginx -t && kill -HUP $(cat /run/nginx.pid)');
    for (const program of ['fcgi', 'wsd-a', 'wsd-b']) {
      await waitFor(async () => (await page(9464, `/${program}/readyz`).catch(() => ({}))).status === 200, program);
      assert.match((await page(9464, `/${program}/metrics`)).text, /^livechat_\w+_build_info/m);
    }
    assert.equal((await page(9464, '/metrics')).status, 404);
    await server.stop('livechat-wsd@b.service');
  });

  test('an upgrade migrates first, and clients who are connected lose nothing', async () => {
    const client = await ChatClient.connect(stack(), { auth: { token: visitor } });
    await client.ask('join', { clientId: 'user123', after: 0 });
    server.write('root/next.deb', fs.readFileSync(laterVersion(deb, parent,
      'CREATE TABLE of_the_next_version (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB;\n')));
    const sent = [];
    let busy = true;
    const writing = (async () => {
      for (let i = 0; busy; i += 1) {
        const answer = await call('POST', '/api/chat/messages/user123', {
          body: { sender: 'admin', message: `during ${i}`, messageId: `during-${i}` }, ...bearer(agent),
        });
        assert.equal(answer.status, 201, answer.text);
        sent.push(answer.body.seq);
      }
    })();
    await server.must('apt-get install -y --no-install-recommends /root/next.deb');
    const applied = await server.must('livechat-admin migrate status');
    assert.match(applied, /9999/);
    // systemctl try-restart: the socket stays, the daemon's clients reconnect.
    server.running.get('livechat-fcgi.service').kill('SIGHUP');
    server.running.get('livechat-wsd@a.service').kill('SIGHUP');
    const goal = sent.length + 20;
    await waitFor(() => sent.length >= goal, 'messages after the restart');
    busy = false;
    await writing;
    await client.ask('join', { clientId: 'user123', after: 0 }).catch(() => {});
    const heard = () => new Set(client.all('new-message').map((data) => data.seq));
    await waitFor(() => sent.every((seq) => heard().has(seq)), 'all messages of the upgrade');
    client.socket.close();
  });

  test('backup under load and restore, by the commands of the manual', async () => {
    const before = (await call('GET', sessionPath('history', 'user123', '?limit=200'), bearer(agent))).body.total;
    for (const command of commandsWithoutSystemd('Backup')) await server.must(`cd /root; ${command}`);
    await call('POST', '/api/chat/messages/user123', { body: { sender: 'admin', message: 'after the backup' }, ...bearer(agent) });
    await stopServices();
    for (const command of commandsWithoutSystemd('Restore')) await server.must(`cd /root; ${command}`);
    await startServices();
    const now = (await call('GET', sessionPath('history', 'user123', '?limit=200'), bearer(agent))).body.total;
    assert.equal(now, before);
    const more = await call('POST', '/api/chat/messages/user123', { body: { sender: 'admin', message: 'and on' }, ...bearer(agent) });
    assert.equal(more.status, 201, more.text);
  });

  test('a missing trigger keeps the programs from starting, with the sentence that helps', async () => {
    await stopServices();
    await server.must(`mariadb livechat -e 'DROP TRIGGER message_before_insert'`);
    for (const program of ['livechat-fcgi', 'livechat-wsd']) {
      const { code, out } = await server.sh(
        `LIVECHAT_DATABASE_PASSWORD=$(cat /etc/livechat/secrets/database.password) ${program} --check`);
      assert.equal(code, 1);
      assert.match(out, /the trigger message_before_insert is missing/);
    }
    assert.notEqual((await server.sh('livechat-admin doctor')).code, 0);
    for (const command of commandsWithoutSystemd('Triggers or procedures are missing')) await server.must(command);
    await server.must(
      'LIVECHAT_DATABASE_PASSWORD=$(cat /etc/livechat/secrets/database.password) livechat-wsd --check');
  });

  test('purge takes everything but the database', async () => {
    await server.must('rm -f /etc/nginx/sites-enabled/chat; apt-get purge -y livechat');
    const left = await server.must(`find / -xdev -path '*livechat*' ! -path '/proc/*' ! -path '/var/lib/mysql*' ! -path '/root/*' \
      ! -path '/var/lib/dpkg/*' ! -path '/etc/nginx/sites-enabled/*' ! -path '/run/credentials*'`);
    assert.equal(left.trim(), '');
    assert.match(await server.must(`mariadb -NB -e "SHOW DATABASES LIKE 'livechat'"`), /livechat/);
  });
});
