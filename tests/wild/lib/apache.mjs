// Apache, with the lines that docs/proxies.md shows under a heading.
import fs from 'node:fs';
import path from 'node:path';

import { root } from '../../harness/stack.mjs';

export function linesOf(heading) {
  const part = fs.readFileSync(path.join(root, 'docs/proxies.md'), 'utf8').split(`\n## ${heading}\n`)[1];
  const block = part?.split('\n## ')[0].match(/```\w+\n([\s\S]*?)```/);
  if (!block) throw new Error(`docs/proxies.md shows nothing under "${heading}"`);
  return block[1];
}

const kModules = ['mpm_event', 'authz_core', 'authn_core', 'alias', 'mime', 'dir', 'headers', 'proxy', 'proxy_http', 'proxy_fcgi', 'proxy_wstunnel', 'setenvif'];

// lines: for its one virtual host. As the visitor's https ends in front of it, where REQUEST_SCHEME is http.
export async function startApache({ folder, port, spawn }, lines) {
  const modules = '/usr/lib/apache2/modules';
  const load = kModules.filter((name) => fs.existsSync(`${modules}/mod_${name}.so`))
    .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`);
  fs.writeFileSync(path.join(folder, 'apache.conf'), `ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/apache.pid
Listen 127.0.0.1:${port}
${load.join('\n')}
${process.getuid() === 0 ? 'User www-data\nGroup root' : ''}
TypesConfig /etc/mime.types
ErrorLog ${folder}/apache.log
DefaultRuntimeDir ${folder}
DocumentRoot ${folder}
<VirtualHost *:${port}>
${lines}
</VirtualHost>
`);
  await spawn(port, '/usr/sbin/apache2', ['-X', '-f', path.join(folder, 'apache.conf')]);
}
