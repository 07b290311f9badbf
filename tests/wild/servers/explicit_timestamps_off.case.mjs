export default {
  title: 'explicit_defaults_for_timestamp off',
  result: 'Works as with the defaults.',
  options: ['--explicit-defaults-for-timestamp=OFF'],
};
