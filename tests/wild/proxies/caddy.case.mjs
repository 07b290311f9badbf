import fs from 'node:fs';
import path from 'node:path';

export default {
  title: 'Caddy in front of nginx, by reverse_proxy alone',
  versions: 'Caddy 2.6',
  result: 'everything works',
  package: 'caddy',
  slow: true,
  secure: false,
  options: ['--trusted-proxy', '127.0.0.1'],
  expect: { secure: false },
  async start({ folder, port, inner, spawn }) {
    const file = path.join(folder, 'Caddyfile');
    fs.writeFileSync(file, `{
	admin off
	auto_https off
}
http://127.0.0.1:${port} {
	reverse_proxy 127.0.0.1:${inner}
}
`);
    await spawn(port, 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
  },
};
