import fs from 'node:fs';
import path from 'node:path';

import { linesOf } from '../lib/apache.mjs';

export default {
  title: 'HAProxy in front of nginx, as docs/proxies.md has it',
  versions: 'HAProxy 2.6',
  result: 'everything works',
  package: 'haproxy',
  options: ['--trusted-proxy', '127.0.0.1'],
  async start({ folder, port, inner, spawn }) {
    const file = path.join(folder, 'haproxy.cfg');
    fs.writeFileSync(file, linesOf('HAProxy').replace('127.0.0.1:8080', `127.0.0.1:${inner}`)
      .replace('frontend site\n', `frontend site\n    bind 127.0.0.1:${port}\n`).replace(' if { ssl_fc }', ''));
    await spawn(port, 'haproxy', ['-db', '-f', file]);
  },
};
