export default {
  title: 'another storage engine enforced',
  result: 'The schema is refused before anything is made, and what the server said is shown.',
  options: ['--enforce-storage-engine=Aria'],
  refusal: /nothing was changed: an option of the database server forbids the statement/,
};
