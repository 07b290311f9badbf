export default {
  title: 'sql_mode ORACLE',
  result: 'Works as with the defaults.',
  options: ['--sql-mode=ORACLE'],
};
