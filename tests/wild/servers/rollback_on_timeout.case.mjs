export default {
  title: 'InnoDB rolls back on timeouts',
  result: 'Works as with the defaults.',
  options: ['--innodb-rollback-on-timeout=ON'],
};
