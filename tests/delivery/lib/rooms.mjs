// What the database says of rooms, and writing to them from SQL.
import { SqlSession, literal } from '../../harness/sql.mjs';

export function openSession(stack) {
  return new SqlSession(stack.admin);
}

export function sendCall(clientId, text, sender = 'client') {
  return `CALL livechat_send(${literal(clientId)}, '${sender}', ${literal(text)})`;
}

export function sendOnceCall(clientId, text, messageId, sender = 'client') {
  return `CALL livechat_send_once(${literal(clientId)}, '${sender}', ${literal(text)}, ${literal(messageId)})`;
}

// session: its number, see sessionId(). An INSERT … SELECT FROM session is refused by the server: the
// trigger updates that table.
export function plainInsert(session, text, messageId, sender = 'client') {
  const id = messageId === undefined ? 'NULL' : literal(messageId);
  return `INSERT INTO message (session_id, sender, body, message_id) VALUES (${session}, '${sender}', ${literal(text)}, ${id})`;
}

export async function sessionId(stack, clientId) {
  const [[id]] = await stack.sql(`SELECT id FROM session WHERE client_id = CAST(${literal(clientId)} AS BINARY);`);
  return Number(id);
}

// [{ seq, text, messageId }], in order.
export async function messagesOf(stack, clientId) {
  const rows = await stack.sql(
    'SELECT m.seq, HEX(m.body), HEX(m.message_id) FROM message m JOIN session s ON s.id = m.session_id ' +
    `WHERE s.client_id = CAST(${literal(clientId)} AS BINARY) ORDER BY m.seq;`);
  const decode = (hex) => Buffer.from(hex, 'hex').toString('utf8');
  return rows.map(([seq, text, id]) => ({
    seq: Number(seq), text: decode(text), messageId: id === 'NULL' ? undefined : decode(id),
  }));
}

// Many messages at once, each in its own transaction, by one connection. texts: (i) => text
export async function sendMany(stack, clientId, count, text) {
  let script = '';
  for (let i = 0; i < count; i += 1) script += sendCall(clientId, text(i)) + ';\n';
  await stack.sql(script);
}

// The same in one transaction: fast.
export async function fillRoom(stack, clientId, count, text = (i) => `m${i}`) {
  let script = 'START TRANSACTION;\n';
  for (let i = 0; i < count; i += 1) script += sendCall(clientId, text(i)) + ';\n';
  await stack.sql(script + 'COMMIT;\n');
}

// A small generator with a seed, so that a failure can be repeated.
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (n) => Math.floor(next() * n),
    chance: (p) => next() < p,
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}
