// The console as an agent handles it: by what is written on it.
import assert from 'node:assert/strict';

import { waitFor } from '../../harness/wait.mjs';
import { person } from './chromium.mjs';

export class Agent {
  // options: of the browser's context, for example viewport, colorScheme
  // clockAhead: by how much the browser's clock is wrong, in milliseconds
  static async open(url, { hash = '', clockAhead = 0, ...options } = {}) {
    const page = await person({ reducedMotion: 'reduce', acceptDownloads: true, permissions: ['notifications'], ...options });
    await page.addInitScript(() => {
      window.breaches = [];
      document.addEventListener('securitypolicyviolation', (event) => window.breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
      // The notifications that the browser was asked to show, and what became of each.
      window.shown = [];
      window.Notification = class extends Notification {
        constructor(title, options) {
          super(title, options);
          const seen = { title: this.title, body: this.body, tag: this.tag, state: 'asked', click: () => this.dispatchEvent(new Event('click')) };
          for (const state of ['show', 'error', 'close']) this.addEventListener(state, () => (seen.state = state));
          window.shown.push(seen);
        }
      };
      // How loud it has been: what goes to the loudspeakers is heard here, too.
      window.loudest = 0;
      const { connect } = AudioNode.prototype;
      AudioNode.prototype.connect = function (to, ...rest) {
        if (to instanceof AudioDestinationNode) {
          const ear = new AnalyserNode(this.context);
          const samples = new Float32Array(ear.fftSize);
          connect.call(this, ear);
          setInterval(() => {
            ear.getFloatTimeDomainData(samples);
            window.loudest = Math.max(window.loudest, ...samples);
          }, 20);
        }
        return connect.call(this, to, ...rest);
      };
    });
    if (clockAhead !== 0) {
      await page.addInitScript((ahead) => {
        const Real = Date;
        window.Date = class extends Real {
          constructor(...values) {
            if (values.length > 0) super(...values);
            else super(Real.now() + ahead);
          }

          static now() {
            return Real.now() + ahead;
          }
        };
      }, clockAhead);
    }
    await page.goto(`${url}/console/${hash}`);
    return new Agent(page);
  }

  constructor(page) {
    this.page = page;
    this.list = page.getByRole('listbox');
    this.search = page.getByRole('searchbox');
    this.composer = page.locator('#composer');
    this.messages = page.getByRole('feed');
    this.head = page.locator('.conversation-head');
    this.details = page.getByRole('complementary', { name: 'Visitor details' });
    this.dialog = page.getByRole('dialog');
  }

  // What the page itself complained about; that a request was refused (who is signed in? no one) does not count.
  get complaints() {
    return this.page.complaints.filter((text) => !text.startsWith('Failed to load resource'));
  }

  async ready() {
    await this.list.waitFor();
    await waitFor(() => this.page.evaluate(() => !document.querySelector('.banner, .list .nothing[role=status]')), 'the list');
  }

  async signIn(name, password) {
    await this.page.getByLabel('User name').fill(name);
    await this.page.getByLabel('Password').fill(password);
    await this.page.keyboard.press('Enter');
  }

  // The row of a session, by its clientId or the name that it shows.
  row(text) {
    return this.#ofSession(this.page.getByRole('option'), text);
  }

  // The clientId is shown where nothing says more of the visitor; else it is a title.
  #ofSession(rows, text) {
    return rows.filter({ hasText: text }).or(rows.filter({ has: this.page.getByTitle(text, { exact: true }) }));
  }

  // The tab of a conversation, which may show a name in place of the clientId.
  tab(clientId) {
    return this.page.locator('.tab', { has: this.page.locator(`.tab-name[title*=${JSON.stringify(clientId)}]`) });
  }

  async openConversation(text) {
    await this.row(text).click();
    // Where the window is narrow, the conversation hides the list.
    await this.#ofSession(this.page.locator('.session.is-active'), text).waitFor({ state: 'attached' });
    await this.head.waitFor();
  }

  async say(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  // The messages in the document: { sender, text, state, seq }.
  shownMessages() {
    return this.page.evaluate(() => [...document.querySelectorAll('.messages .row:not(.row-absent)')].map((row) => ({
      sender: row.classList.contains('row-admin') ? 'admin' : 'client',
      text: row.querySelector('.bubble').textContent,
      state: row.classList.contains('is-refused') ? 'refused'
        : row.classList.contains('row-pending') ? 'sending' : row.querySelector('.row-state')?.textContent,
      seq: Number(row.dataset.seq ?? 0),
    })));
  }

  async shows(texts) {
    let seen;
    await waitFor(async () => {
      seen = (await this.shownMessages()).map(({ text }) => text);
      return JSON.stringify(seen) === JSON.stringify(texts);
    }, 'the messages').catch(() => assert.deepEqual(seen, texts));
  }

  async state(text, state) {
    let seen;
    await waitFor(async () => {
      seen = await this.shownMessages();
      return seen.some((message) => message.text === text && message.state === state);
    }, `"${text}" to be ${state}`).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(seen)}`));
  }

  // The clientIds or names in the list as far as it is in the document.
  titles() {
    return this.page.locator('.session-title').allTextContents();
  }

  // Ends it, and says what went wrong in the browser meanwhile.
  async leave() {
    const breaches = await this.page.evaluate(() => window.breaches);
    await this.page.context().close();
    assert.deepEqual(breaches, []);
  }
}
