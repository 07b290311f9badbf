export default {
  title: 'transaction isolation READ-COMMITTED',
  result: 'Works as with the defaults.',
  options: ['--transaction-isolation=READ-COMMITTED'],
};
