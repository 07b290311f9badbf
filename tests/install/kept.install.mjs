// What an administrator has changed survives upgrades that ask nothing, a database server that is down, and a purge.
// scripts/test --install runs it, as root.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';

import { waitFor } from '../harness/wait.mjs';
import { ready, setUp } from './lib/installed.mjs';
import { Machine } from './lib/machine.mjs';
import { siteText } from './lib/site.mjs';

const { LIVECHAT_PACKAGE: next, LIVECHAT_PREVIOUS_PACKAGE: previous, LIVECHAT_SERVER_ROOT: base,
  LIVECHAT_TEST_DIR: parent } = process.env;
let machine;
before(async () => {
  machine = await Machine.make(base, parent);
  fs.copyFileSync(previous, machine.at('root/previous.deb'));
  fs.copyFileSync(next, machine.at('root/next.deb'));
});
after(() => machine?.end());

const read = (file) => fs.readFileSync(machine.at(file), 'utf8');
// As unattended-upgrades does it: with no one to answer.
const install = (file) => machine.sh(`apt-get install -y --no-install-recommends --reinstall ${file} </dev/null`);

test('an upgrade from parts that were written over asks nothing, and keeps what they said', async () => {
  const first = await install('./previous.deb');
  assert.equal(first.code, 0, first.out);
  await setUp(machine);
  await machine.must(`/usr/share/livechat/scripts/nginx-conf --trusted-proxy 10.0.0.0/8 --requests-per-second 70 \\
    --wsd a=unix:/run/livechat/wsd-a.sock --wsd b=unix:/run/livechat/wsd-b.sock > /etc/nginx/livechat-http.conf
    echo '# mine' >> /etc/nginx/livechat-locations.conf
    printf '[doorbell]\\nring = ["unix:/run/livechat/wsd-a.bell", "unix:/run/livechat/wsd-b.bell"]\\n' > /etc/livechat/conf.d/00-daemons.toml
    sed -i s/chat.example.org/chat.shop.example/ /etc/nginx/sites-available/livechat`);
  machine.write('etc/nginx/sites-enabled/chat', siteText(8080));
  await machine.must('nginx -t && systemctl reload nginx');
  const widget = fs.readdirSync(machine.at('usr/share/livechat/web/livechat')).filter((name) => name.endsWith('.js'));

  const { code, out } = await install('./next.deb');
  assert.equal(code, 0, out);
  assert.match(await machine.must('nginx -t && systemctl reload nginx; dpkg-query -W -f "\\${db:Status-Status}" livechat'), /installed/);
  const options = read('etc/livechat/nginx.options').split('\n').filter((line) => line.startsWith('--')).sort();
  assert.deepEqual(options, ['--requests-per-second 70', '--trusted-proxy 10.0.0.0/8',
    '--wsd a=unix:/run/livechat/wsd-a.sock', '--wsd b=unix:/run/livechat/wsd-b.sock']);
  assert.match(read('etc/nginx/livechat-http.conf'), /livechat_wsd_b[\s\S]*10\.0\.0\.0\/8 1;[\s\S]*rate=70r/);
  assert.match(read('etc/nginx/livechat-locations.conf.dpkg-bak'), /# mine$/m);
  assert.match(read('etc/livechat/conf.d/00-daemons.toml'), /wsd-b\.bell/);
  assert.match(read('etc/nginx/sites-available/livechat'), /chat\.shop\.example/);
  for (const file of widget) assert(fs.existsSync(machine.at(`var/lib/livechat/former-web/livechat/${file}`)), file);
  assert.match(await machine.must('stat -c "%a %U:%G" /var/log/nginx/livechat.log'), /^640 www-data:adm$/m);
  assert.doesNotMatch(await machine.must("dpkg-deb -I /root/next.deb conffiles"), /nginx|daemons/);
  await ready(machine);
});

test('options are kept one by one', async () => {
  await machine.must('/usr/share/livechat/scripts/nginx-conf --install --trusted-proxy 192.0.2.1 --wsd= --requests-per-second=');
  assert.deepEqual(read('etc/livechat/nginx.options').split('\n').filter((line) => line.startsWith('--')), ['--trusted-proxy 192.0.2.1']);
  assert.doesNotMatch(read('etc/nginx/livechat-http.conf'), /wsd_b/);
  const { code, out } = await machine.sh('/usr/share/livechat/scripts/nginx-conf --install --trusted-proxy nonsense');
  assert.equal(code, 1);
  assert.match(out, /--trusted-proxy takes an address/);
  assert.match(read('etc/livechat/nginx.options'), /192\.0\.2\.1/);
});

test('a database server that is down stops no upgrade, which is finished when it is back', async () => {
  await machine.must('systemctl stop mariadb');
  const { code, out } = await machine.sh('dpkg -i next.deb </dev/null');
  assert.equal(code, 0, out);
  assert.match(out, /waiting for the database server[\s\S]*cannot be reached/);
  assert.match(await machine.must('dpkg-query -W -f "\\${db:Status-Status}" livechat'), /^installed$/m);
  await machine.must('systemctl start mariadb');
  await waitFor(() => !fs.existsSync(machine.at('var/lib/livechat/migrate-wanted')), 'livechat-migrate.service', 60_000);
  await ready(machine);
});

test('a purge leaves no site without the parts that it includes', async () => {
  const { code, out } = await machine.sh('apt-get purge -y livechat');
  assert.equal(code, 0, out);
  assert.match(out, /included by \/etc\/nginx\/sites-enabled\/chat/);
  await machine.must('nginx -t && systemctl restart nginx');
  await machine.must('rm /etc/nginx/sites-enabled/chat /etc/nginx/livechat-*.conf* && nginx -t && systemctl restart nginx');
  assert(!fs.existsSync(machine.at('etc/livechat')) && !fs.existsSync(machine.at('var/lib/livechat')));
});
