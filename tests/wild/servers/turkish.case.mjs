export default {
  title: 'Turkish collation of the server',
  result: 'Works as with the defaults.',
  options: ['--character-set-server=utf8mb4', '--collation-server=utf8mb4_turkish_ci'],
};
