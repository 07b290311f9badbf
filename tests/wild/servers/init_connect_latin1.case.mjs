export default {
  title: 'SET NAMES latin1 by init_connect',
  result: 'Works as with the defaults.',
  options: ['--init-connect=SET NAMES latin1'],
};
