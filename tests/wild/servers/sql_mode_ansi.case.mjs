export default {
  title: 'sql_mode ANSI',
  result: 'Works as with the defaults.',
  options: ['--sql-mode=ANSI'],
};
