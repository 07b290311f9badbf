export default {
  title: 'InnoDB strict mode off',
  result: 'Works as with the defaults.',
  options: ['--innodb-strict-mode=OFF'],
};
