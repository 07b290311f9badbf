export default {
  title: 'network timeouts of one second',
  result: 'Works as with the defaults.',
  options: ['--net-read-timeout=1', '--net-write-timeout=1'],
};
