// Bytes on the wire without a client library in between: HTTP requests, raw connections, WebSockets
// whose messages can be awaited one by one.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import WebSocket from 'ws';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// What depends on the clock, again until a try was not held up by a busy machine. attempt: fails, or says
// whether it was in time.
export async function inTime(attempt) {
  for (let i = 0; i < 20; ++i) if (await attempt()) return;
  throw new Error('no try was in time');
}

// One request on its own connection, or on the agent's. -> { status, headers, body }
export function request(target, { method = 'GET', path, body, headers = {}, agent, signal, socketPath }) {
  return new Promise((resolve, reject) => {
    const where = socketPath ? { socketPath } : { host: target.host, port: target.port };
    const req = http.request({ ...where, method, path, headers, agent: agent ?? false, signal }, (res) => {
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve({
        status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks).toString(),
      }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

// A polling session.
export class Polling {
  constructor(target, handshake) {
    this.target = target;
    this.handshake = handshake;
    this.sid = handshake.sid;
    this.path = target.query({ transport: 'polling', sid: this.sid });
  }
  static async open(target) {
    const res = await request(target, { path: target.query({ transport: 'polling' }) });
    if (res.status !== 200 || res.body[0] !== '0') throw new Error(`handshake: ${res.status} ${res.body}`);
    return new Polling(target, JSON.parse(res.body.slice(1)));
  }
  poll(options = {}) { return request(this.target, { path: this.path, ...options }); }
  post(body, options = {}) {
    return request(this.target, { method: 'POST', path: this.path, body, ...options });
  }
  // Ends it; for tests that leave it alive.
  leave() { return this.post('1').catch(() => {}); }
}

// A WebSocket whose messages queue up until they are asked for.
export class Socket {
  constructor(url, options) {
    this.ws = new WebSocket(url, options?.protocols, { perMessageDeflate: false, ...options });
    this.queue = [];
    this.waiting = [];
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    // Of one that is let in: status 101.
    this.refused = new Promise((resolve) => {
      this.ws.on('open', () => resolve({ status: 101, body: '' }));
      this.ws.on('unexpected-response', (req, res) => {
        let body = '';
        res.on('data', (chunk) => { body += chunk; });
        res.on('end', () => { req.destroy(); resolve({ status: res.statusCode, body }); });
      });
    });
    this.ws.on('error', () => {});
    this.ws.on('message', (data, binary) => {
      const message = binary ? data : data.toString();
      if (this.waiting.length) this.waiting.shift()(message);
      else this.queue.push(message);
    });
  }
  static async open(url, options) {
    const socket = new Socket(url, options);
    await within(5000, once(socket.ws, 'open'), 'open WebSocket');
    return socket;
  }
  send(data) { this.ws.send(data); return this; }
  // The next message; heartbeats are answered on the way unless they are asked for.
  async next({ pings = false, ms = 3000 } = {}) {
    for (;;) {
      const message = this.queue.length
        ? this.queue.shift()
        : await within(ms, new Promise((resolve) => this.waiting.push(resolve)), 'message');
      if (message !== '2' || pings) return message;
      this.ws.send('3');
    }
  }
  // Closed by the server for what it was sent, not for a missing pong or CONNECT.
  async closing() {
    this.ws.on('message', (data, binary) => { if (!binary && data.toString() === '2') this.ws.send('3'); });
    return within(2500, this.closed, 'close');
  }
  async end() {
    this.ws.close();
    await this.closed;
  }
}

// Bytes on a connection. `received` grows; until() waits for a condition on it.
export class Raw {
  constructor(socket) {
    this.socket = socket;
    this.received = Buffer.alloc(0);
    this.ended = new Promise((resolve) => socket.on('close', resolve));
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      socket.emit('more');
    });
    socket.on('error', () => {});
  }
  static async open(target) {
    const socket = net.connect(target.port, target.host);
    socket.setNoDelay(true);
    await once(socket, 'connect');
    return new Raw(socket);
  }
  write(data) { this.socket.write(data); return this; }
  async until(condition, what = 'bytes', ms = 3000) {
    const found = (async () => {
      while (!condition(this.received)) {
        await Promise.race([once(this.socket, 'more'), this.ended.then(() => {
          if (!condition(this.received)) throw new Error(`connection ended before ${what}: ${this.received}`);
        })]);
      }
    })();
    await within(ms, found, what);
    return this.received;
  }
  text(part, ms) { return this.until((bytes) => bytes.includes(part), `"${part}"`, ms); }
  destroy() { this.socket.destroy(); }
}

export const key = randomBytes(16).toString('base64');
export const acceptKey = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

export function upgradeRequest(target, path, extra = '') {
  return `GET ${path} HTTP/1.1\r\nHost: ${target.url.host}\r\nUpgrade: websocket\r\n` +
    `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${extra}\r\n`;
}

// A frame as a client sends it, with every knob that a bad client could turn.
export function frame(payload, { opcode = 1, fin = true, masked = true, rsv = 0, lengthForm } = {}) {
  const data = Buffer.from(payload);
  const form = lengthForm ?? (data.length < 126 ? 7 : data.length < 65536 ? 16 : 64);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  const bit = masked ? 0x80 : 0;
  if (form === 7) head.push(bit | data.length);
  else if (form === 16) head.push(bit | 126, data.length >> 8, data.length & 255);
  else {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(data.length));
    head.push(bit | 127, ...length);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), data]);
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from(head), mask, data.map((byte, i) => byte ^ mask[i % 4])]);
}

// Frames of a server, out of the bytes behind its 101. -> [{ opcode, data }]
export function frames(bytes) {
  const out = [];
  let at = bytes.indexOf('\r\n\r\n') + 4;
  while (at + 2 <= bytes.length) {
    let length = bytes[at + 1] & 127;
    let start = at + 2;
    if (length === 126) { length = bytes.readUInt16BE(at + 2); start += 2; }
    else if (length === 127) { length = Number(bytes.readBigUInt64BE(at + 2)); start += 8; }
    if (start + length > bytes.length) break;
    out.push({ opcode: bytes[at] & 15, data: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return out;
}

export const closeCode = (list) => {
  const close = list.find(({ opcode }) => opcode === 8);
  return close && close.data.length >= 2 ? close.data.readUInt16BE(0) : undefined;
};
