export default {
  title: 'InnoDB rows compact',
  result: 'Works as with the defaults.',
  options: ['--innodb-default-row-format=compact'],
};
