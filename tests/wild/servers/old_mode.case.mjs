export default {
  title: 'old_mode with everything',
  result: 'Works as with the defaults.',
  versions: 'MariaDB',
  options: ['--old-mode=NO_DUP_KEY_WARNINGS_WITH_IGNORE,NO_PROGRESS_INFO,ZERO_DATE_TIME_CAST'],
};
