export default {
  title: 'binary log in format ROW',
  result: 'Works as with the defaults.',
  options: ['--log-bin=binlog', '--server-id=1', '--binlog-format=ROW'],
};
