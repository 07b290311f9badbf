export default {
  title: 'innodb_snapshot_isolation on',
  result: 'Works as with the defaults.',
  versions: 'MariaDB 10.6.18 and newer',
  options: ['--innodb-snapshot-isolation=ON'],
};
