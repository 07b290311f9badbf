-- What the list of sessions shows without looking into `message`, and messages that are numbered many at
-- once.
--
-- last_sender, last_body: a copy of the newest message. last_body is NULL where there is none: the
-- message is longer than the column, older than this migration, or was changed since; then `message`
-- at (id, last_seq) has it. So no copy has to be made here, and erasing has only to forget one.
--
-- A connection that has set @livechat_numbered to 1 numbers its messages itself, many at once: it holds
-- the sessions' rows, gives each message its seq and time, and then writes what the triggers would
-- have written into `session` and `notification`, in the same transaction (core/chat/message_batch).

ALTER TABLE session
  ADD last_sender   ENUM('client','admin') NULL,
  ADD last_body     VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- Of the visitor's first message that no agent has answered. The year 1000: nobody waits.
  ADD waiting_since DATETIME(3) NOT NULL DEFAULT '1000-01-01 00:00:00';

-- The programs may be running: nobody writes while a trigger is away.
LOCK TABLES session WRITE, message WRITE, notification WRITE;

DROP TRIGGER session_after_update;
DROP TRIGGER message_before_insert;
DROP TRIGGER message_after_insert;

DELIMITER //

-- Who has closed a conversation leaves nobody waiting.
CREATE TRIGGER session_before_update BEFORE UPDATE ON session FOR EACH ROW
BEGIN
  IF NEW.status = 'closed' THEN
    SET NEW.waiting_since = '1000-01-01 00:00:00';
  END IF;
END//

-- A new message changes none of the three, and is what happens most.
CREATE TRIGGER session_after_update AFTER UPDATE ON session FOR EACH ROW
BEGIN
  IF NEW.status <> OLD.status OR NEW.client_read_seq <> OLD.client_read_seq
     OR NEW.admin_read_seq <> OLD.admin_read_seq
  THEN
    IF NEW.status <> OLD.status THEN
      INSERT INTO notification (session_id, kind, seq, created_at)
      VALUES (NEW.id, IF(NEW.status = 'active', 'opened', 'closed'), NEW.last_seq, UTC_TIMESTAMP(3));
    END IF;
    IF NEW.client_read_seq <> OLD.client_read_seq THEN
      INSERT INTO notification (session_id, kind, seq, created_at)
      VALUES (NEW.id, 'client_read', NEW.client_read_seq, UTC_TIMESTAMP(3));
    END IF;
    IF NEW.admin_read_seq <> OLD.admin_read_seq THEN
      INSERT INTO notification (session_id, kind, seq, created_at)
      VALUES (NEW.id, 'admin_read', NEW.admin_read_seq, UTC_TIMESTAMP(3));
    END IF;
  END IF;
END//

-- Numbers the message. The UPDATE takes the session's row lock, which is held until COMMIT: this is
-- what makes seq dense and its order the order of commit. LAST_INSERT_ID(…) keeps the number for the
-- line behind the loop; what the caller sees of it, the server puts back when the trigger ends.
CREATE TRIGGER message_before_insert BEFORE INSERT ON message FOR EACH ROW
BEGIN
  DECLARE stamped DATETIME(3);
  DECLARE newest DATETIME(3);
  IF NOT (@livechat_numbered <=> 1) THEN
    -- Also holds for a body of spaces. An erased message may be taken over from another livechat.
    IF NEW.body = '' AND NOT (@livechat_import <=> 1) THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is empty';
    END IF;
    IF LENGTH(NEW.body) > 65536 THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is longer than 65536 bytes';
    END IF;
    SET stamped = IF(@livechat_import = 1 AND NEW.created_at >= '1970-01-01',
                     LEAST(NEW.created_at, UTC_TIMESTAMP(3)), UTC_TIMESTAMP(3));
    numbering: LOOP
      UPDATE session
         SET last_seq = LAST_INSERT_ID(last_seq + 1),
             last_message_at = stamped,
             last_sender = NEW.sender,
             last_body = IF(CHAR_LENGTH(NEW.body) <= 255, NEW.body, NULL),
             status = 'active',
             client_unread = client_unread + (NEW.sender = 'admin'),
             admin_unread = admin_unread + (NEW.sender = 'client'),
             waiting_since = IF(NEW.sender = 'admin', '1000-01-01 00:00:00',
                                IF(waiting_since < '1970-01-01', stamped, waiting_since))
       WHERE id = NEW.session_id AND last_message_at <= stamped;
      IF ROW_COUNT() > 0 THEN
        LEAVE numbering;
      END IF;
      -- The newest message is younger than this one's time (its writer began later and was faster, or the
      -- clock was put back): they get the same. Or there is no session.
      SELECT last_message_at INTO newest FROM session WHERE id = NEW.session_id FOR UPDATE;
      IF newest IS NULL THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: there is no such session';
      END IF;
      SET stamped = newest;
    END LOOP;
    SET NEW.seq = LAST_INSERT_ID(), NEW.created_at = stamped;
  END IF;
END//

CREATE TRIGGER message_after_insert AFTER INSERT ON message FOR EACH ROW
BEGIN
  IF NOT (@livechat_numbered <=> 1) THEN
    INSERT INTO notification (session_id, kind, seq, created_at)
    VALUES (NEW.session_id, 'message', NEW.seq, NEW.created_at);
  END IF;
END//

-- A copy of a text must not outlive it.
CREATE TRIGGER message_after_update AFTER UPDATE ON message FOR EACH ROW
BEGIN
  UPDATE session SET last_body = NULL WHERE id = OLD.session_id AND last_seq = OLD.seq;
END//

CREATE TRIGGER message_after_delete AFTER DELETE ON message FOR EACH ROW
BEGIN
  UPDATE session SET last_body = NULL WHERE id = OLD.session_id AND last_seq = OLD.seq;
END//

DELIMITER ;

UNLOCK TABLES;

DELIMITER //

-- Who waits in the conversations that are there: a thousand at a time, so that nobody is held for long.
CREATE PROCEDURE livechat_find_waiting ()
  MODIFIES SQL DATA
BEGIN
  DECLARE done BIGINT UNSIGNED DEFAULT 0;
  DECLARE newest BIGINT UNSIGNED;
  SELECT COALESCE(MAX(id), 0) INTO newest FROM session;
  WHILE done < newest DO
    UPDATE session s
       SET s.waiting_since = COALESCE(
             (SELECT m.created_at FROM message m
               WHERE m.session_id = s.id
                 AND m.seq > COALESCE((SELECT a.seq FROM message a
                                        WHERE a.session_id = s.id AND a.sender = 'admin'
                                        ORDER BY a.seq DESC LIMIT 1), 0)
               ORDER BY m.seq LIMIT 1),
             '1000-01-01 00:00:00')
     WHERE s.id > done AND s.id <= done + 1000 AND s.status = 'active';
    SET done = done + 1000;
  END WHILE;
END//

DELIMITER ;

CALL livechat_find_waiting();
DROP PROCEDURE livechat_find_waiting;
