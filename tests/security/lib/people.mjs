// Who there is in a stack with access by token: agents and bots made by SQL, visitors by initialize. Each
// has a token, and a cookie that holds it.
import { createHash } from 'node:crypto';

import { newToken } from '../../harness/access.mjs';
import { request } from '../../harness/http.mjs';

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

let made = 0;

// A visitor with a new session: { token, cookie, clientId }.
export async function newVisitor(stack, clientId = `visitor ${process.pid} ${++made}`) {
  const opened = await request(stack, 'POST', '/api/chat/initialize', { body: { clientId } });
  if (opened.status !== 200) throw new Error(`initialize answered ${opened.status}: ${opened.text}`);
  const { token } = opened.body;
  return { token, cookie: `livechat_visitor=${token}`, clientId };
}

// role: agent or supervisor.
export async function newAgent(stack, role = 'agent') {
  const username = `${role}-${++made}`;
  const token = newToken('lca_');
  // No one signs in with that password hash; the token is there already.
  await stack.sql(`
    INSERT INTO agent (username, password_hash, role) VALUES ('${username}', '*', '${role}');
    INSERT INTO access_token (token_hash, kind, agent_id, expires_at)
      VALUES (UNHEX('${sha256(token)}'), 'agent', LAST_INSERT_ID(), UTC_TIMESTAMP() + INTERVAL 1 HOUR)`);
  return { token, cookie: `livechat_agent=${token}`, username };
}

// scopes: words separated by commas.
export async function newBot(stack, scopes) {
  const token = newToken('lcb_');
  await stack.sql(`INSERT INTO access_token (token_hash, kind, name, scopes)
    VALUES (UNHEX('${sha256(token)}'), 'bot', 'bot-${++made}', '${scopes}')`);
  return { token };
}

export async function revoke(stack, { token }) {
  await stack.sql(`UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3) WHERE token_hash = UNHEX('${sha256(token)}')`);
}

export const bearer = ({ token } = {}) => (token ? { Authorization: `Bearer ${token}` } : {});

// A REST call by a person.
export const call = (stack, who, method, path, options = {}) =>
  request(stack, method, path, { ...options, headers: { ...bearer(who), ...options.headers } });
