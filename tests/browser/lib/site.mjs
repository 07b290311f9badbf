// A web site of its own on another port, and so of another origin: what a customer of livechat has.
import { once } from 'node:events';
import http from 'node:http';

export class Site {
  // pages: { '/path': { html, headers } or a function that gives it }
  static async start(pages) {
    const site = new Site();
    site.server = http.createServer((request, response) => {
      const { pathname } = new URL(request.url, 'http://site');
      const page = pages[pathname];
      if (!page) {
        response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end(); // browsers ask for it by themselves
        return;
      }
      const { html, headers = {}, type = 'text/html; charset=utf-8' } = typeof page === 'function' ? page(site) : page;
      response.writeHead(200, { 'Content-Type': type, ...headers }).end(html);
    });
    site.server.listen(0, '127.0.0.1');
    await once(site.server, 'listening');
    site.origin = `http://localhost:${site.server.address().port}`;
    return site;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
