export default {
  title: 'performance schema on',
  result: 'Works as with the defaults.',
  options: ['--performance-schema=ON'],
};
