export default {
  title: 'max_sort_length 8',
  result: 'Works as with the defaults.',
  options: ['--max-sort-length=8'],
};
