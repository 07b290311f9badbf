-- Who may go on after a signature or a sign-in has raised their rights.
--
-- A site ends all tokens of a clientId with livechat_sign_out, also within a transaction of its own; open
-- sockets end within five seconds of its COMMIT.
--
-- rehashed: counts how often the programs have hashed the same password again, with the parameters of
-- today. Only another password signs an agent out.

-- A signature used to give the clientId to the token that the browser had brought along, which someone else
-- may know. Such a token keeps what it owned before; the site's next signature gives a new one.
DELETE o FROM session_owner o
  JOIN (SELECT token_hash FROM session_owner GROUP BY token_hash HAVING COUNT(*) > 1) shared
    ON shared.token_hash = o.token_hash
 WHERE o.proven = 1;

ALTER TABLE agent ADD rehashed INT UNSIGNED NOT NULL DEFAULT 0;

-- The programs may be running: no agent is changed while the trigger is away.
LOCK TABLES agent WRITE, access_token WRITE;

DROP TRIGGER agent_after_update;

DELIMITER //

CREATE TRIGGER agent_after_update AFTER UPDATE ON agent FOR EACH ROW
BEGIN
  IF NEW.disabled <> OLD.disabled OR NEW.role <> OLD.role
     OR (NEW.password_hash <> OLD.password_hash AND NEW.rehashed = OLD.rehashed)
  THEN
    UPDATE access_token SET revoked_at = UTC_TIMESTAMP(3)
     WHERE agent_id = NEW.id AND revoked_at IS NULL;
  END IF;
END//

DELIMITER ;

UNLOCK TABLES;

DELIMITER //

-- An unknown clientId is no error: no one reaches it already.
CREATE PROCEDURE livechat_sign_out (IN p_client_id VARCHAR(128) CHARACTER SET utf8mb4)
  MODIFIES SQL DATA
BEGIN
  UPDATE access_token t
    JOIN session_owner o ON o.token_hash = t.token_hash
    JOIN session s ON s.id = o.session_id
     SET t.revoked_at = UTC_TIMESTAMP(3)
   WHERE s.client_id = CAST(p_client_id AS BINARY) AND t.revoked_at IS NULL;
END//

DELIMITER ;
