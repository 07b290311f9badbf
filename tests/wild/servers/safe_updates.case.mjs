export default {
  title: 'sql_safe_updates for every session',
  result: 'Works as with the defaults.',
  sql: 'SET GLOBAL sql_safe_updates=1;\n',
};
