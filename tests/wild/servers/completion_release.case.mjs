export default {
  title: 'completion_type RELEASE',
  result: 'Works as with the defaults.',
  options: ['--completion-type=RELEASE'],
};
