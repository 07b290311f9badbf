-- The database as it stands when all of sql/migrations has been applied: for people to read, and for tests.
--
-- `livechat-admin migrate` applies the migrations and never this file; tests/sql/schema.test.mjs checks that
-- both make the same tables, triggers and routines. Why something is as it is, the migrations say.
--
-- A conversation is changed here and nowhere else: by a REST worker, a socket, a PHP script, or an INSERT
-- typed by hand. The triggers number each message, keep the session's counters and append to `notification`,
-- all within the writer's transaction, so that a COMMIT shows everything and a ROLLBACK nothing.
--
-- The SQL is what MariaDB 10.3+ and MySQL 5.6+ have in common. Identifiers that others choose are VARBINARY,
-- the one type that compares byte for byte on all of them. Times are UTC, set by triggers. The year 1000
-- stands for "never". docs/sql.md documents what sites may use.

-- ---------------------------------------------------------------------------------------------------------
-- Conversations

-- One conversation of a visitor.
CREATE TABLE session (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  client_id       VARBINARY(512)  NOT NULL,
  status          ENUM('active','closed') NOT NULL DEFAULT 'active',
  created_at      DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  -- Of the newest message: its seq is also the number of messages.
  last_seq        BIGINT UNSIGNED NOT NULL DEFAULT 0,
  last_message_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  -- Up to this seq the client, or the agents, have read what the other side wrote …
  client_read_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  admin_read_seq  BIGINT UNSIGNED NOT NULL DEFAULT 0,
  -- … and this many messages of the other side have come since.
  client_unread   BIGINT UNSIGNED NOT NULL DEFAULT 0,
  admin_unread    BIGINT UNSIGNED NOT NULL DEFAULT 0,
  -- A copy of the newest message. NULL: it is too long for the column or was changed; read `message`.
  last_sender     ENUM('client','admin') NULL,
  last_body       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- The time of the visitor's first message that no agent has answered.
  waiting_since   DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  PRIMARY KEY (id),
  UNIQUE KEY session_client_id (client_id),
  KEY session_recent (status, last_message_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- seq counts from 1 without gaps within a session. An erased message keeps its row and has an empty body.
-- message_id: the sender's own name for the message, unique within the session.
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

-- What agents are told of a visitor. Text that is not known is empty.
CREATE TABLE visitor (
  session_id BIGINT UNSIGNED NOT NULL,
  page       VARCHAR(2048) NOT NULL DEFAULT '',  -- where the visitor is
  referrer   VARCHAR(2048) NOT NULL DEFAULT '',  -- what led there
  user_agent VARCHAR(512)  NOT NULL DEFAULT '',
  language   VARCHAR(35)   NOT NULL DEFAULT '',  -- BCP 47
  timezone   VARCHAR(64)   NOT NULL DEFAULT '',  -- IANA
  name       VARCHAR(128)  NOT NULL DEFAULT '',
  email      VARCHAR(254)  NOT NULL DEFAULT '',
  updated_at DATETIME(3)   NOT NULL DEFAULT '1000-01-01 00:00:00',
  PRIMARY KEY (session_id),
  CONSTRAINT visitor_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- ---------------------------------------------------------------------------------------------------------
-- The feed: what the daemons announce

-- One row for each event of a room, in the order in which the room's transactions committed: each of them
-- holds the session's row lock while it takes an id here. Between rooms ids may become visible in any order.
CREATE TABLE notification (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  session_id BIGINT UNSIGNED NOT NULL,
  kind       ENUM('message','client_read','admin_read','opened','closed','visitor','erased') NOT NULL,
  seq        BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  PRIMARY KEY (id),
  KEY notification_session (session_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- One row. purged_through: notifications up to this id may have been removed. epoch changes when a backup was
-- restored, after which numbers that clients have seen mean nothing. table_made: when the server made this
-- table, by which a restored backup is noticed; NULL until a daemon has looked.
CREATE TABLE feed_state (
  only_row       TINYINT UNSIGNED NOT NULL DEFAULT 1,
  purged_through BIGINT UNSIGNED  NOT NULL DEFAULT 0,
  epoch          VARCHAR(36)      NOT NULL,
  table_made     DATETIME         NULL,
  PRIMARY KEY (only_row)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO feed_state (epoch) VALUES (UUID());

-- What a Socket.IO connection leaves behind when it breaks, so that any daemon can continue it
-- (docs/protocol.md, "Recovery").
CREATE TABLE recovery (
  pid_hash   BINARY(32)      NOT NULL,  -- SHA-256 of the client's secret, a NUL, and the hash of its token
  -- A notification's id: the feed's newest when the last room was joined, or the room's newest if the join
  -- has shown more than that.
  joined_at  BIGINT UNSIGNED NOT NULL,
  rooms      MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,  -- JSON: [[clientId, id], …]
  created_at DATETIME(3)     NOT NULL,
  PRIMARY KEY (pid_hash),
  KEY recovery_age (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Who was erased, and when, by the SHA-256 of the clientId: an import leaves out what is not newer.
CREATE TABLE erasure (
  client_hash BINARY(32)  NOT NULL,
  erased_at   DATETIME(3) NOT NULL,
  PRIMARY KEY (client_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- ---------------------------------------------------------------------------------------------------------
-- Access (docs/security.md)

-- rehashed counts how often the same password was hashed again with newer parameters.
CREATE TABLE agent (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  username      VARBINARY(256)  NOT NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,  -- $argon2id$…, as PHP's
  role          ENUM('agent','supervisor') NOT NULL DEFAULT 'agent',
  disabled      TINYINT UNSIGNED NOT NULL DEFAULT 0,
  created_at    DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  rehashed      INT UNSIGNED    NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY agent_username (username)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Where an agent has signed in from: strangers who guess at the password cannot slow the agent down there.
CREATE TABLE agent_address (
  agent_id   BIGINT UNSIGNED NOT NULL,
  address    VARBINARY(45)   NOT NULL,
  last_login DATETIME(3)     NOT NULL,
  PRIMARY KEY (agent_id, address),
  CONSTRAINT agent_address_agent FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Tokens of visitors, agents and bots; of each the database knows the SHA-256 alone. id names a token in
-- lists. An agent's token has agent_id; a bot's has name and scopes (words separated by commas). A token ends
-- by revoked_at and not by DELETE, so that open sockets can be told.
CREATE TABLE access_token (
  token_hash BINARY(32)      NOT NULL,
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind       ENUM('visitor','agent','bot') NOT NULL,
  agent_id   BIGINT UNSIGNED NULL,
  name       VARBINARY(256)  NULL,
  scopes     VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  expires_at DATETIME(3)     NULL,
  revoked_at DATETIME(3)     NULL,
  PRIMARY KEY (token_hash),
  UNIQUE KEY access_token_id (id),
  KEY access_token_agent (agent_id),
  KEY access_token_kind (kind, id),
  KEY access_token_revoked (revoked_at),
  KEY access_token_expires (expires_at),
  CONSTRAINT access_token_agent FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- proven: the holder came with the site's signature. The first such holder takes the session from those who
-- came without.
CREATE TABLE session_owner (
  session_id BIGINT UNSIGNED NOT NULL,
  token_hash BINARY(32)      NOT NULL,
  proven     TINYINT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  PRIMARY KEY (session_id, token_hash),
  KEY session_owner_token (token_hash),
  CONSTRAINT session_owner_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE,
  CONSTRAINT session_owner_token FOREIGN KEY (token_hash) REFERENCES access_token (token_hash)
    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- value: of kind address "203.0.113.7" or "2001:db8::/32", of kind client a clientId.
CREATE TABLE ban (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind       ENUM('address','client') NOT NULL,
  value      VARBINARY(512)  NOT NULL,
  reason     VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  created_at DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  expires_at DATETIME(3)     NULL,
  PRIMARY KEY (id),
  UNIQUE KEY ban_value (kind, value)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- One row. bans changes with every change of that table, for programs that keep a copy of it.
CREATE TABLE access_state (
  only_row TINYINT UNSIGNED NOT NULL DEFAULT 1,
  bans     BIGINT UNSIGNED  NOT NULL DEFAULT 0,
  PRIMARY KEY (only_row)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO access_state (bans) VALUES (0);

DELIMITER //

-- ---------------------------------------------------------------------------------------------------------
-- Triggers. @livechat_import = 1: the connection imports conversations and gives the times itself.
-- @livechat_numbered = 1: it numbers its messages itself, many at once (core/chat/message_batch).

CREATE TRIGGER session_before_insert BEFORE INSERT ON session FOR EACH ROW
BEGIN
  SET NEW.created_at = IF(@livechat_import = 1 AND NEW.created_at >= '1970-01-01',
                          LEAST(NEW.created_at, UTC_TIMESTAMP(3)), UTC_TIMESTAMP(3));
END//

CREATE TRIGGER session_after_insert AFTER INSERT ON session FOR EACH ROW
BEGIN
  INSERT INTO notification (session_id, kind, seq, created_at)
  VALUES (NEW.id, IF(NEW.status = 'active', 'opened', 'closed'), NEW.last_seq, UTC_TIMESTAMP(3));
END//

-- No one waits in a closed conversation.
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

-- Numbers the message. The UPDATE takes the session's row lock, which is held until COMMIT: this is what makes
-- seq dense and its order the order of commit. LAST_INSERT_ID(…) keeps the number for the line after the loop;
-- the server restores what the caller sees of it when the trigger ends.
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

-- Locks the session before anything else, so that two at once wait and do not deadlock.
CREATE TRIGGER visitor_before_insert BEFORE INSERT ON visitor FOR EACH ROW
BEGIN
  DECLARE locked BIGINT UNSIGNED;
  SELECT id INTO locked FROM session WHERE id = NEW.session_id FOR UPDATE;
  SET NEW.updated_at = UTC_TIMESTAMP(3);
END//

CREATE TRIGGER visitor_after_insert AFTER INSERT ON visitor FOR EACH ROW
BEGIN
  INSERT INTO notification (session_id, kind, seq, created_at)
  VALUES (NEW.session_id, 'visitor', 0, UTC_TIMESTAMP(3));
END//

-- updated_at grows with every change, and only with one.
CREATE TRIGGER visitor_before_update BEFORE UPDATE ON visitor FOR EACH ROW
BEGIN
  DECLARE locked BIGINT UNSIGNED;
  IF NEW.page <> OLD.page OR NEW.referrer <> OLD.referrer OR NEW.user_agent <> OLD.user_agent
     OR NEW.language <> OLD.language OR NEW.timezone <> OLD.timezone OR NEW.name <> OLD.name
     OR NEW.email <> OLD.email
  THEN
    SELECT id INTO locked FROM session WHERE id = NEW.session_id FOR UPDATE;
    SET NEW.updated_at = GREATEST(UTC_TIMESTAMP(3), OLD.updated_at + INTERVAL 1000 MICROSECOND);
  ELSE
    SET NEW.updated_at = OLD.updated_at;
  END IF;
END//

CREATE TRIGGER visitor_after_update AFTER UPDATE ON visitor FOR EACH ROW
BEGIN
  IF NEW.updated_at <> OLD.updated_at THEN
    INSERT INTO notification (session_id, kind, seq, created_at)
    VALUES (NEW.session_id, 'visitor', 0, UTC_TIMESTAMP(3));
  END IF;
END//

CREATE TRIGGER agent_before_insert BEFORE INSERT ON agent FOR EACH ROW
BEGIN
  SET NEW.created_at = UTC_TIMESTAMP(3);
END//

-- An agent who is disabled, or gets another password or role, has to sign in again.
CREATE TRIGGER agent_after_update AFTER UPDATE ON agent FOR EACH ROW
BEGIN
  IF NEW.disabled <> OLD.disabled OR NEW.role <> OLD.role
     OR (NEW.password_hash <> OLD.password_hash AND NEW.rehashed = OLD.rehashed)
  THEN
    UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)
     WHERE agent_id = NEW.id AND revoked_at IS NULL;
  END IF;
END//

CREATE TRIGGER access_token_before_insert BEFORE INSERT ON access_token FOR EACH ROW
BEGIN
  SET NEW.created_at = UTC_TIMESTAMP(3);
END//

CREATE TRIGGER session_owner_before_insert BEFORE INSERT ON session_owner FOR EACH ROW
BEGIN
  SET NEW.created_at = UTC_TIMESTAMP(3);
END//

CREATE TRIGGER ban_before_insert BEFORE INSERT ON ban FOR EACH ROW
BEGIN
  SET NEW.created_at = UTC_TIMESTAMP(3);
END//

CREATE TRIGGER ban_after_insert AFTER INSERT ON ban FOR EACH ROW
BEGIN
  UPDATE access_state SET bans = bans + 1 WHERE only_row = 1;
END//

CREATE TRIGGER ban_after_update AFTER UPDATE ON ban FOR EACH ROW
BEGIN
  UPDATE access_state SET bans = bans + 1 WHERE only_row = 1;
END//

CREATE TRIGGER ban_after_delete AFTER DELETE ON ban FOR EACH ROW
BEGIN
  UPDATE access_state SET bans = bans + 1 WHERE only_row = 1;
END//

-- ---------------------------------------------------------------------------------------------------------
-- Routines: for programs that speak SQL and nothing else (docs/sql.md). They run in the caller's transaction
-- and return no rows.

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

-- Whether the session has a message of that name; holds the session's row until the transaction ends. Looks for
-- the message with a lock only where the transaction's view is older than the lock: a lock on a row that is not
-- there would lock the gap around it, and others who write there would deadlock.
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

-- p_message_id: the sender's own name for the message, or NULL. A second message of that name in the session
-- changes nothing.
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

-- A message without a name of its own.
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

-- Closes the conversation; the next message opens it again.
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

-- Ends all tokens of a clientId. An unknown clientId is not an error.
CREATE PROCEDURE livechat_sign_out (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  UPDATE access_token t
    JOIN session_owner o ON o.token_hash = t.token_hash
    JOIN session s ON s.id = o.session_id
     SET t.revoked_at = UTC_TIMESTAMP(3)
   WHERE s.client_id = CAST(p_client_id AS BINARY) AND t.revoked_at IS NULL;
END//

-- The names of all triggers of the schema, a comma behind each, by the rights of the account that ran the
-- migrations. The programs ask for it, because most servers do not show them the triggers.
CREATE PROCEDURE livechat_triggers (OUT p_names TEXT CHARACTER SET utf8mb4)
  READS SQL DATA
BEGIN
  DECLARE gathered TEXT CHARACTER SET utf8mb4 DEFAULT '';
  DECLARE one VARCHAR(64) CHARACTER SET utf8mb4;
  DECLARE at_end BOOLEAN DEFAULT FALSE;
  DECLARE each_one CURSOR FOR
    SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE();
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET at_end = TRUE;
  OPEN each_one;
  gathering: LOOP
    FETCH each_one INTO one;
    IF at_end THEN
      LEAVE gathering;
    END IF;
    SET gathered = CONCAT(gathered, one, ',');
  END LOOP;
  CLOSE each_one;
  SET p_names = gathered;
END//

DELIMITER ;
