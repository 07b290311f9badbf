-- Remembering who was erased, and noticing a restored backup without being told.
--
-- Who was erased must not come back with an old file that is imported again, so the database keeps that it
-- happened: the SHA-256 of the clientId (which is gone itself after an erasure with a new name), and when.
-- An import leaves out what is not newer.

CREATE TABLE erasure (
  client_hash BINARY(32)  NOT NULL,
  erased_at   DATETIME(3) NOT NULL,
  PRIMARY KEY (client_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- A backup that is put back makes its tables anew, and brings the row that was in them. So the server's time
-- of the making of feed_state is kept in feed_state: where the two differ, the row comes from a backup. NULL:
-- no daemon has looked yet.
ALTER TABLE feed_state ADD COLUMN table_made DATETIME NULL;
