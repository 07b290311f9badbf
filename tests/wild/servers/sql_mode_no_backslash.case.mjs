export default {
  title: 'sql_mode NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION',
  result: 'Works as with the defaults.',
  options: ['--sql-mode=NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION,NO_AUTO_VALUE_ON_ZERO'],
};
