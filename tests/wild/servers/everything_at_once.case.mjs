export default {
  title: 'all session settings that hurt, at once',
  result: 'Works as with the defaults.',
  options: ['--autocommit=0', '--transaction-isolation=READ-UNCOMMITTED', '--transaction-read-only=1', '--skip-character-set-client-handshake', '--character-set-server=latin1', '--completion-type=CHAIN', '--sql-mode=ANSI', '--default-time-zone=-11:00', '--max-join-size=1', '--wait-timeout=3', '--innodb-snapshot-isolation=ON'],
  sql: 'SET GLOBAL sql_safe_updates=1;\nSET GLOBAL sql_select_limit=1;\nSET GLOBAL sql_auto_is_null=1;\nSET GLOBAL foreign_key_checks=0;\nSET GLOBAL unique_checks=0;\n',
};
