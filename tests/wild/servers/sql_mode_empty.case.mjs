export default {
  title: 'no sql_mode',
  result: 'Works as with the defaults.',
  options: ['--sql-mode='],
};
