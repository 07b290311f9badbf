import { linesOf, startApache } from '../lib/apache.mjs';

export default {
  title: 'Apache in front of nginx, as docs/proxies.md has it',
  versions: 'Apache 2.4',
  result: 'everything works',
  package: 'apache2-bin',
  options: ['--trusted-proxy', '127.0.0.1'],
  start: (context) => startApache(context, linesOf('Apache in front of nginx')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${context.inner}`).replace('expr=%{REQUEST_SCHEME}', 'https')),
};
