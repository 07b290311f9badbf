export default {
  title: 'locks are waited for one second',
  result: 'Works as with the defaults.',
  options: ['--innodb-lock-wait-timeout=1', '--lock-wait-timeout=1'],
};
