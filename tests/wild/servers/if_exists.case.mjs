export default {
  title: 'sql_if_exists on',
  result: 'Works as with the defaults.',
  versions: 'MariaDB 10.5.2 and newer',
  sql: 'SET GLOBAL sql_if_exists=1;\n',
};
