export default {
  title: 'idle transactions end after a second',
  result: 'Works as with the defaults.',
  versions: 'MariaDB 10.3 and newer',
  options: ['--idle-transaction-timeout=1'],
};
