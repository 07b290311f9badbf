// The table of results, for people.

const number = (value) =>
  value === undefined ? '' : value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

const verdict = (row) => (row.reached === undefined ? '' : row.reached ? 'yes' : 'NO');

// rows: { what, value, unit, against, other, ratio, target, reached }. Returns lines of Markdown.
export function table(rows) {
  const cells = rows.map((row) => [
    row.what, `${number(row.value)} ${row.unit}`, row.against ?? '', number(row.other),
    row.ratio === undefined ? '' : `${number(row.ratio)} ×`, row.target ?? '', verdict(row),
  ]);
  const head = ['what', 'livechat', 'compared with', 'has', 'ratio', 'target', 'reached'];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...cells.map(line)].join('\n');
}

// A row that compares. limit: { atLeast } or { atMost } of value / other.
export function compared(what, value, unit, against, other, limit) {
  const ratio = value / other;
  const row = { what, value, unit, against, other, ratio };
  if (limit?.atLeast !== undefined) Object.assign(row, { target: `≥ ${limit.atLeast} ×`, reached: ratio >= limit.atLeast });
  if (limit?.atMost !== undefined) Object.assign(row, { target: `≤ ${limit.atMost} ×`, reached: ratio <= limit.atMost });
  return row;
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
