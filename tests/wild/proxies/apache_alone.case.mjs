import { linesOf, startApache } from '../lib/apache.mjs';

export default {
  title: 'Apache in place of nginx, as docs/proxies.md has it',
  versions: 'Apache 2.4',
  result: 'everything works; files are not compressed',
  package: 'apache2-bin',
  alone: true,
  secure: false,
  expect: { secure: false, gzip: 'plain,plain,plain' },
  start: (context) => startApache(context, linesOf('Apache in place of nginx')
    .replaceAll('/run/livechat/', `${context.sockets}/`).replaceAll('/usr/share/livechat/web', context.web)),
};
