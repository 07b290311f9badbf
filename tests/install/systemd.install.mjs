// The package on a server with a systemd of its own: installation, set-up, the first conversation, what systemd knows of
// the services and keeps from them, sizes, a reboot, removal. Every command is one that an administrator types.
// scripts/test --install runs it, as root.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { sessionPath } from '../harness/http.mjs';
import { commandsOf } from '../harness/manual.mjs';
import { waitFor } from '../harness/wait.mjs';
import { page } from '../ops/lib/status.mjs';
import { FCGI, WSD, installPackage, openSite, ready, setUp } from './lib/installed.mjs';
import { Machine } from './lib/machine.mjs';
import { Site, bearer } from './lib/site.mjs';

const { LIVECHAT_PACKAGE: deb, LIVECHAT_SERVER_ROOT: base, LIVECHAT_TEST_DIR: parent } = process.env;
const site = new Site(8080);
const call = (...args) => site.call(...args);
let machine;
let visitor;
let agent;
before(async () => (machine = await Machine.make(base, parent)));
after(() => machine?.end());

describe('installation', () => {
  test('apt installs the package, says what comes next, and starts nothing', async () => {
    const out = await installPackage(machine, deb);
    assert.match(out, /livechat-admin setup/);
    for (const unit of [FCGI, WSD, 'livechat-fcgi.socket', 'livechat-wsd.target', 'livechat-purge.timer']) {
      assert.equal(await machine.isActive(unit), false, unit);
    }
    assert.match(await machine.must('stat -c "%A %U:%G" /run/livechat'), /^drwxr-s--- livechat:www-data$/m);
    assert.match(await machine.must('stat -c "%A %U:%G" /etc/livechat/secrets'), /^drwx------ root:root$/m);
    assert.equal((await machine.must('systemd-analyze verify --man=no /lib/systemd/system/livechat-{fcgi,purge}.*')).trim(), '');
    const kib = Number(await machine.must('dpkg-query -W -f "\\${Installed-Size}" livechat'));
    console.log(`    installed size: ${kib} KiB`);
    assert(kib <= 10_000, `${kib} KiB`);
  });

  test('the programs are hardened as Debian builds them', () => {
    for (const program of ['usr/sbin/livechat-fcgi', 'usr/sbin/livechat-wsd', 'usr/bin/livechat-admin']) {
      const told = execFileSync('readelf', ['-hldW', '--dyn-syms', machine.at(program)], { encoding: 'utf8' });
      for (const sign of [/Flags: NOW PIE/, /GNU_RELRO/, /__stack_chk_fail/, /__snprintf_chk/, /GNU_STACK .* RW /]) {
        assert.match(told, sign, program);
      }
    }
  });

  test('without a database, setup says in one sentence what is missing', async () => {
    await machine.must('systemctl stop mariadb');
    const { code, out } = await machine.sh('livechat-admin setup --yes --no-agent');
    await machine.must('systemctl start mariadb');
    assert.equal(code, 3);
    assert.match(out, /start it \(systemctl start mariadb\)/);
    assert.equal(out.trim().split('\n').length, 1, out);
  });

  test('setup makes the database and the first agent, and starts and enables the services', async () => {
    assert.doesNotMatch(await setUp(machine), /\[Unit\]/);
    for (const unit of [FCGI, WSD, 'livechat-fcgi.socket', 'livechat-wsd@a.socket', 'livechat-wsd.target', 'livechat-purge.timer']) {
      assert.equal(await machine.isActive(unit), true, unit);
      assert.equal((await machine.sh(`systemctl is-enabled ${unit}`)).out.trim(), 'enabled', unit);
    }
    await ready(machine);
  });

  test('a second setup changes nothing', async () => {
    const state = `cat /etc/livechat/conf.d/10-setup.toml /etc/livechat/secrets/*; livechat-admin agent list;
      systemctl show -p MainPID,NRestarts ${FCGI} ${WSD}`;
    const before = await machine.must(state);
    await setUp(machine);
    assert.equal(await machine.must(state), before);
  });

  test('a site of nginx and the first conversation', async () => {
    ({ agent, visitor } = await openSite(machine, site, 'user123'));
    const client = await ChatClient.connect(site, { auth: { token: visitor } });
    await client.ask('join', { clientId: 'user123' });
    const answer = await call('POST', '/api/chat/messages/user123',
      { body: { sender: 'admin', message: 'Good morning' }, ...bearer(agent) });
    assert.equal(answer.status, 201, answer.text);
    await client.hears('new-message', (data) => data.message === 'Good morning');
    client.close();
    for (const file of ['/widget.js', '/console/']) assert.equal((await call('GET', file)).status, 200, file);
  });

  test('a second daemon, and the figures of all, by the commands of the manual', async () => {
    for (const section of ['More than one core', 'Watching']) {
      for (const command of commandsOf(section)) await machine.must(command);
    }
    await machine.must('systemctl reload nginx');
    for (const program of ['fcgi', 'wsd-a', 'wsd-b']) {
      await waitFor(async () => (await page(9464, `/${program}/readyz`).catch(() => ({}))).status === 200, program);
      assert.match((await page(9464, `/${program}/metrics`)).text, /^livechat_\w+_build_info/m);
    }
    const names = new Set();
    await waitFor(async () => {
      const { body, text } = await call('GET', '/socket.io/?EIO=4&transport=polling');
      names.add(JSON.parse((body ? JSON.stringify(body) : text).replace(/^0/, '')).sid.split('.')[0]);
      return names.size === 2;
    }, 'both daemons to get visitors');
    await machine.must(`systemctl disable --now livechat-wsd@b.socket livechat-wsd@b.service
      printf '[doorbell]\\nring = ["unix:/run/livechat/wsd-a.bell"]\\n' > /etc/livechat/conf.d/00-daemons.toml
      /usr/share/livechat/scripts/nginx-conf --install --wsd=
      systemctl reload nginx`);
    assert.equal(await machine.isActive('livechat-wsd@b.service'), false);
  });
});

