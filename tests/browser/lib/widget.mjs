// The widget as a visitor handles it: by what is written on it.
import assert from 'node:assert/strict';

import { waitFor } from '../../harness/wait.mjs';

export class Widget {
  constructor(page) {
    this.page = page;
    this.host = page.locator('livechat-widget');
    this.launcher = this.host.locator('.launcher');
    this.panel = this.host.getByRole('dialog');
    this.field = this.panel.locator('textarea');
    this.log = this.panel.locator('.log');
    this.notice = this.panel.locator('.notices');
  }

  // Opens it and waits until the server knows the visitor.
  async open() {
    await this.launcher.click();
    await this.field.waitFor();
    await waitFor(() => this.clientId(), 'the clientId');
    await this.settled();
  }

  async settled() {
    await waitFor(() => this.connection().then((state) => state === 'live'), 'the live connection');
  }

  // As LiveChat.on('connection') has told last; pages of these tests write it down.
  connection() {
    return this.page.evaluate(() => window.seen?.connection);
  }

  clientId() {
    return this.page.evaluate(() => {
      for (const key of Object.keys(localStorage)) {
        if (/^livechat:.*:visitor$/.test(key)) return JSON.parse(localStorage.getItem(key)).clientId;
      }
      return undefined;
    });
  }

  async say(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  // With the menu open.
  async endConversation() {
    await this.panel.getByRole('menuitem', { name: 'End conversation' }).click();
    await this.panel.getByRole('alertdialog', { name: 'End this conversation?' }).getByRole('button', { name: 'End conversation' }).click();
  }

  // The messages on the screen: { own, text, state }.
  messages() {
    return this.page.evaluate(() => {
      const root = document.querySelector('livechat-widget').shadowRoot;
      return [...root.querySelectorAll('.log li.message:not(.greeting)')].map((line) => ({
        own: line.classList.contains('own'),
        text: line.querySelector('.text').textContent,
        state: ['sending', 'waiting', 'sent', 'read', 'failed'].find((name) => line.classList.contains(name)),
      }));
    });
  }

  texts() {
    return this.messages().then((messages) => messages.map((message) => message.text));
  }

  async shows(texts) {
    let seen;
    await waitFor(async () => {
      seen = await this.texts();
      return JSON.stringify(seen) === JSON.stringify(texts);
    }, 'the messages').catch(() => assert.deepEqual(seen, texts));
  }

  // Waits until the message has that state.
  async state(text, state) {
    let seen;
    await waitFor(async () => {
      seen = await this.messages();
      return seen.some((message) => message.text === text && message.state === state);
    }, `"${text}" to be ${state}`).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(seen)}`));
  }
}

// Before anything else on the page: what LiveChat tells is kept in window.seen.
export function watchWidget(page) {
  return page.addInitScript(() => {
    window.seen = { events: [] };
    (window.LiveChat ??= []).push((chat) => {
      for (const name of ['open', 'close', 'message', 'unread', 'connection']) {
        chat.on(name, (data) => {
          window.seen.events.push([name, data]);
          window.seen[name] = data ?? true;
        });
      }
    });
  });
}
