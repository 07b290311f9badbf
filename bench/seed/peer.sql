-- The same for the tables of peers/node.
INSERT INTO chat_sessions (client_id, status, created_at, updated_at)
  SELECT CONCAT('h', seq), 'active', NOW(3), NOW(3) FROM seq_1_to_1000;
INSERT INTO chat_messages (session_id, sender, message, created_at)
  SELECT s.id, IF(q.seq % 2, 'client', 'admin'), 'hello world this is a message of a usual length', NOW(3)
    FROM chat_sessions s, seq_1_to_60 q WHERE s.client_id LIKE 'h%';
UPDATE chat_sessions s
   SET last_message_id = (SELECT MAX(id) FROM chat_messages m WHERE m.session_id = s.id),
       last_message_at = NOW(3)
 WHERE client_id LIKE 'h%';
UPDATE chat_sessions SET status = 'closed' WHERE client_id LIKE 'h%' AND id % 10;
