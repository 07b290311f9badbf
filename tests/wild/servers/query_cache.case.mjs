export default {
  title: 'query cache on',
  result: 'Works as with the defaults.',
  options: ['--query-cache-type=1', '--query-cache-size=1M'],
};
