export default {
  title: 'InnoDB pages of 4 KiB',
  result: 'Works as with the defaults.',
  options: ['--innodb-page-size=4096', '--innodb-log-file-size=16M'],
};
