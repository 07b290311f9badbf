export default {
  title: 'foreign_key_checks and unique_checks off',
  result: 'Works as with the defaults.',
  sql: 'SET GLOBAL foreign_key_checks=0;\nSET GLOBAL unique_checks=0;\n',
};
