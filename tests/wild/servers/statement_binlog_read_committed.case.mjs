export default {
  title: 'binary log in format STATEMENT with READ-COMMITTED',
  result: 'Works as with the defaults.',
  options: ['--log-bin=binlog', '--server-id=1', '--binlog-format=STATEMENT', '--transaction-isolation=READ-COMMITTED', '--log-bin-trust-function-creators=1'],
};
