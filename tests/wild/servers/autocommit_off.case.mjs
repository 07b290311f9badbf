export default {
  title: 'autocommit off for every session',
  result: 'Works as with the defaults.',
  options: ['--autocommit=0'],
};
