-- What agents are told of a visitor: what `initialize` was given beside the clientId. Shown to agents only.
--
-- Text that is not known is empty. A change is news for those who watch the sessions, so it makes a
-- notification; the room itself hears nothing of it.

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

ALTER TABLE notification
  MODIFY kind ENUM('message','client_read','admin_read','opened','closed','visitor') NOT NULL;

DELIMITER //

-- Whoever takes an id of `notification` for a session holds that session's row until COMMIT (see 0001):
-- the lock is taken before any other of the statement, so that two at once wait and do not deadlock.
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

DELIMITER ;
