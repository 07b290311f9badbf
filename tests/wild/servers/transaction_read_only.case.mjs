export default {
  title: 'transactions read-only by default',
  result: 'Works as with the defaults.',
  options: ['--transaction-read-only=1'],
};