describe('what systemd knows of the services', () => {
  test('they are ready when they serve, and say so in their status', async () => {
    assert.match(await machine.must(`systemctl status --no-pager ${FCGI}`), /Status: "\S+.*"/);
    assert.match(await machine.must(`systemctl status --no-pager ${WSD}`), /Status: "serving sockets as a"/);
    assert.equal(await machine.property(WSD, 'Type'), 'notify');
  });

  test('the secrets come from it, and no one else can read them', async () => {
    for (const unit of [FCGI, WSD]) {
      const read = (user) => machine.sh(`setpriv --reuid=${user} --clear-groups cat /run/credentials/${unit}/database.password`);
      assert.equal((await read('livechat')).out, await machine.must('cat /etc/livechat/secrets/database.password'));
      assert.notEqual((await read('www-data')).code, 0);
    }
    assert.doesNotMatch(await machine.must('systemctl show livechat-fcgi livechat-wsd@a | grep -v ^LoadCredential'),
      new RegExp((await machine.must('cat /etc/livechat/secrets/database.password')).trim()));
  });

  test('they are shut off from the rest of the server', async () => {
    for (const unit of [FCGI, WSD]) {
      const status = await machine.must(`cat /proc/${await machine.pidOf(unit)}/status`);
      for (const [key, value] of [['CapEff', '0000000000000000'], ['CapBnd', '0000000000000000'], ['NoNewPrivs', '1'], ['Seccomp', '2']]) {
        assert.match(status, new RegExp(`^${key}:\\s+${value}$`, 'm'), `${unit} ${key}`);
      }
      assert.doesNotMatch(status, /^Uid:\s+0\b/m);
    }
    // A program in the place of the daemon's, under the lines of its unit, tries what it should not be able to.
    const tries = {
      'touch /etc/probe': false, 'touch /usr/probe': false, 'touch /var/lib/probe': false, 'ls /home/*': false,
      'ls /root': false, 'cat /etc/livechat/secrets/site.secret': false, 'unshare --user true': false,
      'unshare --mount true': false, 'mount -t tmpfs none /tmp': false, 'cat /proc/1/cmdline': false,
      'test -e /dev/kmsg': false, 'chown root /run/livechat': false, 'cat /var/lib/mysql/ibdata1': false,
      'echo probe > /proc/sys/kernel/hostname': false, 'renice -n -5 $$': false,
      'touch /run/livechat/probe && rm /run/livechat/probe': true, 'touch /tmp/probe': true,
      'cat $CREDENTIALS_DIRECTORY/site.secret': true, 'cat /etc/livechat/livechat.toml': true,
    };
    await machine.must('mkdir -p /home/somebody && touch /home/somebody/file');
    machine.write('usr/local/bin/probe', `#!/bin/bash\n${Object.keys(tries).map((line) =>
      `(${line}) >/dev/null 2>&1 && echo 'can: ${line}' || echo 'cannot: ${line}'`).join('\n')}\n`, 0o755);
    const unit = fs.readFileSync(machine.at('lib/systemd/system/livechat-wsd@.service'), 'utf8')
      .replace(/^(ExecStart|ExecReload|Restart|RestartSec|WatchdogSec|Requires|PartOf|After|Type)=.*\n/gm, '')
      .replace('[Service]\n', '[Service]\nType=oneshot\nExecStart=/usr/local/bin/probe\n');
    machine.write('etc/systemd/system/probe.service', unit);
    const mark = await machine.mark();
    await machine.must('systemctl daemon-reload && systemctl start probe');
    const found = await machine.said('probe.service', mark);
    for (const [line, allowed] of Object.entries(tries)) {
      assert(found.includes(`${allowed ? 'can' : 'cannot'}: ${line}`), `${line}: ${found}`);
    }
    await machine.must('rm /etc/systemd/system/probe.service /usr/local/bin/probe && systemctl daemon-reload');
  });

  test('journald has their priorities', async () => {
    const mark = await machine.mark();
    await machine.must('systemctl stop mariadb');
    await call('GET', sessionPath('history', 'user123'), bearer(agent));
    await machine.must('systemctl start mariadb');
    await ready(machine);
    const entries = (await machine.journal('livechat-*', mark)).filter((entry) => /event=/.test(entry.MESSAGE));
    assert(entries.some((entry) => Number(entry.PRIORITY) <= 4), JSON.stringify(entries));
    for (const entry of entries) assert.doesNotMatch(entry.MESSAGE, /^<\d>/);
  });

  test('log.format = "json" makes an object of each line, with its priority', async () => {
    await machine.withFile('etc/livechat/conf.d/20-local.toml', '[log]\nformat = "json"\n', async () => {
      const mark = await machine.mark();
      await machine.must(`systemctl restart ${FCGI} ${WSD}`);
      const entries = (await machine.journal('livechat-*', mark)).filter((entry) => entry._COMM?.startsWith('livechat') && /"ready"/.test(entry.MESSAGE));
      assert(entries.length >= 2);
      for (const entry of entries) {
        assert.equal(JSON.parse(entry.MESSAGE).event, 'ready');
        assert.equal(entry.PRIORITY, '6');
      }
    });
    await machine.must(`systemctl restart ${FCGI} ${WSD}`);
  });
});

