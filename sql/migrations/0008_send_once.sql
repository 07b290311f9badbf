-- Two calls of livechat_send_once with one messageId in the same instant, outside a transaction: the
-- later one got error 1062. Each statement of a procedure commits by itself there, so a look for the
-- messageId and the INSERT behind it have to be one statement. A function within it may take the lock
-- that both of them wait for. (A handler for the error is no way: with one, MariaDB 10.11.19 crashed
-- under load.)

DELIMITER //

-- Whether the session has a message of that name; holds the session's row until the transaction ends.
-- A message that is not there is not looked for with a lock, because the gap around it would be locked
-- as well, and others who write there would deadlock: only where the view of the transaction is older
-- than the lock. (IN SHARE MODE, since the statement that calls this inserts into the same table.)
CREATE FUNCTION livechat_has_message (p_session_id BIGINT UNSIGNED, p_message_id VARBINARY(256))
  RETURNS TINYINT UNSIGNED
  NOT DETERMINISTIC
  READS SQL DATA
BEGIN
  DECLARE newest BIGINT UNSIGNED;
  DECLARE seen BIGINT UNSIGNED;
  DECLARE known BIGINT UNSIGNED;
  SELECT last_seq INTO newest FROM session WHERE id = p_session_id FOR UPDATE;
  SELECT last_seq INTO seen FROM session WHERE id = p_session_id;
  IF seen <=> newest THEN
    SELECT seq INTO known FROM message WHERE session_id = p_session_id AND message_id = p_message_id;
  ELSE
    SELECT seq INTO known FROM message
     WHERE session_id = p_session_id AND message_id = p_message_id LOCK IN SHARE MODE;
  END IF;
  RETURN known IS NOT NULL;
END//

-- A call that comes between these two is refused with error 1305; its caller repeats it.
DROP PROCEDURE livechat_send_once//

CREATE PROCEDURE livechat_send_once (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4,
                                     IN p_sender VARCHAR(16),
                                     IN p_message MEDIUMTEXT CHARACTER SET utf8mb4,
                                     IN p_message_id VARCHAR(64) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT UNSIGNED;
  IF p_sender IS NULL OR p_sender NOT IN ('client', 'admin') THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the sender is client or admin';
  END IF;
  IF p_message IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is empty';
  END IF;
  SELECT id INTO found FROM session WHERE client_id = CAST(p_client_id AS BINARY) FOR UPDATE;
  IF found IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: there is no such session';
  END IF;
  IF p_message_id IS NULL THEN
    INSERT INTO message (session_id, sender, body) VALUES (found, p_sender, p_message);
  ELSE
    INSERT INTO message (session_id, sender, body, message_id)
    SELECT found, p_sender, p_message, CAST(p_message_id AS BINARY) FROM DUAL
     WHERE NOT livechat_has_message(found, CAST(p_message_id AS BINARY));
  END IF;
END//

DELIMITER ;
