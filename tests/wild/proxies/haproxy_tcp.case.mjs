import fs from 'node:fs';
import path from 'node:path';

export default {
  title: 'HAProxy in front of nginx, by the PROXY protocol',
  versions: 'HAProxy 2.6',
  result: 'everything works; TLS ends at nginx, so it says by itself whether cookies are Secure',
  package: 'haproxy',
  secure: false,
  options: ['--trusted-proxy', '127.0.0.1', '--client-address-header', 'proxy_protocol'],
  expect: { secure: false },
  async start({ folder, port, inner, spawn }) {
    const file = path.join(folder, 'haproxy.cfg');
    fs.writeFileSync(file, `defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
listen site
    bind 127.0.0.1:${port}
    server nginx 127.0.0.1:${inner} send-proxy
`);
    await spawn(port, 'haproxy', ['-db', '-f', file]);
  },
};
