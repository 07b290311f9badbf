export default {
  title: 'error messages in German',
  result: 'Works as with the defaults.',
  options: ['--lc-messages=de_DE'],
};
