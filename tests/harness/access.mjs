// People and tokens for tests of access, put into the database as an administrator could with SQL, and the
// table of docs/security.md. `sql` is a function that runs SQL text.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { learn } from './secrets.mjs';
import { literal } from './sql.mjs';
import { root } from './stack.mjs';

export const kPassword = 'correct horse battery';
learn(kPassword);
// php -r 'echo password_hash("correct horse battery", PASSWORD_ARGON2ID, ["memory_cost" => 1024, "time_cost" => 2]);'
const kPasswordHash = '$argon2id$v=19$m=1024,t=2,p=1$Q3loUG5CQmR3L0kwZDB6cw$7YvsgOzC4yl95JzArkDnpoYCbQ03hfdpHq0P//k9thg';

export async function addAgent(sql, username, role = 'agent') {
  await sql(`INSERT INTO livechat.agent (username, password_hash, role)
    VALUES (${literal(username)}, '${kPasswordHash}', '${role}')`);
}

const hashOf = (token) => createHash('sha256').update(token).digest('hex');
export function newToken(prefix) {
  const token = prefix + randomBytes(32).toString('base64url');
  learn(token);
  return token;
}

// Gives the token.
export async function addBot(sql, scopes, name = `bot ${scopes}`) {
  const token = newToken('lcb_');
  await sql(`INSERT INTO livechat.access_token (token_hash, kind, name, scopes)
    VALUES (0x${hashOf(token)}, 'bot', ${literal(name)}, '${scopes}')`);
  return token;
}

// What holds for revocation by livechat-admin, too.
export async function revoke(sql, token) {
  await sql(`UPDATE livechat.access_token SET revoked_at = UTC_TIMESTAMP(3) WHERE token_hash = 0x${hashOf(token)}`);
}

export const bearer = (token) => ({ Authorization: `Bearer ${token}` });

// expires: seconds since 1970; undefined: the signature is for ever.
export function sign(secret, clientId, expires) {
  const text = expires === undefined ? clientId : `${clientId}\n${expires}`;
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  learn(secret, signature);
  return signature;
}

// [{ operation, answers: { stranger: '401', owner: 'yes', … } }]
export function accessTable() {
  const text = fs.readFileSync(path.join(root, 'docs/security.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));
  const first = rows.findIndex((row) => row[0] === 'operation');
  const [, ...who] = rows[first];
  const end = rows.findIndex((row, i) => i > first + 1 && row.length !== rows[first].length);
  return rows.slice(first + 2, end).map(([operation, ...answers]) => ({
    operation,
    answers: Object.fromEntries(who.map((name, i) => [name, answers[i]])),
  }));
}
