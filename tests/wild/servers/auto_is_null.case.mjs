export default {
  title: 'sql_auto_is_null on',
  result: 'Works as with the defaults.',
  sql: 'SET GLOBAL sql_auto_is_null=1;\n',
};
