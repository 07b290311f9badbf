export default {
  title: 'binary log with minimal row images',
  result: 'Works as with the defaults.',
  options: ['--log-bin=binlog', '--server-id=1', '--binlog-format=ROW', '--binlog-row-image=MINIMAL'],
};
