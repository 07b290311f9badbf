export default {
  title: 'sessions may not set the time',
  result: 'Works as with the defaults.',
  versions: 'MariaDB',
  options: ['--secure-timestamp=YES'],
};
