export default {
  title: 'default storage engine Aria',
  result: 'Works as with the defaults.',
  options: ['--default-storage-engine=Aria'],
};
