export default {
  title: 'character set latin1, and what clients ask for is ignored',
  result: 'Works as with the defaults.',
  options: ['--skip-character-set-client-handshake', '--character-set-server=latin1'],
};
