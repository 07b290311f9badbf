export default {
  title: 'InnoDB refuses tables without a primary key',
  result: 'Works as with the defaults.',
  options: ['--innodb-force-primary-key=ON'],
};
