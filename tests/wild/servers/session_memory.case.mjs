export default {
  title: 'max_session_mem_used of 256 KiB',
  result: 'The set-up is refused before anything is made, and the option is named.',
  versions: 'MariaDB',
  options: ['--max-session-mem-used=262144'],
  refusal: /max-session-mem-used/,
};
