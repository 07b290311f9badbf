-- How the programs know that the triggers are there.
--
-- A backup that was taken without triggers leaves a database that looks well and numbers no message. The
-- programs' account may use the tables and change none, so most servers do not show it the triggers; this
-- tells their names, by the rights of the account that ran the migrations, and writes nothing.

DELIMITER //

-- Those of the whole schema, a comma behind each. No GROUP_CONCAT, which cuts off at 1,024 bytes. No
-- function: within one, the server passes over tables that somebody is changing (ALTER TABLE) instead of
-- waiting.
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
