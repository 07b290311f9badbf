export default {
  title: 'InnoDB does not look for deadlocks',
  result: 'Works as with the defaults.',
  options: ['--innodb-deadlock-detect=OFF'],
};
