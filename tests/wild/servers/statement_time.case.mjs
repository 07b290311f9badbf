export default {
  title: 'max_statement_time of a hundredth of a second',
  result: 'Works as with the defaults.',
  versions: 'MariaDB',
  options: ['--max-statement-time=0.01'],
  slow: true,
};
