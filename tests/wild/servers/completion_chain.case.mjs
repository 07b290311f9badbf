export default {
  title: 'completion_type CHAIN',
  result: 'Works as with the defaults.',
  options: ['--completion-type=CHAIN'],
};
