export default {
  title: 'temporary tables of at most 1 KiB on disk',
  result: 'The set-up is refused before anything is made; the message speaks of a full table, and does not name tmp_disk_table_size.',
  versions: 'MariaDB',
  options: ['--tmp-disk-table-size=1024', '--tmp-memory-table-size=0'],
  refusal: /The table '\(temporary\)' is full/,
};
