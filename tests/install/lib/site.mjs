// What the tests of an installation know of its web server.
import http from 'node:http';

import { request } from '../../harness/http.mjs';

export const password = 'correct horse battery staple';

// A site without TLS, of the parts that the package brings.
export const siteText = (port) => `
include livechat-http.conf;
include livechat-timeouts.conf;
server {
    listen 127.0.0.1:${port};
    server_name localhost;
    include livechat-errors.conf;
    include livechat-locations.conf;
    set $livechat_web /usr/share/livechat/web;
    include livechat-web.conf;
}
`;

// Calls at a port. A connection each: nginx closes idle ones when it is reloaded.
export class Site {
  constructor(port) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.agent = new http.Agent();
  }

  call(method, at, options) {
    return request(this, method, at, { agent: this.agent, ...options });
  }
}

export const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } });
