-- What a Socket.IO connection leaves behind when it breaks, so that connection state recovery
-- continues it on any daemon (docs/protocol.md, "Recovery"). One row for each, taken out by whoever
-- recovers it, removed when it is as old as the notifications that it would need.

CREATE TABLE recovery (
  pid_hash   BINARY(32)      NOT NULL,  -- SHA-256 of the secret that the client holds
  -- The feed's newest notification when the last room was joined, or the room's newest if the join has
  -- shown more than that: a client whose offset is not beyond it may have missed a part of that room's
  -- replay, and is not recovered.
  joined_at  BIGINT UNSIGNED NOT NULL,
  rooms      MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,  -- JSON array of clientIds
  created_at DATETIME(3)     NOT NULL,
  PRIMARY KEY (pid_hash),
  KEY recovery_age (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
