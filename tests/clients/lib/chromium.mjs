// Debian's Chromium, without a window, with a page that talks to a stack.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-chromium-'));
    browser.context = await chromium.launchPersistentContext(browser.profile, {
      executablePath: '/usr/bin/chromium', headless: true, args: flags, ignoreHTTPSErrors: true,
    });
    return browser;
  }

  async stop() {
    await this.context.close();
    fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }

  // A page of the site at url, with a stock client that is connected there: a visitor for
  // holdConversation().
  async visitor(url, options) {
    const page = await this.context.newPage();
    // Any page of the origin does, and one that is not there has no scripts of its own.
    await page.goto(`${url}/nothing-here`);
    await page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
    await page.evaluate((given) => {
      const socket = window.io(given);
      window.visitor = { socket, connects: 0, heard: [] };
      socket.on('connect', () => (window.visitor.connects += 1));
      socket.onAny((event, data) => window.visitor.heard.push({ event, data }));
    }, options);
    return {
      page,
      recovers: true,
      ask: (event, data) => page.evaluate((args) => window.visitor.socket.timeout(20_000).emitWithAck(...args), [event, data]),
      emit: (event, data) => page.evaluate((args) => void window.visitor.socket.emit(...args), [event, data]),
      heard: (event) => page.evaluate((name) =>
        window.visitor.heard.filter((one) => one.event === name).map(({ data }) => data), event),
      connects: () => page.evaluate(() => window.visitor.connects),
      transport: () => page.evaluate(() => window.visitor.socket.io.engine?.transport.name),
      close: () => page.close(),
    };
  }
}
