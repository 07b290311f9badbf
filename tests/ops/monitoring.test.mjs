// docs/monitoring: the rules are rules, do what they say, and name figures that the programs have.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { parse } from 'yaml';

import { ChatClient } from '../harness/chat_client.mjs';
import { newSession, request } from '../harness/http.mjs';
import { Stack, root } from '../harness/stack.mjs';
import { figures } from './lib/status.mjs';

const folder = path.join(root, 'docs/monitoring');
const promtool = (...args) => promisify(execFile)('promtool', args, { cwd: folder });

test('promtool accepts the rules and the scrape configuration', async () => {
  assert.match((await promtool('check', 'rules', 'alerts.yml')).stdout, /SUCCESS/);
  await promtool('check', 'config', 'prometheus.yml');
});

test('the alerts come when they should, and not otherwise', async () => {
  assert.match((await promtool('test', 'rules', 'alerts_test.yml')).stdout, /SUCCESS/);
});

describe('the figures that are named', () => {
  const statuses = fs.mkdtempSync(path.join(os.tmpdir(), 'livechat-status-'));
  const sockets = ['fcgi', 'wsd'].map((name) => path.join(statuses, name));
  let stack;
  let known;
  before(async () => {
    stack = await Stack.start({
      set: sockets.map((socket, i) => `${['fcgi', 'wsd'][i]}.metrics_listen=unix:${socket}`),
    });
    await request(stack, 'GET', '/api/chat/nothing');
    const client = await ChatClient.connect(stack);
    await client.ask('join', await newSession(stack));
    client.socket.close();
    known = new Set(['up']);
    for (const socket of sockets) {
      for (const key of (await figures(socket)).keys()) known.add(key.replace(/\{.*/, ''));
    }
    known.add('livechat_wsd_closes_total'); // has a line for each reason that there was
  });
  after(async () => {
    await stack?.stop();
    fs.rmSync(statuses, { recursive: true, force: true });
  });

  const named = (text) => [...text.matchAll(/\b(up|livechat_\w+|process_\w+)\b/g)].map(([, name]) => name);

  test('in the alert rules exist', () => {
    const { groups } = parse(fs.readFileSync(path.join(folder, 'alerts.yml'), 'utf8'));
    for (const { alert, expr } of groups.flatMap((group) => group.rules)) {
      assert(named(expr).length > 0, alert);
      for (const name of named(expr)) assert(known.has(name), `${alert}: ${name}`);
    }
  });

  test('in the dashboard exist', () => {
    const { panels } = JSON.parse(fs.readFileSync(path.join(folder, 'grafana.json'), 'utf8'));
    assert(panels.length >= 12);
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        for (const name of named(expr)) assert(known.has(name), `${title}: ${name}`);
      }
    }
  });

  test('by the programs are all in the documentation', () => {
    const text = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
    const missing = [...known].map((name) => name.replace(/_(bucket|sum|count)$/, ''))
      .filter((name) => !text.includes(name));
    assert.deepEqual([...new Set(missing)], ['up'].filter((name) => !text.includes(name)));
  });
});
