-- Sessions, their messages, and the notifications that the daemons' feed reads.
--
-- Whoever changes a conversation writes here and nowhere else: a REST worker, a socket, a PHP script,
-- an INSERT typed by hand. The triggers number the message, keep the session's counters and append to
-- `notification`, all within the writer's transaction, so that a COMMIT shows everything and a
-- ROLLBACK nothing.
--
-- The SQL is what MariaDB 10.3+ and MySQL 5.6+ have in common. Identifiers chosen by others are
-- VARBINARY: the one type that compares byte for byte on all of them. Times are UTC; the triggers
-- set them, because a column's DEFAULT would follow the time zone of whoever inserts (and MySQL does
-- not show it to a BEFORE trigger).

CREATE TABLE session (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  client_id       VARBINARY(512)  NOT NULL,
  status          ENUM('active','closed') NOT NULL DEFAULT 'active',
  created_at      DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  -- Of the newest message: its seq is also how many there are. 0 and the year 1000: none yet, which
  -- sorts such a session behind all others.
  last_seq        BIGINT UNSIGNED NOT NULL DEFAULT 0,
  last_message_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  -- Everything of the opposite side up to this seq has been read by the client / by the admin …
  client_read_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  admin_read_seq  BIGINT UNSIGNED NOT NULL DEFAULT 0,
  -- … and so many of its messages have come since.
  client_unread   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  admin_unread    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY session_client_id (client_id),
  KEY session_recent (status, last_message_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE message (
  session_id BIGINT UNSIGNED NOT NULL,
  seq        BIGINT UNSIGNED NOT NULL DEFAULT 0,
  sender     ENUM('client','admin') NOT NULL,
  created_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  message_id VARBINARY(256)  NULL,
  body       MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (session_id, seq),
  UNIQUE KEY message_once (session_id, message_id),
  CONSTRAINT message_session FOREIGN KEY (session_id) REFERENCES session (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- One row for each thing that the sockets of a room are to hear of, in the order in which the room's
-- transactions committed: each of them holds the session's row lock while it takes an id here.
-- Between rooms ids may become visible in any order.
CREATE TABLE notification (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  session_id BIGINT UNSIGNED NOT NULL,
  kind       ENUM('message','client_read','admin_read','opened','closed') NOT NULL,
  seq        BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  PRIMARY KEY (id),
  KEY notification_session (session_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- One row. purged_through: notifications up to this id may have been removed. epoch: changes when an
-- older state of the database was put back, after which numbers seen by clients mean nothing.
CREATE TABLE feed_state (
  only_row       TINYINT UNSIGNED NOT NULL DEFAULT 1,
  purged_through BIGINT UNSIGNED  NOT NULL DEFAULT 0,
  epoch          VARCHAR(36)      NOT NULL,
  PRIMARY KEY (only_row)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO feed_state (epoch) VALUES (UUID());

DELIMITER //

CREATE TRIGGER session_before_insert BEFORE INSERT ON session FOR EACH ROW
BEGIN
  SET NEW.created_at = UTC_TIMESTAMP(3);
END//

CREATE TRIGGER session_after_insert AFTER INSERT ON session FOR EACH ROW
BEGIN
  INSERT INTO notification (session_id, kind, seq, created_at)
  VALUES (NEW.id, IF(NEW.status = 'active', 'opened', 'closed'), NEW.last_seq, UTC_TIMESTAMP(3));
END//

CREATE TRIGGER session_after_update AFTER UPDATE ON session FOR EACH ROW
BEGIN
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
END//

-- Numbers the message. The UPDATE takes the session's row lock, which is held until COMMIT: this is
-- what makes seq dense and its order the order of commit.
CREATE TRIGGER message_before_insert BEFORE INSERT ON message FOR EACH ROW
BEGIN
  DECLARE numbered BIGINT UNSIGNED;
  DECLARE stamped DATETIME(3);
  IF NEW.body = '' THEN  -- also holds for a body of spaces
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is empty';
  END IF;
  IF LENGTH(NEW.body) > 65536 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is longer than 65536 bytes';
  END IF;
  UPDATE session
     SET last_seq = last_seq + 1,
         last_message_at = GREATEST(last_message_at, UTC_TIMESTAMP(3)),
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

CREATE TRIGGER message_after_insert AFTER INSERT ON message FOR EACH ROW
BEGIN
  INSERT INTO notification (session_id, kind, seq, created_at)
  VALUES (NEW.session_id, 'message', NEW.seq, NEW.created_at);
END//

-- The procedures: what a program needs that speaks SQL and nothing else. They run in the caller's own
-- transaction and return no rows.

-- Makes the session, or makes it active again.
CREATE PROCEDURE livechat_open (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  IF p_client_id IS NULL OR CHAR_LENGTH(p_client_id) = 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the clientId is empty';
  END IF;
  INSERT INTO session (client_id) VALUES (CAST(p_client_id AS BINARY))
  ON DUPLICATE KEY UPDATE status = 'active';
END//

-- p_message_id: the sender's own name for the message, or NULL. A second message of that name in the
-- session changes nothing.
CREATE PROCEDURE livechat_send_once (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4,
                                     IN p_sender VARCHAR(16),
                                     IN p_message MEDIUMTEXT CHARACTER SET utf8mb4,
                                     IN p_message_id VARCHAR(64) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT UNSIGNED;
  DECLARE known BIGINT UNSIGNED;
  IF p_sender IS NULL OR p_sender NOT IN ('client', 'admin') THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the sender is client or admin';
  END IF;
  IF p_message IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the message is empty';
  END IF;
  -- Within a transaction the lock makes two at once with the same p_message_id wait for each other here.
  -- Without one it ends with the statement, and the unique key decides: the second gets error 1062. (With
  -- a handler for it here MariaDB 10.11.19 crashed under load.)
  SELECT id INTO found FROM session WHERE client_id = CAST(p_client_id AS BINARY) FOR UPDATE;
  IF found IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: there is no such session';
  END IF;
  IF p_message_id IS NOT NULL THEN
    SELECT seq INTO known FROM message
     WHERE session_id = found AND message_id = CAST(p_message_id AS BINARY) FOR UPDATE;
  END IF;
  IF known IS NULL THEN
    INSERT INTO message (session_id, sender, body, message_id)
    VALUES (found, p_sender, p_message, CAST(p_message_id AS BINARY));
  END IF;
END//

CREATE PROCEDURE livechat_send (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4,
                                IN p_sender VARCHAR(16),
                                IN p_message MEDIUMTEXT CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  CALL livechat_send_once(p_client_id, p_sender, p_message, NULL);
END//

-- p_reader has now read every message of the other side.
CREATE PROCEDURE livechat_read (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4,
                                IN p_reader VARCHAR(16))
  MODIFIES SQL DATA
BEGIN
  IF p_reader = 'client' THEN
    UPDATE session SET client_read_seq = last_seq, client_unread = 0
     WHERE client_id = CAST(p_client_id AS BINARY) AND client_unread > 0;
  ELSEIF p_reader = 'admin' THEN
    UPDATE session SET admin_read_seq = last_seq, admin_unread = 0
     WHERE client_id = CAST(p_client_id AS BINARY) AND admin_unread > 0;
  ELSE
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: the reader is client or admin';
  END IF;
END//

CREATE PROCEDURE livechat_close (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT UNSIGNED;
  SELECT id INTO found FROM session WHERE client_id = CAST(p_client_id AS BINARY) FOR UPDATE;
  IF found IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'livechat: there is no such session';
  END IF;
  UPDATE session SET status = 'closed' WHERE id = found;
END//

DELIMITER ;
