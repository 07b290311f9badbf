export default {
  title: 'character set utf16 of the server',
  result: 'Works as with the defaults.',
  options: ['--character-set-server=utf16'],
};
