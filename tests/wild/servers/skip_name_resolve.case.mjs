export default {
  title: 'host cache off',
  result: 'Works as with the defaults.',
  options: ['--skip-host-cache'],
};
