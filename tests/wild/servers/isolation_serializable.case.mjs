export default {
  title: 'transaction isolation SERIALIZABLE',
  result: 'Works as with the defaults.',
  options: ['--transaction-isolation=SERIALIZABLE'],
};
