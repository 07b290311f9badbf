// What systemd does with the services of the package while people come and go: restarts, kill -9, the watchdog, reload, the
// timer; and what it and the programs say when they cannot start. scripts/test --install runs it, as root.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { blocksOf, commandsOf } from '../harness/manual.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Crowd } from './lib/crowd.mjs';
import { FCGI, WSD, installPackage, openSite, ready, setUp } from './lib/installed.mjs';
import { Machine } from './lib/machine.mjs';
import { Site, bearer } from './lib/site.mjs';

const { LIVECHAT_PACKAGE: deb, LIVECHAT_SERVER_ROOT: base, LIVECHAT_TEST_DIR: parent } = process.env;
const site = new Site(8080);
const call = (...args) => site.call(...args);
let machine;
let visitor;
let agent;
before(async () => {
  machine = await Machine.make(base, parent);
  await installPackage(machine, deb);
  // A crowd from one address.
  machine.write('etc/livechat/conf.d/30-crowd.toml', '[abuse]\nenabled = false\n');
  await setUp(machine);
  ({ agent, visitor } = await openSite(machine, site, 'user123'));
});
after(() => machine?.end());

const crowds = [];
afterEach(async () => {
  for (const crowd of crowds.splice(0)) await crowd.end();
});
function gather() {
  crowds.push(new Crowd(site, agent));
  return crowds.at(-1);
}

// A service that does not come up is tried again every second: it is stopped, so that the next test starts afresh.
async function mend(units = `${FCGI} ${WSD}`) {
  await machine.must(`systemctl stop ${units}; systemctl reset-failed 'livechat-*'; systemctl start ${units}`);
  await ready(machine);
}

describe('restarts', () => {
  test('of either service refuse no one, however many come', async () => {
    const crowd = gather();
    for (const unit of [FCGI, WSD, FCGI, WSD]) {
      await crowd.more(40);
      await machine.must(`systemctl restart ${unit}`);
    }
    await crowd.more(40);
    await crowd.end();
    assert.deepEqual(crowd.answers(), { polling: [200], rest: [200], websocket: [101] });
  });

  test('a service that was stopped is started by who comes', async () => {
    await machine.must(`systemctl stop ${FCGI} ${WSD}`);
    assert.equal(await machine.isActive(WSD), false);
    const crowd = gather();
    await crowd.more(3);
    await crowd.end();
    assert.deepEqual(crowd.answers(), { polling: [200], rest: [200], websocket: [101] });
    assert(await machine.isActive(FCGI) && await machine.isActive(WSD));
  });

  test('stopping the target and both sockets stops all of it; starting brings it back', async () => {
    await machine.must('systemctl stop livechat-wsd.target livechat-fcgi.socket livechat-fcgi.service');
    assert.equal((await call('GET', '/api/chat/sessions', bearer(agent))).status, 503);
    assert.equal((await call('GET', '/socket.io/?EIO=4&transport=polling')).status, 503);
    for (const unit of [FCGI, WSD, 'livechat-wsd@a.socket']) assert.equal(await machine.isActive(unit), false, unit);
    await machine.must('systemctl start livechat-fcgi.socket livechat-fcgi.service livechat-wsd.target');
    await ready(machine);
  });

  for (const unit of [FCGI, WSD]) {
    test(`${unit} comes back after kill -9; who comes meanwhile waits`, async () => {
      const crowd = gather();
      await crowd.more(5);
      crowd.pause();
      await crowd.rests();
      const old = await machine.pidOf(unit);
      await machine.must(`systemctl kill -s KILL ${unit}`);
      crowd.go();
      await crowd.more(20);
      await crowd.end();
      assert.notEqual(await machine.pidOf(unit), old);
      assert.equal(await machine.property(unit, 'Result'), 'success');
      assert.deepEqual(crowd.answers(), { polling: [200], rest: [200], websocket: [101] });
    });

    test(`${unit} that hangs is killed by the watchdog and started again`, async () => {
      await machine.withDropIn(unit, '[Service]\nWatchdogSec=2\n', async () => {
        await machine.must(`systemctl restart ${unit}`);
        const mark = await machine.mark();
        const old = await machine.pidOf(unit);
        await machine.must(`systemctl kill --kill-whom=main -s STOP ${unit}`);
        await waitFor(async () => (await machine.pidOf(unit)) !== old && await machine.isActive(unit), 'another process', 40_000);
        assert.match((await machine.said(unit, mark)), /Watchdog timeout/);
      });
      await machine.must(`systemctl restart ${unit}`);
      await ready(machine);
    });
  }

  test('a reload drops no socket and loses no request; a wrong configuration changes nothing and says why', async () => {
    const client = await ChatClient.connect(site, { auth: { token: visitor } });
    await client.ask('join', { clientId: 'user123' });
    const pids = [await machine.pidOf(FCGI), await machine.pidOf(WSD)];
    const crowd = gather();
    await machine.withFile('etc/livechat/conf.d/20-local.toml', '[limits]\nmessage_bytes = 20\n', async () => {
      await machine.must("systemctl reload livechat-fcgi 'livechat-wsd@*.service'");
      await waitFor(async () => (await client.ask('send-message', { clientId: 'user123', sender: 'client', message: 'x'.repeat(21) })).code === 'message_too_long', 'the limit to hold');
    });
    await machine.must("systemctl reload livechat-fcgi 'livechat-wsd@*.service'");
    await machine.withFile('etc/livechat/conf.d/20-local.toml', '[limits]\nmessage_bites = 20\n', async () => {
      for (const unit of [FCGI, WSD]) {
        const mark = await machine.mark();
        assert.notEqual((await machine.sh(`systemctl reload ${unit}`)).code, 0);
        assert.match(await machine.said(unit, mark), /20-local\.toml:2: unknown key limits\.message_bites/);
        assert.equal(await machine.isActive(unit), true);
      }
    });
    await crowd.more(5);
    await crowd.end();
    assert.deepEqual(crowd.answers(), { polling: [200], rest: [200], websocket: [101] });
    const ack = await client.ask('send-message', { clientId: 'user123', sender: 'client', message: 'still the same socket, with a long text' });
    assert.equal(ack.status, 'ok');
    assert.deepEqual(client.disconnects, []);
    assert.deepEqual([await machine.pidOf(FCGI), await machine.pidOf(WSD)], pids);
    client.close();
  });

  test('the nightly purge is planned, and runs', async () => {
    assert.match(await machine.must('systemctl list-timers --no-pager'), /livechat-purge\.timer/);
    await machine.must(`mariadb livechat -e "CALL livechat_open('long-ago'); UPDATE session SET last_message_at = '2001-01-01', created_at = '2001-01-01' WHERE client_id = 'long-ago'"`);
    await machine.withFile('etc/livechat/conf.d/20-local.toml', '[retention]\ndays = 365\n', async () => {
      const mark = await machine.mark();
      await machine.must('systemctl start livechat-purge.service');
      assert.equal(await machine.property('livechat-purge.service', 'Result'), 'success');
      assert.match(await machine.said('livechat-purge.service', mark), /1/);
    });
    assert.match(await machine.must(`mariadb livechat -NBe "SELECT COUNT(*) FROM session WHERE client_id = 'long-ago'"`), /^0$/m);
    assert.match(await machine.must(`mariadb livechat -NBe "SELECT COUNT(*) FROM session WHERE client_id = 'user123'"`), /^1$/m);
  });
});