describe('sizes', () => {
  const memory = async (key, pids) => {
    const rows = await machine.must(`cat ${pids.map((pid) => `/proc/${pid}/smaps_rollup`).join(' ')}`);
    return [...rows.matchAll(new RegExp(`^${key}:\\s+(\\d+) kB`, 'gm'))].reduce((sum, [, kb]) => sum + Number(kb), 0) / 1024;
  };

  test('everything beside the database takes 64 MiB at most', async () => {
    await machine.withFile('etc/livechat/conf.d/20-local.toml', '[fcgi]\nworkers = 4\n', async () => {
      await machine.must(`systemctl restart ${FCGI} ${WSD}`);
      await ready(machine);
      const pids = (await machine.must("pgrep -f '^/usr/sbin/livechat-(fcgi|wsd)'")).trim().split('\n');
      const nginx = (await machine.must('pgrep nginx')).trim().split('\n');
      const pss = await memory('Pss', pids);
      const rss = await memory('Rss', pids);
      const withNginx = pss + await memory('Pss', nginx);
      console.log(`    idle, ${pids.length} processes: PSS ${pss.toFixed(1)} MiB, RSS ${rss.toFixed(1)} MiB; PSS with nginx ${withNginx.toFixed(1)} MiB`);
      assert(withNginx <= 64, `${withNginx} MiB`);
    });
  });

  test('both are ready soon after their start, as systemd sees it', async () => {
    for (const unit of [FCGI, WSD]) {
      const times = [];
      for (let i = 0; i < 7; i += 1) {
        await machine.must(`systemctl reset-failed ${unit}; systemctl restart ${unit}`);
        const at = async (name) => Number(await machine.property(unit, name));
        times.push((await at('ActiveEnterTimestampMonotonic') - await at('ExecMainStartTimestampMonotonic')) / 1000);
      }
      console.log(`    ${unit}: ready after ${times.map((time) => time.toFixed(0)).join(' ')} ms`);
      // With what systemd does first: namespaces, credentials, filters. What the programs need is held to 100 ms by
      // tests/ops/sizing.
      assert(Math.min(...times) <= 250, times.join(' '));
    }
  });
});

