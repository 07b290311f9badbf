export default {
  title: 'metadata locks are not waited for',
  result: 'Works as with the defaults.',
  options: ['--lock-wait-timeout=0'],
};
