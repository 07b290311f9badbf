export default {
  title: 'InnoDB pages of 64 KiB',
  result: 'Works as with the defaults.',
  options: ['--innodb-page-size=65536', '--innodb-buffer-pool-size=64M'],
};