describe('the end of a day', () => {
  test('after a reboot all of it is there again', async () => {
    const before = (await call('GET', sessionPath('history', 'user123'), bearer(agent))).body.total;
    const client = await ChatClient.connect(site, { auth: { token: visitor }, reconnectionDelay: 50, reconnectionDelayMax: 200 });
    await client.ask('join', { clientId: 'user123' });
    await machine.reboot();
    for (const unit of [FCGI, WSD, 'livechat-purge.timer', 'nginx', 'mariadb']) assert.equal(await machine.isActive(unit), true, unit);
    await ready(machine);
    assert.equal((await call('GET', sessionPath('history', 'user123'), bearer(agent))).body.total, before);
    await waitFor(() => client.socket.connected, 'the client to be back');
    const ack = await client.ask('send-message', { clientId: 'user123', sender: 'client', message: 'and on' });
    assert.equal(ack.status, 'ok', JSON.stringify(ack));
    client.close();
  });

  test('remove stops all of it and keeps what was configured', async () => {
    await machine.must('apt-get remove -y livechat');
    assert.equal((await machine.must("systemctl list-units --all --no-legend --plain 'livechat*'")).trim(), '');
    assert.equal((await machine.sh('pgrep livechat')).code, 1);
    assert(fs.existsSync(machine.at('etc/livechat/conf.d/10-setup.toml')));
    await machine.must('apt-get install -y --no-install-recommends ./livechat_*.deb && livechat-admin setup --yes --no-agent');
    await ready(machine);
    assert.equal((await call('GET', '/api/chat/sessions', bearer(agent))).status, 200);
  });

  test('purge takes everything but the database', async () => {
    await machine.must('rm /etc/nginx/sites-enabled/chat && apt-get purge -y livechat');
    const left = await machine.must(`find / -xdev -path '*livechat*' ! -path '/proc/*' ! -path '/var/lib/mysql*' ! -path '/root/*' \\
      ! -path '/var/lib/dpkg/*' ! -path '/var/cache/apt/*' ! -path '/var/log/*'; find /run -path '*livechat*'`);
    assert.equal(left.trim(), '');
    assert.equal((await machine.must("systemctl list-units --all --no-legend --plain 'livechat*'")).trim(), '');
    assert.match(await machine.must(`mariadb -NB -e "SHOW DATABASES LIKE 'livechat'"`), /livechat/);
    await machine.must('nginx -t');
  });
});
