export default {
  title: 'transaction isolation READ-UNCOMMITTED',
  result: 'Works as with the defaults.',
  options: ['--transaction-isolation=READ-UNCOMMITTED'],
};
