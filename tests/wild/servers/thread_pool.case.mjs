export default {
  title: 'pool of threads',
  result: 'Works as with the defaults.',
  versions: 'MariaDB',
  options: ['--thread-handling=pool-of-threads'],
};
