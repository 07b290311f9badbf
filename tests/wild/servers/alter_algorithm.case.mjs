export default {
  title: 'alter_algorithm INSTANT',
  result: 'Works as with the defaults.',
  versions: 'MariaDB 10.3 to 11.4',
  options: ['--alter-algorithm=INSTANT'],
};