test('what is stopped as the manual says it has stored all that it acknowledged when the command comes back', async () => {
  await machine.must("mariadb livechat -e \"CALL livechat_open('load')\"");
  const acknowledged = new Set();
  let busy = true;
  const say = async (name, send) => {
    for (let i = 0; busy; i += 1) {
      const messageId = `${name}-${i}`;
      const sent = await send({ clientId: 'load', sender: 'admin', message: messageId, messageId }).catch(() => false);
      if (sent) acknowledged.add(messageId);
      else if (busy) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const clients = [];
  const load = [];
  for (let i = 0; i < 4; i += 1) {
    const client = await ChatClient.connect(site, { auth: { token: agent } });
    clients.push(client);
    // Many under way at once, so that the daemon has something to finish.
    for (let lane = 0; lane < 50; lane += 1) {
      load.push(say(`socket-${i}-${lane}`, async (message) => (await client.ask('send-message', message)).status === 'ok'));
    }
  }
  for (let i = 0; i < 4; i += 1) {
    load.push(say(`rest-${i}`, async ({ clientId, ...body }) =>
      (await call('POST', `/api/chat/messages/${clientId}`, { body, ...bearer(agent) })).status === 201));
  }
  await waitFor(() => acknowledged.size > 2000, 'load', 60_000);
  const [, moving] = blocksOf('Moving to another server');
  for (const command of moving) await machine.must(`cd /root; ${command}`);
  for (const unit of [FCGI, WSD]) assert.equal(await machine.isActive(unit), false, unit);
  const backup = fs.readFileSync(machine.at('root/livechat.sql'), 'utf8');
  busy = false;
  for (const client of clients) client.close();
  await machine.must('systemctl start livechat-fcgi.socket livechat-fcgi.service livechat-wsd.target');
  await Promise.all(load);
  await ready(machine);
  // --hex-blob: texts stand there as they are, names of messages as numbers.
  const lost = [...acknowledged].filter((name) => !backup.includes(`'${name}'`) && !backup.includes(Buffer.from(name).toString('hex').toUpperCase()));
  console.log(`    ${acknowledged.size} acknowledged, ${lost.length} not in the backup`);
  assert.deepEqual(lost, []);
  assert.match(await machine.must('stat -c %a /root/livechat.sql /root/site.secret'), /^600\n600$/m);
});

test('a backup is put back by the commands of the manual, while a client waits', async () => {
  const client = await ChatClient.connect(site, { auth: { token: visitor } });
  const say = async (message) => assert.equal((await client.ask('send-message', { clientId: 'user123', sender: 'client', message })).status, 'ok');
  const follow = async (section) => {
    for (const command of commandsOf(section)) await machine.must(`cd /root; ${command}`);
  };
  const epoch = () => machine.must(`mariadb livechat -NBe 'SELECT epoch FROM feed_state'`);
  const before = await epoch();
  await say('before the backup');
  await follow('Backup');
  await say('after the backup');
  await follow('Restore');
  await ready(machine);
  assert.notEqual(await epoch(), before);
  await waitFor(() => client.disconnects.length > 0 && client.socket.connected, 'the client to come back');
  await client.ask('join', { clientId: 'user123' });
  await say('after the restore');
  const { body } = await call('GET', '/api/chat/history/user123', bearer(visitor));
  const texts = body.messages.map(({ message }) => message).filter((text) => / the /.test(text));
  assert.deepEqual(texts.slice(-2), ['before the backup', 'after the restore']);
  assert(!texts.includes('after the backup'));
  assert.equal((await machine.sh('livechat-admin doctor')).code, 0);
  client.close();
});

describe('what cannot start', () => {
  // systemctl fails, and the journal has the sentence; gives what was said.
  async function refusal(unit) {
    const mark = await machine.mark();
    const { code } = await machine.sh(`systemctl restart ${unit}`);
    assert.notEqual(code, 0, `${unit} started`);
    return machine.said(unit, mark);
  }

  test('a wrong key is named with its file and line', async () => {
    await machine.withFile('etc/livechat/conf.d/99-wrong.toml', '[fcgi]\nwokers = 3\n', async () => {
      for (const unit of [FCGI, WSD]) {
        assert.match(await refusal(unit), /conf\.d\/99-wrong\.toml:2: unknown key fcgi\.wokers/);
        await machine.must(`systemctl stop ${unit}`);
      }
    });
    await mend();
  });

  test('a missing trigger is named, with what to do, and doing it helps', async () => {
    await machine.must(`mariadb livechat -e 'DROP TRIGGER message_before_insert'`);
    for (const unit of [FCGI, WSD]) {
      assert.match(await refusal(unit), /the trigger message_before_insert is missing/);
      await machine.must(`systemctl stop ${unit}`);
    }
    assert.notEqual((await machine.sh('livechat-admin doctor')).code, 0);
    for (const command of commandsOf('Triggers or procedures are missing')) await machine.must(command);
    await mend();
  });

  test('without the database they start, say so, and go on when it is there', async () => {
    await machine.must('systemctl stop mariadb');
    const mark = await machine.mark();
    await machine.must(`systemctl restart ${FCGI} ${WSD}`);
    assert.match(await machine.said('livechat-*', mark), /event=database_unreachable/);
    assert.equal((await call('GET', '/api/chat/sessions', bearer(agent))).status, 503);
    const { code, out } = await machine.sh('livechat-fcgi --check');
    assert.equal(code, 1);
    assert.match(out, /the database cannot be reached .*is the server running/);
    await machine.must('systemctl start mariadb');
    await ready(machine);
    assert.equal((await call('GET', '/api/chat/sessions', bearer(agent))).status, 200);
  });

  test('an address that another program has is named by systemd', async () => {
    const other = net.createServer().listen(8099, '127.0.0.1');
    await once(other, 'listening');
    try {
      await machine.withDropIn('livechat-wsd@c.socket', '[Socket]\nListenStream=127.0.0.1:8099\n', async () => {
        const mark = await machine.mark();
        assert.notEqual((await machine.sh('systemctl start livechat-wsd@c.socket')).code, 0);
        assert.match(await machine.said('livechat-wsd@c.socket', mark), /livechat-wsd@c\.socket: Failed to \w+ listening socket \(127\.0\.0\.1:8099\)/);
      });
    } finally {
      other.close();
      await machine.sh('systemctl reset-failed livechat-wsd@c.socket');
    }
  });

  test('a status address that another program has is named by the program', async () => {
    await machine.withDropIn(WSD, `[Service]\nExecStart=\nExecStart=/usr/sbin/livechat-wsd --name a --set wsd.metrics_listen=127.0.0.1:${site.port}\n`, async () => {
      assert.match(await refusal(WSD), new RegExp(`127\\.0\\.0\\.1:${site.port}.*(in use|listens)`));
      await machine.must(`systemctl stop ${WSD}`);
    });
    await mend();
  });
});
