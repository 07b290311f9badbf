// 1,000 active sessions and a conversation of 100,000 messages stay fluent. Says the numbers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { crowd, longConversation } from './lib/crowd.mjs';

const length = 100_000;

let stack;
let agent;
before(async () => {
  stack = await Stack.start();
  await longConversation(stack, 'long', length);
  await crowd(stack, 'crowd-', 999);
  agent = await Agent.open(stack.url);
  await agent.ready();
}, { timeout: 300_000 });
after(async () => {
  await agent?.leave();
  await Agent.closeBrowser();
  await stack?.stop();
});

// Scrolls a list at so many pixels a frame and gives the times between frames, and those that the page
// itself was at work in each.
function scroll(selector, pixels, frames) {
  return agent.page.evaluate(async ({ selector, pixels, frames }) => {
    const element = document.querySelector(selector);
    const between = [];
    const work = [];
    const channel = new MessageChannel();
    let last = performance.now();
    for (let i = 0; i < frames; i += 1) {
      const started = await new Promise((resolve) => requestAnimationFrame(resolve));
      const begin = performance.now();
      element.scrollTop += pixels;
      // After this frame was laid out and painted.
      await new Promise((resolve) => {
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(0);
      });
      work.push(performance.now() - begin);
      between.push(started - last);
      last = started;
    }
    between.shift();
    return { between, work };
  }, { selector, pixels, frames });
}

const part = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
function report(name, times) {
  const text = `${name}: half of them within ${part(times, 0.5).toFixed(1)} ms, 95 % within ${part(times, 0.95).toFixed(1)} ms, all within ${Math.max(...times).toFixed(1)} ms`;
  console.log(`# ${text}`);
  return text;
}
function fluent(name, { between, work }) {
  const texts = [report(`${name}, frames`, between), report(`${name}, work in a frame`, work)];
  assert.ok(part(between, 0.5) < 17.5, texts[0]);
  assert.ok(part(work, 0.95) < 16.7, texts[1]);
}

test('1,000 sessions: scrolling the list', async () => {
  await waitFor(async () => (await agent.page.locator('.filter-count').first().innerText()) === '1000', 'all of them');
  assert.ok((await agent.page.locator('.session').count()) < 40, 'only those that can be seen are in the document');
  fluent('the list, downwards', await scroll('#sessions', 120, 240));
  fluent('the list, upwards', await scroll('#sessions', -120, 240));
});

test('1,000 sessions: from a click to the conversation', async () => {
  const times = [];
  for (let i = 0; i < 20; i += 1) {
    const time = await agent.page.evaluate(async (i) => {
      document.querySelector('#sessions').scrollTop = i * 40 * 76;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const row = [...document.querySelectorAll('.session')].at(8);
      const title = row.querySelector('.session-title').textContent;
      const begin = performance.now();
      row.click();
      return new Promise((resolve) => {
        const look = () => {
          const shown = document.querySelector('.conversation-head h1')?.textContent === title && document.querySelector('.messages .row .bubble');
          if (shown) requestAnimationFrame(() => resolve(performance.now() - begin));
          else requestAnimationFrame(look);
        };
        look();
      });
    }, i);
    times.push(time);
  }
  const text = report('from a click to the conversation', times);
  assert.ok(part(times, 0.5) <= 100, text);
});

test('100,000 messages: opening, and scrolling from the newest to the oldest', async () => {
  await agent.search.fill('long');
  const begin = Date.now();
  await agent.row('long').click();
  await agent.page.locator(`[data-seq="${length}"]`).waitFor();
  console.log(`# a conversation of ${length} messages was on the screen after ${Date.now() - begin} ms (seen from outside of the browser)`);
  fluent('messages, upwards', await scroll('#messages', -160, 300));
  fluent('messages, fast, upwards', await scroll('#messages', -2_000, 200));
  await agent.page.locator('#messages').press('Home');
  await agent.page.locator('[data-seq="1"]').waitFor();
  fluent('messages, downwards', await scroll('#messages', 160, 300));
  await agent.page.locator('#messages').press('End');
  await agent.page.locator(`[data-seq="${length}"]`).waitFor();
  assert.ok((await agent.page.locator('.messages .row').count()) < 120, 'only those that can be seen are in the document');
});

test('what is read stays where it is while others write', async () => {
  const { page } = agent;
  await page.evaluate(() => (document.querySelector('#messages').scrollTop -= 30_000));
  const place = () => page.evaluate(() => {
    const top = document.querySelector('#messages').getBoundingClientRect().top;
    const row = [...document.querySelectorAll('.messages .row')].find((one) => one.getBoundingClientRect().bottom > top);
    const at = Math.round(row.getBoundingClientRect().top);
    return { seq: row.dataset.seq, at, there: at <= top && !document.querySelector('.row-absent') };
  });
  await waitFor(async () => (await place()).there, 'the messages there');
  const before = await place();
  const visitor = await ChatClient.connect(stack);
  for (let i = 0; i < 30; i += 1) await visitor.ask('send-message', { clientId: 'long', message: `while you read ${i}`, sender: 'client' });
  visitor.close();
  await agent.row('long').getByText('while you read 29').waitFor();
  assert.deepEqual(await place(), before);
});

test('a hundred sessions that change in a second do not hold the page up', async () => {
  await agent.search.fill('');
  const visitor = await ChatClient.connect(stack);
  let running = true;
  const writing = (async () => {
    for (let i = 0; running; i += 1) await visitor.ask('send-message', { clientId: `crowd-${1 + (i * 37) % 999}`, message: `busy ${i}`, sender: 'client' });
    visitor.close();
  })();
  const { between, work } = await scroll('#sessions', 60, 200);
  running = false;
  await writing;
  const text = report('the list while it changes, work in a frame', work);
  report('the list while it changes, frames', between);
  assert.ok(part(work, 0.95) < 16.7, text);
});
