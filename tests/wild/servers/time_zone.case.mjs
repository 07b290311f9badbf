export default {
  title: 'time zone of the server +13:00',
  result: 'Works as with the defaults.',
  options: ['--default-time-zone=+13:00'],
};
