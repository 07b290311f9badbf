export default {
  title: 'max_error_count 0',
  result: 'Works as with the defaults.',
  options: ['--max-error-count=0'],
};
