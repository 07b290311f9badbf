// 1,000 active sessions and a conversation of 100,000 messages stay fluent. Says the numbers.
// Runs alone: it measures times.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Agent } from './lib/console.mjs';
import { crowd, longConversation } from './lib/crowd.mjs';
import { stack, suite } from './lib/suite.mjs';

const length = 100_000;
// Milliseconds in a frame of 16.7: the browser needs the rest.
const mostWork = 10;

let agent;
let devtools;

suite({}, {
  begin: async () => {
    await longConversation(stack, 'long', length);
    await crowd(stack, 'crowd-', 999);
    agent = await Agent.open(stack.url);
    await agent.ready();
  },
  end: () => agent?.leave(),
  patience: 300_000,
});

// What the page's thread has computed so far, in milliseconds of a processor: other work on the
// machine does not count.
async function computed() {
  devtools ??= await agent.page.context().newCDPSession(agent.page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1_000 * metrics.find(({ name }) => name === 'TaskDuration').value;
}

// Scrolls a list at so many pixels a frame. Gives the times between frames, how long each took until it was
// painted, and what the page computed in a frame on average.
async function scroll(selector, pixels, frames) {
  const before = await computed();
  const times = await scrollFrames(selector, pixels, frames);
  return { ...times, average: (await computed() - before) / frames };
}

function scrollFrames(selector, pixels, frames) {
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
function fluent(name, { between, work, average }) {
  const text = report(`${name}, frames`, between);
  report(`${name}, until a frame is painted`, work);
  console.log(`# ${name}: ${average.toFixed(1)} ms of a processor in a frame`);
  assert.ok(part(between, 0.5) < 17.5, text);
  assert.ok(average < mostWork, `${name}: the page computes for ${average} ms in a frame`);
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
  const times = await scroll('#sessions', 60, 200);
  running = false;
  await writing;
  fluent('the list while it changes', times);
});

test('of more than 20,000 open sessions the newest are here, that is said, and the others come when they are wanted', async () => {
  await crowd(stack, 'more-', 20_500);
  const { page } = agent;
  await page.reload();
  await agent.ready();
  // What is still heard of the new ones comes on top of the 20,000.
  await page.getByText(/^The newest 2[01],\d{3} of the open conversations are here\./).waitFor();
  assert.match(await page.locator('.filter-count').first().innerText(), /^2[01]\d{3}\+$/);
  const more = page.getByRole('button', { name: 'Load more' });
  await waitFor(async () => {
    if ((await more.count()) > 0) await more.click({ timeout: 1_000 }).catch(() => {});
    return (await more.count()) === 0;
  }, 'the others');
  assert.equal(await page.locator('.filter-count').first().innerText(), '21500');
  fluent('a list of 21,500', await scroll('#sessions', 120, 120));
});
