export default {
  title: 'innodb_autoinc_lock_mode 2',
  result: 'Works as with the defaults.',
  options: ['--innodb-autoinc-lock-mode=2'],
};
