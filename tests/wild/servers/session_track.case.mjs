export default {
  title: 'all session state tracked',
  result: 'Works as with the defaults.',
  options: ['--session-track-system-variables=*', '--session-track-state-change=ON', '--session-track-transaction-info=CHARACTERISTICS'],
};
