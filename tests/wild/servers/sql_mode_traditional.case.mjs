export default {
  title: 'sql_mode TRADITIONAL with ONLY_FULL_GROUP_BY',
  result: 'Works as with the defaults.',
  options: ['--sql-mode=TRADITIONAL,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,PAD_CHAR_TO_FULL_LENGTH'],
};
