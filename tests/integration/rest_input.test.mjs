// What comes in wrong, odd, too large, too slow or with bad intent: each is answered, and does no harm.
import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Stack, assertProblem, rawRequest } from './rest_stack.mjs';

let stack;
before(async () => (stack = await Stack.start({ set: { 'fcgi.workers': 2 } })));
after(async () => {
  // Whatever was thrown at them, no worker fell.
  assert.doesNotMatch(stack.fcgi.output, /worker_died|status=500/);
  await stack.stop();
});

const post = (at, body, headers) => stack.call('POST', at, body, { headers });
const initialize = (clientId) => post('/initialize', { clientId });

describe('a clientId', () => {
  const kOdd = {
    'one character': 'a',
    'an emoji': '😀',
    '128 ASCII characters': 'a'.repeat(128),
    '128 emojis': '😀'.repeat(128),
    'a slash': 'a/b',
    'slashes and dots': '../../etc/passwd',
    'two dots': '..',
    'one dot': '.',
    'a plus': 'a+b',
    'a space': 'a b',
    'a trailing space': 'a ',
    'only a space': ' ',
    'upper case': 'A',
    'a percent sign': '100%',
    'something that looks encoded': '%2F%00',
    'a question mark, a hash, an ampersand': 'a?b#c&d=e;f',
    'quotes and backslashes': `"'\\\``,
    'SQL': "x' OR '1'='1",
    'an accent in one code point': '\u00e9',
    'the same accent in two': 'e\u0301',
    'sharp s': 'stra\u00dfe',
    'zero-width joiner and direction marks': 'a\u200d\u202eb',
    'a noncharacter': '\uffff',
    'SQL wildcards': '%_',
  };
  for (const [name, clientId] of Object.entries(kOdd)) {
    test(`with ${name} works everywhere`, async () => {
      const opened = await initialize(clientId);
      assert.equal(opened.status, 200, opened.text);
      assert.equal(opened.json.session.clientId, clientId);
      const at = encodeURIComponent(clientId).replaceAll('.', '%2E');
      const sent = await post(`/messages/${at}`, { message: name, sender: 'client' });
      assert.equal(sent.status, 201, sent.text);
      assert.equal(sent.json.seq, 1);
      const history = await stack.call('GET', `/history/${at}`);
      assert.deepEqual(history.json.messages.map((m) => m.message), [name]);
      const read = await stack.call('PUT', `/read/${at}`, { sender: 'admin' });
      assert.equal(read.status, 200);
      const listed = (await stack.call('GET', '/sessions')).json.find((s) => s.clientId === clientId);
      assert.equal(listed.lastMessage.message, name);
      assert.equal((await stack.call('PUT', `/close/${at}`)).status, 200);
    });
  }

  test('stands in the path unencoded as well, dots and all', async () => {
    for (const [raw, clientId] of [['..', '..'], ['a+b', 'a+b'], ["(x)!*'", "(x)!*'"], ['a:b@c', 'a:b@c']]) {
      await initialize(clientId);
      const answer = await stack.call('GET', `/history/${raw}`);
      assert.equal(answer.status, 200, raw);
    }
    await initialize('grüße');
    await post(`/messages/${encodeURIComponent('grüße')}`, { message: 'x', sender: 'client' });
    const answer = await rawRequest(stack.port,
      Buffer.from('GET /api/chat/history/grüße HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.text).total, 1);
  });

  test('is compared byte for byte', async () => {
    const ids = ['case', 'CASE', 'case ', ' case', 'cas\u00e9', 'case\u0301', 'case😀', 'case😁'];
    for (const id of ids) {
      await initialize(id);
      await stack.send(id, id);
    }
    for (const id of ids) {
      const { json } = await stack.call('GET', `/history/${encodeURIComponent(id)}`);
      assert.deepEqual(json.messages.map((m) => m.message), [id]);
    }
  });

  const kBad = {
    'too long': 'a'.repeat(129),
    'too many emojis': '😀'.repeat(129),
    'a NUL': 'a\0b',
    'a line break': 'a\nb',
    'a tab': 'a\tb',
    'DEL': 'a\x7fb',
    'a C1 control character': 'a\u0085b',
  };
  for (const [name, clientId] of Object.entries(kBad)) {
    test(`with ${name} is refused in body and path`, async () => {
      assertProblem(await initialize(clientId), 400, 'client_id_invalid');
      const at = encodeURIComponent(clientId);
      const answers = await Promise.all([
        stack.call('GET', `/history/${at}`),
        stack.call('PUT', `/read/${at}`, { sender: 'admin' }),
        stack.call('PUT', `/close/${at}`),
        post(`/messages/${at}`, { message: 'x', sender: 'client' }),
      ]);
      for (const answer of answers) {
        assert.equal(answer.status, 400);
        assert.equal(answer.type, 'application/problem+json');
        // nginx itself refuses a NUL in a path.
        assert.match(answer.json.code, clientId.includes('\0') ? /client_id_invalid|bad_request/ : /client_id_invalid/);
      }
    });
  }

  test('that is missing or no string is refused', async () => {
    for (const body of [{}, { clientId: null }, { clientId: '' }, { clientid: 'x' }]) {
      assertProblem(await post('/initialize', body), 400, 'client_id_required');
    }
    for (const clientId of [1, true, ['a'], { a: 1 }, 1.5]) {
      assertProblem(await initialize(clientId), 400, 'client_id_invalid');
    }
  });

  test('in a path that is badly encoded or not UTF-8 is refused', async () => {
    for (const raw of ['%ff', '%c3%28', '%ed%a0%80', '%c0%af', 'a%80', '%f4%90%80%80']) {
      for (const [method, resource] of [['GET', 'history'], ['PUT', 'read'], ['PUT', 'close'], ['POST', 'messages']]) {
        assertProblem(await stack.call(method, `/${resource}/${raw}`), 400, 'url_invalid');
      }
    }
    for (const raw of ['%', '%4', '%zz', '%%41', '%u0041', 'a%']) {
      const answer = await stack.call('GET', `/history/${raw}`);
      assert.equal(answer.status, 400, raw);
      assert.equal(answer.type, 'application/problem+json');
      assert.match(answer.json.code, /^(url_invalid|bad_request)$/);
    }
  });
});

describe('a JSON escape', () => {
  test('for a lone surrogate in a clientId is refused, so that two broken ones are not one session', async () => {
    const answer = await post('/initialize', '{"clientId":"lone\\ud800"}', { 'Content-Type': 'application/json' });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.code, 'client_id_invalid');
  });

  test('for a pair of surrogates is one character', async () => {
    const answer = await post('/initialize', '{"clientId":"\\ud83d\\ude00pair"}', { 'Content-Type': 'application/json' });
    assert.equal(answer.json.session.clientId, '😀pair');
  });
});

describe('a body', () => {
  const kNoObjects = ['', ' ', '{', '{"clientId":', 'null', '[]', '["clientId"]', '"a"', '1', 'undefined', "{'clientId':'a'}",
    '{"clientId":"a"}x', '{"clientId":"a"}{"clientId":"b"}', 'clientId=a', '\0', '{"clientId":"a\u0001"}', '<a/>'];
  for (const body of [...kNoObjects, Buffer.from('{"clientId":"\xff"}', 'latin1'), '['.repeat(100_000),
    '{"clientId":'.repeat(10_000)]) {
    test(`of ${JSON.stringify(String(body).slice(0, 20))} (${body.length} bytes) is refused`, async () => {
      assertProblem(await post('/initialize', body, { 'Content-Type': 'application/json' }), 400, 'invalid_payload');
      assertProblem(await stack.call('PUT', '/read/a', body, { headers: { 'Content-Type': 'application/json' } }),
        400, 'invalid_payload');
    });
  }

  test('that says it is not JSON is 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'x',
      'application/xml', 'text/json']) {
      for (const [method, at] of [['POST', '/initialize'], ['PUT', '/read/a'], ['POST', '/messages/a']]) {
        assertProblem(await stack.call(method, at, '{"clientId":"a"}', { headers: { 'Content-Type': type } }),
          415, 'unsupported_media_type');
      }
    }
  });

  test('that does not say what it is is taken as JSON', async () => {
    const answer = await stack.call('POST', '/initialize', '{"clientId":"no-type"}');
    assert.equal(answer.status, 200);
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.x+json']) {
      const typed = await post('/initialize', '{"clientId":"no-type"}', { 'Content-Type': type });
      assert.equal(typed.status, 200, type);
    }
  });

  test('of a member that comes twice has the last one', async () => {
    const answer = await post('/initialize', '{"clientId":"first","clientId":"last"}', { 'Content-Type': 'application/json' });
    assert.equal(answer.json.session.clientId, 'last');
  });

  const padded = (size) => {
    const body = JSON.stringify({ clientId: 'sized', pad: '' });
    return body.replace('""', `"${'x'.repeat(size - body.length)}"`);
  };

  test('of a million bytes is taken, of one byte more it is 413', async () => {
    const json = { 'Content-Type': 'application/json' };
    assert.equal((await post('/initialize', padded(1_000_000), json)).status, 200);
    assertProblem(await post('/initialize', padded(1_000_001), json), 413, 'body_too_large');
    for (const [method, at] of [['PUT', '/read/a'], ['PUT', '/close/a'], ['POST', '/messages/a'], ['GET', '/sessions']]) {
      assertProblem(await stack.call(method, at, padded(1_000_001), { headers: json }), 413, 'body_too_large');
    }
  });

  test('of many megabytes is 413 from the program that meets it first', async () => {
    const answer = await rawRequest(stack.port,
      'POST /api/chat/initialize HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 50000000\r\n\r\n');
    assert.equal(answer.status, 413);
    assert.equal(answer.type, 'application/problem+json');
    assert.equal(JSON.parse(answer.text).code, 'body_too_large');
  });

  test('in chunks is read, and limited, like any other', async () => {
    const chunked = (body) => rawRequest(stack.port,
      'POST /api/chat/initialize HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    assert.equal((await chunked(padded(100))).status, 200);
    assert.equal((await chunked(padded(1_000_000))).status, 200);
    const large = await chunked(padded(1_000_001));
    assert.equal(large.status, 413);
    assert.equal(JSON.parse(large.text).code, 'body_too_large');
    assert.equal((await chunked('')).status, 400);
  });

  test('that comes slowly occupies no worker', async () => {
    const body = JSON.stringify({ clientId: 'slow' });
    const slow = await Promise.all(Array.from({ length: 8 }, async () => {
      const socket = net.connect(stack.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`POST /api/chat/initialize HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n{`);
      return socket;
    }));
    const others = await Promise.all(Array.from({ length: 20 }, () => stack.call('GET', '/sessions')));
    assert.deepEqual(others.map((a) => a.status), Array(20).fill(200));
    for (const socket of slow) {
      let text = '';
      socket.on('data', (data) => (text += data));
      socket.write(body.slice(1));
      await once(socket, 'close');
      assert.match(text, /^HTTP\/1.1 200 /);
    }
  });

  test('cut short by a client that goes away does no harm', async () => {
    for (let i = 0; i < 10; i++) {
      const socket = net.connect(stack.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('POST /api/chat/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"clientId":');
      socket.destroy();
    }
    assert.equal((await stack.call('GET', '/sessions')).status, 200);
  });
});

