// Debian's Chromium for the tests of what people look at.
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--font-render-hinting=none',
  '--host-resolver-rules=MAP *.test 127.0.0.1', // for pages that browsers do not trust as they trust localhost
];

let browser;

// A browser whose contexts do not know each other: a context is a person with a computer.
function startChromium() {
  browser ??= chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags });
  return browser;
}

export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

// A new page in a new context; what the page complains about is written down in page.complaints.
export async function person(options = {}) {
  const context = await (await startChromium()).newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  return watched(context);
}

// A further page of a person who is there already.
export async function watched(context) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error.stack ?? error)));
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text());
  });
  return page;
}
