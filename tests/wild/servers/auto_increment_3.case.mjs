export default {
  title: 'ids in steps of 3',
  result: 'Works as with the defaults; doctor names what it costs.',
  options: ['--auto-increment-increment=3', '--auto-increment-offset=2'],
  doctor: /auto_increment_increment/,
};
