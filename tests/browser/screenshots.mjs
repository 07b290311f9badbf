// Makes pictures of every view of the widget, in both themes, on a desktop and a phone, and from right to left,
// to be looked at:
//
//   node tests/browser/screenshots.mjs URL FOLDER
//
// URL: of a running stack (scripts/run --auth open --set limits.message_bytes=200). Emoji need the package
// fonts-noto-color-emoji, Arabic fonts-noto-core; fonts-inter as the system's font is closest to what people have.
//
// The best of them are in docs/images.
import fs from 'node:fs';
import path from 'node:path';

import { closeBrowser } from './lib/chromium.mjs';
import { agentOf, Person } from './lib/people.mjs';
import { Site } from './lib/site.mjs';

const [url, folder] = process.argv.slice(2);
if (!url || !folder) throw new Error('usage: node tests/browser/screenshots.mjs URL FOLDER');
fs.mkdirSync(folder, { recursive: true });

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const lamp = 'Hello! I ordered a desk lamp last week (order 20417) and it has not arrived yet.';

async function tell(name, options) {
  const agent = await agentOf({ url, port: Number(new URL(url).port) });
  // An agent who is there.
  await agent.ask('watch-sessions');
  const visitor = await Person.visit(url, options);
  const { widget, page } = visitor;
  const picture = (view) => page.screenshot({ path: path.join(folder, `${name}-${view}.png`) });
  await picture('page');
  await widget.open();
  await picture('empty');
  const clientId = await widget.clientId();
  await agent.join(clientId);
  await widget.say(lamp);
  await widget.state(lamp, 'sent');
  await agent.say(clientId, 'Good morning, let me have a look.');
  await agent.say(clientId, 'It left our warehouse on Thursday, and is on its way: https://parcels.example.org/20417');
  await widget.say('Thank you 🙏');
  await widget.state('Thank you 🙏', 'sent');
  await agent.read(clientId);
  await widget.state('Thank you 🙏', 'read');
  await widget.say('🎉');
  await widget.say('One more question:\n– can I return it?\n– who pays for that?');
  agent.emit('typing', { clientId, isTyping: true, sender: 'admin' });
  await widget.panel.locator('.typing').waitFor();
  await widget.field.fill('Or could I change it for a');
  await picture('conversation');
  await widget.panel.getByRole('button', { name: 'Emoji' }).click();
  await picture('emoji');
  await page.keyboard.press('Escape');
  await widget.panel.getByRole('button', { name: 'More' }).click();
  await picture('menu');
  await page.keyboard.press('Escape');
  await page.context().setOffline(true);
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await widget.notice.getByText('No connection').waitFor();
  await widget.say('Are you still there?');
  await picture('offline');
  await page.context().setOffline(false);
  await widget.settled();
  await widget.state('Are you still there?', 'sent');
  await widget.say(`This is what the manual says: ${'turn the knob to the left until it clicks, then press; '.repeat(4)}`);
  await widget.panel.getByRole('button', { name: 'Discard' }).waitFor();
  await picture('failed');
  await widget.panel.getByRole('button', { name: 'Discard' }).click();
  await page.evaluate(() => LiveChat.configure({ lang: 'ar' }));
  await widget.panel.getByText('مرحبًا').waitFor();
  await picture('arabic');
  await page.evaluate(() => LiveChat.configure({ lang: 'en' }));
  await widget.panel.getByRole('button', { name: 'More' }).click();
  await widget.endConversation();
  await widget.notice.getByText('This conversation has ended').waitFor();
  await picture('ended');
  await page.evaluate(() => LiveChat.close());
  await agent.say(clientId, 'Of course I am.');
  await widget.launcher.getByText('1').waitFor();
  await picture('unread');
  await visitor.leave();
  agent.close();
}

// A page of an origin that is not listed.
const stranger = await Site.start({ '/': () => ({ html: `<!doctype html><html lang="en"><title>A shop</title><body>
  <meta name="viewport" content="width=device-width"><script async src="${url}/widget.js"></script></body></html>` }) });

async function refuse(name, options) {
  const visitor = await Person.visit(stranger.origin, options);
  await visitor.widget.launcher.click();
  await visitor.widget.notice.locator('p').first().waitFor();
  await visitor.page.screenshot({ path: path.join(folder, `${name}-refused.png`) });
  await visitor.leave();
}

for (const colorScheme of ['light', 'dark']) {
  await tell(`widget-desktop-${colorScheme}`, { colorScheme, ...desktop });
  await tell(`widget-phone-${colorScheme}`, { colorScheme, ...phone });
  await refuse(`widget-phone-${colorScheme}`, { colorScheme, ...phone });
}
await refuse('widget-desktop-light', { colorScheme: 'light', ...desktop });
await stranger.stop();
await closeBrowser();
