export default {
  title: 'max_join_size 1',
  result: 'Works as with the defaults.',
  options: ['--max-join-size=1'],
};
