// What both programs tell those who watch them: figures that move with what happens, and whether they are
// healthy and ready.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request, sessionPath } from '../harness/http.mjs';
import { Stack } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { figures, page } from './lib/status.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-status-'));
const fcgi = path.join(folder, 'fcgi.status');
const wsd = path.join(folder, 'wsd.status');
let stack;
before(async () => {
  stack = await Stack.start({
    fcgiWorkers: 2,
    set: [`fcgi.metrics_listen=unix:${fcgi}`, `wsd.metrics_listen=unix:${wsd}`],
  });
});
after(async () => {
  await stack?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('the figures of livechat-fcgi', () => {
  test('count requests by route and status, of all workers together', async () => {
    const name = (status) =>
      `livechat_fcgi_requests_total{method="GET",route="/api/chat/history/:clientId",status="${status}"}`;
    const before = await figures(fcgi);
    const clientId = await newSession(stack);
    await Promise.all(Array.from({ length: 40 }, () => request(stack, 'GET', sessionPath('history', clientId))));
    await request(stack, 'GET', sessionPath('history', clientId, '?limit=0'));
    const now = await figures(fcgi);
    assert.equal(now.get(name(200)) - (before.get(name(200)) ?? 0), 40);
    assert.equal(now.get(name(400)) - (before.get(name(400)) ?? 0), 1);
    const time = 'livechat_fcgi_request_duration_seconds_count{method="GET",route="/api/chat/history/:clientId"}';
    assert.equal(now.get(time) - (before.get(time) ?? 0), 41);
    assert(now.get('livechat_fcgi_database_statement_duration_seconds_count') > 0);
  });

  test('hold no clientId, address or body', async () => {
    const clientId = await newSession(stack, 'nobodys-business');
    await request(stack, 'POST', sessionPath('messages', clientId), { body: { sender: 'client', message: 'secret words' } });
    await request(stack, 'GET', `/api/chat/${clientId}`);
    for (const where of [fcgi, wsd]) {
      const { text } = await page(where, '/metrics');
      assert.doesNotMatch(text, /nobodys-business|secret words|127\.0\.0\.1/);
    }
  });

  test('show the workers and what becomes of them', async () => {
    const idle = 'livechat_fcgi_workers{state="idle"}';
    await waitFor(async () => (await figures(fcgi)).get(idle) === 2, 'two idle workers');
    const before = await figures(fcgi);
    const killed = 'livechat_fcgi_workers_ended_total{how="killed"}';
    const [worker] = stack.children('fcgi');
    process.kill(worker, 'SIGKILL');
    const now = await waitFor(async () => {
      const found = await figures(fcgi).catch(() => undefined);
      return found?.get('livechat_fcgi_workers_started_total') > before.get('livechat_fcgi_workers_started_total')
        && found.get(idle) === 2 && found;
    }, 'the new worker');
    assert.equal(now.get(killed), before.get(killed) + 1);
  });
});

describe('the figures of livechat-wsd', () => {
  test('show who is there: visitors and agents, and for a moment those who have just left', async () => {
    const shown = async (name) => (await figures(wsd)).get(`livechat_wsd_${name}`);
    assert.deepEqual([await shown('visitors_online'), await shown('agents'), await shown('agents_present')], [0, 0, 0]);
    const visitor = await ChatClient.connect(stack);
    await visitor.ask('join', await newSession(stack));
    const agent = await ChatClient.connect(stack);
    await agent.ask('watch-sessions', {});
    await waitFor(async () => await shown('visitors_online') === 1 && await shown('agents') === 1, 'both');
    assert.equal(await shown('agents_present'), 1);
    visitor.close();
    agent.close();
    await waitFor(async () => await shown('agents') === 0, 'the end of the socket');
    assert.equal(await shown('agents_present'), 1, 'a page that is loaded again is there');
    await waitFor(async () => await shown('visitors_online') === 0 && await shown('agents_present') === 0, 'no one');
  });

  test('move with sockets, rooms, messages and deliveries', async () => {
    const before = await figures(wsd);
    const clientId = await newSession(stack);
    const client = await ChatClient.connect(stack);
    await client.ask('join', clientId);
    await client.ask('send-message', { clientId, message: 'x', sender: 'client' });
    const now = await waitFor(async () => {
      const found = await figures(wsd);
      return found.get('livechat_wsd_deliveries_total') > before.get('livechat_wsd_deliveries_total') && found;
    }, 'the delivery');
    assert.equal(now.get('livechat_wsd_sessions'), 1);
    assert.equal(now.get('livechat_hub_rooms'), 1);
    assert.equal(now.get('livechat_writer_batch_messages_sum'), before.get('livechat_writer_batch_messages_sum') + 1);
    assert(now.get('livechat_feed_notifications_total') > before.get('livechat_feed_notifications_total'));
    assert(now.get('livechat_wsd_database_statement_duration_seconds_count') >
      before.get('livechat_wsd_database_statement_duration_seconds_count'));
    assert(now.get('process_resident_memory_bytes') > 1e6);
    assert(now.get('process_open_fds') > 5);
    assert(Math.abs(now.get('process_start_time_seconds') - Date.now() / 1000) < 600);
    client.socket.close();
    await waitFor(async () => (await figures(wsd)).get('livechat_wsd_sessions') === 0, 'the end of the session');
    const closes = [...(await figures(wsd)).keys()].filter((name) => name.startsWith('livechat_wsd_closes_total'));
    assert(closes.length > 0);
  });
});

describe('health and readiness', () => {
  test('are good while all is well', async () => {
    for (const where of [fcgi, wsd]) {
      assert.deepEqual((await page(where, '/healthz')).status, 200);
      await waitFor(async () => (await page(where, '/readyz')).status === 200, 'readiness');
      assert.equal((await page(where, '/')).status, 404);
    }
  });

  test('are not public', async () => {
    for (const at of ['/healthz', '/readyz', '/metrics', '/api/chat/../../metrics']) {
      const { text } = await request(stack, 'GET', at);
      assert.doesNotMatch(text, /livechat_|^ok$/m);
    }
  });

  test('tell a program without its database from one that is ill', async () => {
    await stack.take('mariadb');
    for (const where of [fcgi, wsd]) {
      await waitFor(async () => {
        const answer = await page(where, '/readyz');
        // The daemon's feed may notice first.
        return answer.status === 503 && /^the database cannot be reached/.test(answer.text);
      }, 'the program to notice');
      assert.equal((await page(where, '/healthz')).status, 200);
    }
    await stack.bring('mariadb');
    for (const where of [fcgi, wsd]) {
      await waitFor(async () => (await page(where, '/readyz')).status === 200, 'the database to be back');
    }
  });

  test('say that a trigger is missing, and that it is there again', async () => {
    const [[, , create]] = await stack.sql('SHOW CREATE TRIGGER message_before_insert');
    await stack.sql('DROP TRIGGER message_before_insert');
    try {
      for (const where of [fcgi, wsd]) {
        const ready = await waitFor(async () => {
          const answer = await page(where, '/readyz');
          return answer.status === 503 && answer;
        }, 'the program to notice');
        assert.match(ready.text, /the trigger message_before_insert is missing/);
      }
    } finally {
      await stack.sql(`DELIMITER //\n${create.replaceAll('\\n', '\n')}//\n`);
    }
    for (const where of [fcgi, wsd]) {
      await waitFor(async () => (await page(where, '/readyz')).status === 200, 'the trigger to be seen');
    }
  });
});

test("nginx's request id stands in the log lines of both programs, and nothing private does", async () => {
  const clientId = await newSession(stack, 'jane-private');
  for (const name of ['fcgi', 'wsd-a']) stack.signal(name, 'SIGUSR1');
  await waitFor(() => ['fcgi', 'wsd-a'].every((name) => stack.log(name).includes('event=log_level level=debug')), 'debug');
  const { headers } = await request(stack, 'POST', sessionPath('messages', clientId),
    { body: { sender: 'client', message: 'private words' } });
  const id = headers['x-request-id'];
  await waitFor(() => new RegExp(`event=request .*request_id=${id}`).test(stack.log('fcgi')), 'the line of REST');
  // nginx writes it when the answer is out.
  const logged = (text) => fs.readFileSync(path.join(stack.state, 'nginx/access.log'), 'utf8').includes(text);
  await waitFor(() => logged(id), "nginx's line of REST");
  const client = await ChatClient.connect(stack);
  client.socket.close();
  const line = await waitFor(() => /event=session_opened request_id=([0-9a-f]{32})/.exec(stack.log('wsd-a')), 'the line of the daemon');
  await waitFor(() => /event=session_closed .*request_id=/.test(stack.log('wsd-a')), 'the end');
  await waitFor(() => logged(line[1]), "nginx's line");
  for (const name of ['fcgi', 'wsd-a']) {
    assert.doesNotMatch(stack.log(name), /jane-private|private words/);
    stack.signal(name, 'SIGUSR2');
  }
});
