import { startApache } from '../lib/apache.mjs';

export default {
  title: 'Apache in front of nginx, with its defaults',
  versions: 'Apache 2.4',
  result: 'no page may write (403), slashes in a clientId are 404, and there is no WebSocket: docs/proxies.md has the lines it takes',
  package: 'apache2-bin',
  secure: false,
  expect: { origin: 403, slash: 404, polling: 'xhr poll error', websocket: 'websocket error', upgrade: 'xhr poll error', secure: false, address: '127.0.0.1' },
  start: (context) => startApache(context, `ProxyPass "/" "http://127.0.0.1:${context.inner}/"`),
};
