export default {
  title: 'max_allowed_packet 1 MiB',
  result: 'Works as with the defaults; doctor says that full batches are split.',
  options: ['--max-allowed-packet=1M'],
};
