-- Who may reach what (docs/security.md): agents, the tokens that they, visitors and bots hold, the
-- sessions that a visitor's token owns, and who is kept out.
--
-- Of a token the database knows the SHA-256 alone. Tokens are ended by `revoked_at` and not by DELETE, so
-- that open sockets can be told of it.

CREATE TABLE agent (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  username      VARBINARY(256)  NOT NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,  -- $argon2id$…, as PHP's
  role          ENUM('agent','supervisor') NOT NULL DEFAULT 'agent',
  disabled      TINYINT UNSIGNED NOT NULL DEFAULT 0,
  created_at    DATETIME(3)     NOT NULL DEFAULT '1000-01-01 00:00:00',
  PRIMARY KEY (id),
  UNIQUE KEY agent_username (username)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Where an agent has signed in from: strangers who guess at the password cannot slow him down there.
CREATE TABLE agent_address (
  agent_id   BIGINT UNSIGNED NOT NULL,
  address    VARBINARY(45)   NOT NULL,
  last_login DATETIME(3)     NOT NULL,
  PRIMARY KEY (agent_id, address),
  CONSTRAINT agent_address_agent FOREIGN KEY (agent_id) REFERENCES agent (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- id: a name for people and programs that list tokens. An agent's token has agent_id; a bot's has name
-- and scopes (words separated by commas).
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

-- proven: the holder came with the site's signature. The first such takes the session from those who came
-- without.
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

-- One row. bans: changes with every change of that table, for programs that keep a copy of it.
CREATE TABLE access_state (
  only_row TINYINT UNSIGNED NOT NULL DEFAULT 1,
  bans     BIGINT UNSIGNED  NOT NULL DEFAULT 0,
  PRIMARY KEY (only_row)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO access_state (bans) VALUES (0);

DELIMITER //

CREATE TRIGGER agent_before_insert BEFORE INSERT ON agent FOR EACH ROW
BEGIN
  SET NEW.created_at = UTC_TIMESTAMP(3);
END//

-- Whoever is disabled, or gets another password or role, signs in again.
CREATE TRIGGER agent_after_update AFTER UPDATE ON agent FOR EACH ROW
BEGIN
  IF NEW.disabled <> OLD.disabled OR NEW.password_hash <> OLD.password_hash OR NEW.role <> OLD.role THEN
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

DELIMITER ;
