export default {
  title: 'autocommit off by init_connect',
  result: 'Works as with the defaults.',
  options: ['--init-connect=SET autocommit=0'],
};