describe('a message', () => {
  before(() => initialize('talk'));
  const send = (body) => post('/messages/talk', body);

  test('of 64 KiB is taken, of one byte more it is refused', async () => {
    assert.equal((await send({ message: 'é'.repeat(32768), sender: 'client' })).status, 201);
    assertProblem(await send({ message: 'é'.repeat(32768) + 'a', sender: 'client' }), 400, 'message_too_long');
  });

  test('of nothing, or of white space, is refused', async () => {
    for (const message of ['', ' ', '\n\t ', '\u00a0\u2003\u3000', null, undefined]) {
      assertProblem(await send({ message, sender: 'client' }), 400, 'message_required');
    }
    for (const message of [1, false, ['x'], { a: 1 }]) {
      assertProblem(await send({ message, sender: 'client' }), 400, 'message_invalid');
    }
  });

  test('from a sender that is neither client nor admin is refused', async () => {
    for (const sender of ['agent', 'Client', '', 'client ', null, undefined, 1, ['client'], 'system']) {
      assertProblem(await send({ message: 'x', sender }), 400, 'sender_invalid');
      assertProblem(await stack.call('PUT', '/read/talk', { sender }), 400, 'sender_invalid');
    }
  });

  test('with a messageId of up to 64 characters is taken', async () => {
    assert.equal((await send({ message: 'x', sender: 'client', messageId: '😀'.repeat(64) })).json.messageId, '😀'.repeat(64));
    assert.equal((await send({ message: 'x', sender: 'client', messageId: null })).json.messageId, null);
    for (const messageId of ['😀'.repeat(65), '', 'a\nb', 'a\0', 5, {}, [], false]) {
      assertProblem(await send({ message: 'x', sender: 'client', messageId }), 400, 'message_id_invalid');
    }
  });

  test('one messageId names different messages in different sessions', async () => {
    await initialize('talk-2');
    const message = { message: 'x', sender: 'client', messageId: 'shared' };
    assert.equal((await post('/messages/talk', message)).status, 201);
    assert.equal((await post('/messages/talk-2', message)).json.seq, 1);
  });
});

