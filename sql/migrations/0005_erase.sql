-- Erasing what a person wrote, and taking over conversations from another system.
--
-- A message that was erased keeps its row, its seq and its time, and has an empty body: nobody else can
-- write one. So seq stays dense, and a client that resumes by seq misses nothing. The notification
-- 'erased' tells the sockets of the room that the texts up to its seq are gone.
--
-- A connection that has set @livechat_import to 1 gives the times of what it inserts itself. They stay
-- within what the rules are for everybody: none lies in the future, and none before that of the message
-- before it.

ALTER TABLE notification
  MODIFY kind ENUM('message','client_read','admin_read','opened','closed','visitor','erased') NOT NULL;

-- The programs may be running: nobody writes while a trigger is away.
LOCK TABLES session WRITE, message WRITE, notification WRITE;

DROP TRIGGER session_before_insert;
DROP TRIGGER message_before_insert;

DELIMITER //

CREATE TRIGGER session_before_insert BEFORE INSERT ON session FOR EACH ROW
BEGIN
  SET NEW.created_at = IF(@livechat_import = 1 AND NEW.created_at >= '1970-01-01',
                          LEAST(NEW.created_at, UTC_TIMESTAMP(3)), UTC_TIMESTAMP(3));
END//

-- Numbers the message. The UPDATE takes the session's row lock, which is held until COMMIT: this is
-- what makes seq dense and its order the order of commit.
CREATE TRIGGER message_before_insert BEFORE INSERT ON message FOR EACH ROW
BEGIN
  DECLARE numbered BIGINT UNSIGNED;
  DECLARE stamped DATETIME(3);
  -- Also holds for a body of spaces. An erased message may be taken over from another livechat.
  IF NEW.body = '' AND NOT (@livechat_import <=> 1) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is empty';
  END IF;
  IF LENGTH(NEW.body) > 65536 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is longer than 65536 bytes';
  END IF;
  SET stamped = IF(@livechat_import = 1 AND NEW.created_at >= '1970-01-01',
                   LEAST(NEW.created_at, UTC_TIMESTAMP(3)), UTC_TIMESTAMP(3));
  UPDATE session
     SET last_seq = last_seq + 1,
         last_message_at = GREATEST(last_message_at, stamped),
         status = 'active',
         client_unread = client_unread + (NEW.sender = 'admin'),
         admin_unread = admin_unread + (NEW.sender = 'client')
   WHERE id = NEW.session_id;
  SELECT last_seq, last_message_at INTO numbered, stamped FROM session WHERE id = NEW.session_id;
  IF numbered IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: there is no such session';
  END IF;
  SET NEW.seq = numbered, NEW.created_at = stamped;
END//

DELIMITER ;

UNLOCK TABLES;
