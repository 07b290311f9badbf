export default {
  title: 'innodb_autoinc_lock_mode 0',
  result: 'Works as with the defaults.',
  options: ['--innodb-autoinc-lock-mode=0'],
};
