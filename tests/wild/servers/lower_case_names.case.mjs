export default {
  title: 'table names in lower case',
  result: 'Works as with the defaults.',
  options: ['--lower-case-table-names=1'],
};