describe('a parameter', () => {
  for (const [query, code] of [
    ['limit=0', 'limit_invalid'], ['limit=201', 'limit_invalid'], ['limit=-5', 'limit_invalid'],
    ['limit=abc', 'limit_invalid'], ['limit=', 'limit_invalid'], ['limit=1.0', 'limit_invalid'],
    ['limit=1%20', 'limit_invalid'], ['limit=%2B1', 'limit_invalid'], ['limit=1e1', 'limit_invalid'],
    ['limit=18446744073709551617', 'limit_invalid'],
    ['page=0', 'page_invalid'], ['page=-1', 'page_invalid'], ['page=x', 'page_invalid'],
    ['page=18446744073709551617', 'page_invalid'], ['page=1;DROP%20TABLE%20session', 'page_invalid'],
    ['after=x', 'seq_invalid'], ['after=-1', 'seq_invalid'], ['before=1.5', 'seq_invalid'],
    ['after=1&before=5', 'seq_invalid'],
    ['page=%ff', 'url_invalid'], ['%=1', 'url_invalid'], ['x=%2', 'url_invalid'],
  ]) {
    test(`${query} of a history is refused`, async () => {
      assertProblem(await stack.call('GET', `/history/a?${query}`), 400, code);
    });
  }
  for (const [query, code] of [
    ['limit=0', 'limit_invalid'], ['limit=1001', 'limit_invalid'], ['limit=ten', 'limit_invalid'],
    ['status=open', 'status_invalid'], ['status=', 'status_invalid'], ['cursor=abc', 'cursor_invalid'],
    ['cursor=2025-06-31T00:00:00.000Z_1', 'cursor_invalid'],
    ['cursor=%c3', 'url_invalid'],
  ]) {
    test(`${query} of the list of sessions is refused`, async () => {
      assertProblem(await stack.call('GET', `/sessions?${query}`), 400, code);
    });
  }
});

