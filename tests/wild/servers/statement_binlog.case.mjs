export default {
  title: 'binary log in format STATEMENT',
  result: 'Works as with the defaults.',
  options: ['--log-bin=binlog', '--server-id=1', '--binlog-format=STATEMENT', '--log-bin-trust-function-creators=1'],
  doctor: /binlog_format/,
};
