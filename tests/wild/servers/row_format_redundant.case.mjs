export default {
  title: 'InnoDB rows redundant',
  result: 'Works as with the defaults.',
  options: ['--innodb-default-row-format=redundant'],
};
