// docs/openapi.yaml is what the program does: its examples fit its schemas, its requests give its answers,
// every status that it lists can be had, and every path that it lists has the methods that it lists.
import Ajv from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';

import { addAgent, bearer, kPassword } from '../harness/access.mjs';
import { root } from '../harness/stack.mjs';
import { waitFor } from '../harness/wait.mjs';
import { Stack } from './rest_stack.mjs';

const document = parse(fs.readFileSync(path.join(root, 'docs/openapi.yaml'), 'utf8'));
const kVerbs = ['get', 'put', 'post', 'delete', 'patch'];

const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(document, 'openapi', undefined, false);

const pointer = (...keys) => '#/' + keys.map((key) => encodeURIComponent(
  String(key).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
const lookUp = (reference) => reference.slice(2).split('/').reduce(
  (value, key) => value[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], document);
// Where something really is, and what: behind all its $refs.
function follow(at) {
  const value = lookUp(at);
  return value.$ref ? follow(value.$ref) : { at, value };
}

function assertFits(schemaAt, value, what) {
  const validate = ajv.getSchema(`openapi${schemaAt}`) ?? ajv.compile({ $ref: `openapi${schemaAt}` });
  assert(validate(value), `${what}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
}

// Members that the schema does not name are none that we send.
function assertNoMore(schema, value, what) {
  if (schema.$ref) return assertNoMore(lookUp(schema.$ref), value, what);
  if (Array.isArray(value)) return value.forEach((item) => assertNoMore(schema.items, item, what));
  if (value === null || typeof value !== 'object') return;
  for (const [name, member] of Object.entries(value)) {
    assert(schema.properties[name], `${what}: undocumented member ${name}`);
    assertNoMore(schema.properties[name], member, `${what}.${name}`);
  }
}

const operations = Object.entries(document.paths).flatMap(([at, item]) =>
  kVerbs.filter((verb) => item[verb]).map((verb) => ({ at, verb, operation: item[verb] })));

const kExample = document.components.parameters.ClientId.example;
const urlOf = (at, name) => at.replace('{clientId}', encodeURIComponent(name ?? kExample))
  .replace('{id}', encodeURIComponent(name ?? banId));

const seen = new Map(operations.map(({ operation }) => [operation.operationId, new Set()]));

// Checks an answer against what the document says of this operation and status.
function assertDocumented({ at, verb, operation }, answer) {
  const what = `${verb} ${at} ${answer.status}`;
  assert(operation.responses[answer.status], `${what} is not documented: ${answer.text}`);
  const response = follow(pointer('paths', at, verb, 'responses', answer.status));
  if (response.value.content) {
    const [[type, content]] = Object.entries(response.value.content);
    assert.equal(answer.type, type, what);
    assertFits(`${response.at}/content/${encodeURIComponent(type.replaceAll('/', '~1'))}/schema`, answer.json, what);
    assertNoMore(content.schema, answer.json, what);
  } else {
    assert.equal(answer.text, '', what);
  }
  for (const [name, header] of Object.entries(response.value.headers)) {
    const { required, schema } = header.$ref ? lookUp(header.$ref) : header;
    const text = answer.headers[name.toLowerCase()];
    if (required) assert(text, `${what} lacks ${name}`);
    if (schema.type === 'integer') assert.match(text, /^[1-9]\d*$/);
  }
  if (answer.status >= 400) assert.equal(answer.json.status, answer.status);
  seen.get(operation.operationId).add(String(answer.status));
}

let stack;
let supervisor; // headers
let visitor;
let banId = 1;
before(async () => {
  stack = await Stack.start({ set: { 'auth.mode': 'token', 'auth.cache_ms': 0, 'abuse.enabled': true, 'abuse.read_bytes_per_visitor': 20_000 } });
  await addAgent((text) => stack.database.sql(text), 'ann', 'supervisor');
  const { json } = await stack.call('POST', '/login', { username: 'ann', password: kPassword });
  supervisor = bearer(json.token);
});
after(() => stack?.stop());

// What each call is made with, if nothing else is said: the visitor's own where it is his.
const credentials = (id) => {
  if (id === 'login') return {};
  return ['initialize', 'sendMessage'].includes(id) ? visitor : supervisor;
};

const kAsAdmin = { sendMessage: { message: 'x', sender: 'admin' } };
const exampleBody = (operation) => operation.requestBody?.content['application/json'].example;

function call({ at, verb, operation }, { name, query = '', body = exampleBody(operation), headers } = {}) {
  return stack.request(verb.toUpperCase(), `/api/chat${urlOf(at, name)}${query}`,
    { body, headers: { ...credentials(operation.operationId), ...headers } });
}

test('every example fits the schema beside it', () => {
  let count = 0;
  const walk = (value, at) => {
    if (value === null || typeof value !== 'object') return;
    if ('example' in value && value.schema) {
      assertFits(`${at}/schema`, value.example, at);
      count++;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key !== 'example') walk(inner, `${at}${at === '#' ? '/' : '/'}${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`);
    }
  };
  walk(document, '#');
  assert(count > 15);
});

test('every documented call, made in their order, gives the documented answer', async () => {
  const order = ['initialize', 'sendMessage', 'listSessions', 'showSession', 'showHistory', 'markRead', 'closeSession',
    'login', 'showMe', 'addBan', 'listBans', 'removeBan', 'signOut', 'logout'];
  assert.deepEqual(operations.map((o) => o.operation.operationId).sort(), [...order].sort());
  for (const id of order) {
    const entry = operations.find((o) => o.operation.operationId === id);
    const other = { logout: { headers: { Authorization: '' } }, signOut: { name: 'somebody' } };
    const answer = await call(entry, other[id]);
    assert(answer.status < 300, answer.text);
    assertDocumented(entry, answer);
    if (id === 'initialize') visitor = bearer(answer.json.token);
    if (id === 'addBan') banId = answer.json.id;
    const documented = entry.operation.responses[answer.status].content?.['application/json'].example;
    if (!documented) continue;
    if (['markRead', 'closeSession'].includes(id)) assert.deepEqual(answer.json, documented);
    assert.deepEqual(Object.keys(answer.json).sort(), Object.keys(documented).sort());
  }
});

test('every path has the methods that are documented, and no others', async () => {
  for (const [at, item] of Object.entries(document.paths)) {
    const { headers } = await stack.request('OPTIONS', `/api/chat${urlOf(at)}`);
    const methods = headers.allow.split(', ').filter((word) => !['HEAD', 'OPTIONS'].includes(word));
    assert.deepEqual(methods.map((word) => word.toLowerCase()), kVerbs.filter((verb) => item[verb]));
  }
});

describe('every documented error can be had', () => {
  for (const entry of operations) {
    const { at, verb, operation } = entry;
    test(`of ${verb} ${at}`, async () => {
      const wrongBody = exampleBody(operation) && '[]';
      const bad = {
        initialize: { body: {} },
        listSessions: { query: '?limit=0' },
        showSession: { name: 'a\nb' },
        showHistory: { query: '?page=0' },
        markRead: { body: { sender: 'nobody' } },
        closeSession: { name: 'a\nb' },
        signOut: { name: 'a\nb' },
        sendMessage: { body: { message: '', sender: 'client' } },
        login: { body: {} },
        addBan: { body: {} },
      }[operation.operationId];
      if (bad) assertDocumented(entry, await call(entry, bad));
      if (operation.operationId === 'removeBan') {
        assertDocumented(entry, await stack.request('DELETE', '/api/chat/bans/%ff', { headers: supervisor }));
      }
      if (wrongBody) assertDocumented(entry, await call(entry, { body: wrongBody }));
      if (operation.responses[404]) {
        assertDocumented(entry, await call(entry, { name: 'nobody', headers: supervisor, body: kAsAdmin[operation.operationId] }));
      }
      if (operation.responses[415]) {
        assertDocumented(entry, await call(entry, { body: 'x', headers: { 'Content-Type': 'text/plain' } }));
      }
      const nobody = operation.operationId === 'login'
        ? { body: { username: 'ann', password: 'a wrong one' } } : { headers: { Authorization: '' } };
      if (operation.responses[401]) assertDocumented(entry, await call(entry, nobody));
      assertDocumented(entry, await call(entry, { headers: { Origin: 'https://evil.example' } }));
      assertDocumented(entry, await call(entry, { body: ' '.repeat(1_000_001) }));
      assertDocumented(entry, await stack.request('PATCH', `/api/chat${urlOf(at)}`));
    });
  }

  test('while the database is away', async () => {
    await stack.database.stop();
    for (const entry of operations) {
      const answer = await call(entry);
      assertDocumented(entry, answer);
      assert.equal(answer.json.code, 'unavailable');
    }
    await stack.database.start();
  });

  test('when the database is not what it should be', async () => {
    await stack.database.sql('RENAME TABLE session TO elsewhere, agent TO somebody');
    for (const entry of operations) {
      const answer = await call(entry);
      assertDocumented(entry, answer);
      assert.equal(answer.json.code, 'internal');
      await stack.fcgi.says(new RegExp(`event=database_error .*request_id=${answer.json.requestId} code=1146`));
    }
    await stack.database.sql('RENAME TABLE elsewhere TO session, somebody TO agent');
    await waitFor(async () => (await stack.call('GET', '/sessions', undefined, { headers: supervisor })).status === 200, 'the program to recover');
  });

  test('of a caller in a hurry', async () => {
    for (const entry of operations.filter(({ operation }) => operation.responses[429])) {
      const hurry = {
        login: { body: { username: 'ann', password: 'a wrong one' } },
        signOut: { body: { signature: 'x' }, headers: { Authorization: '' } },
        showHistory: { headers: visitor },
      }[entry.operation.operationId];
      let answer;
      do {
        answer = await call(entry, hurry);
        assert([200, 201, 401, 403, 429].includes(answer.status), answer.text);
      } while (answer.status !== 429);
      assertDocumented(entry, answer);
    }
  });

  after(() => {
    for (const { operation } of operations) {
      assert.deepEqual([...seen.get(operation.operationId)].sort(), Object.keys(operation.responses).sort(),
        operation.operationId);
    }
  });
});
