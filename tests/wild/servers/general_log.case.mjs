export default {
  title: 'general log on',
  result: 'Works as with the defaults.',
  options: ['--general-log=ON', '--slow-query-log=ON', '--long-query-time=0'],
};
