export default {
  title: 'wait_timeout 2 seconds',
  result: 'Works as with the defaults.',
  options: ['--wait-timeout=2', '--interactive-timeout=2'],
};
