// REST calls through the stack's nginx.
import http from 'node:http';

import { learn } from './secrets.mjs';

// Gives { status, headers, text, body }, where body is the parsed JSON if there is any. path is sent as
// it is, without any normalisation. body: anything but a string or Buffer is sent as JSON.
export function request(stack, method, path, { body, headers = {}, agent } = {}) {
  return new Promise((resolve, reject) => {
    let data = body;
    learn(body?.password, body?.signature);
    const all = { ...headers };
    if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
      data = JSON.stringify(body);
    }
    if (data !== undefined) {
      all['Content-Type'] ??= 'application/json';
      all['Content-Length'] ??= Buffer.byteLength(data);
    }
    const call = http.request({ host: '127.0.0.1', port: stack.port, method, path, headers: all, agent });
    call.on('error', reject);
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        const json = /json/.test(response.headers['content-type'] ?? '');
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text,
          body: json ? JSON.parse(text) : undefined,
        });
      });
    });
    call.end(data);
  });
}

// The path of a call about one session.
export function sessionPath(verb, clientId, query = '') {
  return `/api/chat/${verb}/${encodeURIComponent(clientId)}${query}`;
}

// A new session with an unlikely name; gives its clientId.
let sessions = 0;
export async function newSession(stack, prefix = 'visitor') {
  const clientId = `${prefix}-${process.pid}-${++sessions}`;
  const { status, text } = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
  if (status !== 200) throw new Error(`initialize answered ${status}: ${text}`);
  return clientId;
}
