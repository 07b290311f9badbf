export default {
  title: 'character set utf8mb3, and what clients ask for is ignored',
  result: 'Works as with the defaults.',
  options: ['--skip-character-set-client-handshake', '--character-set-server=utf8mb3'],
};
