-- 1,000 sessions h1 … h1000 with 60 messages each, of which a tenth is active.
INSERT INTO session (client_id) SELECT CONCAT('h', seq) FROM seq_1_to_1000;
-- The trigger that numbers messages writes to `session`, which the INSERT itself must not read then.
CREATE TEMPORARY TABLE seeded AS SELECT id FROM session WHERE client_id LIKE 'h%';
INSERT INTO message (session_id, sender, body)
  SELECT s.id, IF(q.seq % 2, 'client', 'admin'), 'hello world this is a message of a usual length'
    FROM seeded s, seq_1_to_60 q;
UPDATE session SET status = 'closed' WHERE client_id LIKE 'h%' AND id % 10;
