export default {
  title: 'InnoDB writes its log once a second',
  result: 'Works as with the defaults; doctor says what a power failure may lose.',
  options: ['--innodb-flush-log-at-trx-commit=2'],
  doctor: /innodb_flush_log_at_trx_commit/,
};
