// Holds one conversation on a host page: the button shows, the panel opens, every key types, an answer arrives, what was
// written without a network is sent by the next page, and nothing breaks on the way.
//
// A case (pages/NAME.case.mjs) has, besides title, versions and result:
//   libraries   { '/name.js': 'a file below tests/node_modules', or an absolute path of a Debian package }
//   html        (tag, stack) => the page; tag(attributes) is the element that embeds the widget
//   pages       { '/path': (tag, stack) => … }, further pages
//   act         async ({ page, widget, site }) => …, what the page does before the conversation
//   during      the same, with the panel open
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { waitFor } from '../../harness/wait.mjs';
import { Person } from '../../browser/lib/people.mjs';
import { Site } from '../../browser/lib/site.mjs';
import { agent, stack, storedTexts } from '../../browser/lib/suite.mjs';
import { root } from '../../harness/stack.mjs';

const folder = path.join(root, 'tests/wild/pages');

export async function cases() {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.case.mjs')).sort();
  return Promise.all(files.map(async (file) => {
    const { default: one } = await import(path.join(folder, file));
    return { name: file.replace('.case.mjs', ''), ...one };
  }));
}

const typed = 'a/b j ?  x';

// One site for all of them: a page's address begins with the name of its case.
export async function startSite(all) {
  const pages = {};
  const html = (make, name) => (site) => ({
    html: make((attributes = '') => `<script async src="${stack.url}/widget.js" data-site="${name}" ${attributes}></script>`, stack, site),
  });
  for (const { name, html: make, pages: more = {}, libraries = {} } of all) {
    pages[`/${name}/`] = html(make, name);
    for (const [place, another] of Object.entries(more)) pages[`/${name}${place}`] = html(another, name);
    for (const [place, file] of Object.entries(libraries)) {
      const text = fs.readFileSync(path.resolve(root, 'tests/node_modules', file), 'utf8');
      pages[`/${name}${place}`] = { html: text, type: 'text/javascript' };
    }
  }
  return Site.start(pages);
}

export async function converse(site, { name, act, during, siteName = name, complaints = [] }) {
  const address = `${site.origin}/${name}/`;
  const visitor = await Person.visit(address);
  try {
    const { widget, page } = visitor;
    await act?.({ page, widget, site: `${site.origin}/${name}` });
    await widget.launcher.waitFor();
    await widget.launcher.click();
    await widget.field.waitFor();
    await waitFor(async () => (await stateOf(page, siteName))?.unborn === false, 'the conversation');
    const { clientId } = await stateOf(page, siteName);
    await agent.join(clientId);
    await during?.({ page, widget, site: `${site.origin}/${name}` });
    await widget.field.click();
    await page.keyboard.type(typed);
    assert.equal(await widget.field.inputValue(), typed, 'every key arrives');
    await page.keyboard.press('Enter');
    await widget.state(typed, 'sent');
    await agent.say(clientId, 'an answer');
    await widget.shows([typed, 'an answer']);
    assert.equal(await page.evaluate(() => document.querySelectorAll('livechat-widget').length), 1);
    await page.context().setOffline(true);
    await page.evaluate(() => {
      const event = document.createEvent('Event'); // some libraries take the name Event for their own
      event.initEvent('offline', false, false);
      dispatchEvent(event);
    });
    await widget.field.fill('cancel it');
    await widget.field.press('Enter');
    await waitFor(async () => (await widget.texts()).includes('cancel it'), 'the message that waits');
    const next = await page.context().newPage();
    await page.close();
    await page.context().setOffline(false);
    await next.goto(address);
    await waitFor(async () => (await storedTexts(clientId)).includes('cancel it'), 'what was written without a network');
    assert.deepEqual(await storedTexts(clientId), [typed, 'an answer', 'cancel it']);
    const unexpected = visitor.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|ERR_NETWORK/.test(text) && !complaints.some((one) => one.test(text)));
    assert.deepEqual(unexpected, [], 'the page complains about nothing');
  } finally {
    await visitor.page.context().close();
  }
}

// What the browser keeps of the visitor of a site.
function stateOf(page, site) {
  return page.evaluate((key) => JSON.parse(localStorage.getItem(key)), `livechat:${site}:visitor`);
}