describe('a hostile request', () => {
  test('cannot choose its request id, split a header or forge a log line', async () => {
    const answer = await stack.call('GET', '/history/a%0d%0aX-Evil:%20yes%0aevent=forged',
      undefined, { headers: { 'X-Request-Id': 'mine', 'Request-Id': 'mine' } });
    assertProblem(answer, 400, 'client_id_invalid');
    assert.equal(answer.headers['x-evil'], undefined);
    assert.notEqual(answer.headers['x-request-id'], 'mine');
    await stack.fcgi.says(answer.headers['x-request-id']);
    assert.doesNotMatch(stack.fcgi.output, /event=forged/);
  });

  test('cannot reach the database with SQL of its own', async () => {
    const tables = await stack.database.value('SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()');
    for (const evil of [`'; DROP TABLE session; --`, `" OR ""="`, '\\', `\\'`, '/*', '%27%20OR%201=1']) {
      await initialize(evil);
      await stack.send(evil, evil, 'client', { messageId: evil });
      const { json } = await stack.call('GET', `/history/${encodeURIComponent(evil)}`);
      assert.equal(json.messages[0].message, evil);
      assert.equal(json.messages[0].messageId, evil);
    }
    assert.equal(await stack.database.value('SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()'), tables);
  });

  test('of a thousand garbage bytes, many times at once, leaves the others served', async () => {
    const garbage = Array.from({ length: 50 }, (_, i) => rawRequest(stack.port,
      Buffer.concat([Buffer.from('POST /api/chat/initialize HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n'),
        Buffer.alloc(1000, i * 5)])));
    for (const answer of await Promise.all(garbage)) assert.equal(answer.status, 400);
    assert.equal((await stack.call('GET', '/sessions')).status, 200);
  });
});
