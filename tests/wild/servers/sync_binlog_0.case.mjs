export default {
  title: 'binary log is not synchronized',
  result: 'Works as with the defaults; doctor says what a power failure may lose.',
  options: ['--log-bin=binlog', '--server-id=1', '--sync-binlog=0'],
  doctor: /sync_binlog/,
};
