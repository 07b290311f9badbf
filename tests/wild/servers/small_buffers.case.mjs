export default {
  title: 'smallest buffers',
  result: 'Works as with the defaults.',
  options: ['--sort-buffer-size=1024', '--join-buffer-size=128', '--net-buffer-length=1024', '--read-buffer-size=8192', '--table-open-cache=10', '--thread-stack=192K'],
};
