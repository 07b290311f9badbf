export default {
  title: 'sql_select_limit 1',
  result: 'Works as with the defaults.',
  sql: 'SET GLOBAL sql_select_limit=1;\n',
};
