// Many sessions and messages at once, written by SQL.
import { literal } from '../../harness/sql.mjs';

// A table of numbers, column n, from 1 to count (up to a million), in SQL that every server knows.
function numbers(count) {
  const digit = `(${Array.from({ length: 10 }, (_, i) => `SELECT ${i} AS i`).join(' UNION ALL ')})`;
  const places = ['a', 'b', 'c', 'd', 'e', 'f'];
  const value = places.map((place, power) => `${place}.i * ${10 ** power}`).join(' + ');
  return `(SELECT 1 + ${value} AS n FROM ${places.map((place) => `${digit} ${place}`).join(', ')} HAVING n <= ${count}) numbers`;
}

// Sessions PREFIX1 … PREFIXcount, each with one message of its visitor.
export async function crowd(stack, prefix, count) {
  await stack.sql(`
    INSERT INTO session (client_id) SELECT CAST(CONCAT(${literal(prefix)}, n) AS BINARY) FROM ${numbers(count)} ORDER BY n;
    CREATE TEMPORARY TABLE some_sessions SELECT id FROM session WHERE client_id LIKE ${literal(`${prefix}%`)};
    INSERT INTO message (session_id, sender, body) SELECT id, 'client', CONCAT('Question number ', id) FROM some_sessions ORDER BY id;`);
}

// A session with so many messages, of one to some lines.
export async function longConversation(stack, clientId, count) {
  await stack.sql(`
    INSERT INTO session (client_id) VALUES (${literal(clientId)});
    SELECT id INTO @session FROM session WHERE client_id = ${literal(clientId)};
    INSERT INTO message (session_id, sender, body)
      SELECT @session, IF(n % 3 = 0, 'admin', 'client'), CONCAT('Message ', n, REPEAT(' with some more words', n * 7 % 12))
        FROM ${numbers(count)} ORDER BY n;`);
}
