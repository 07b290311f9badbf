// The status pages of the programs, and their figures.
import http from 'node:http';

// Gives { status, text }. where: a port, or the path of a unix socket.
export function page(where, path) {
  const target = typeof where === 'number' ? { host: '127.0.0.1', port: where } : { socketPath: where };
  return new Promise((resolve, reject) => {
    const call = http.get({ ...target, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => (text += data)).on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], text }));
    });
    call.on('error', reject);
  });
}

// The figures as a Map from "name{label="value"}" to numbers; fails for what is no exposition format.
export async function figures(where) {
  const { status, type, text } = await page(where, '/metrics');
  if (status !== 200 || !type.startsWith('text/plain; version=0.0.4')) throw new Error(`${status} ${type}`);
  const found = new Map();
  const declared = new Set();
  for (const line of text.split('\n').slice(0, -1)) {
    const head = line.match(/^# (HELP|TYPE) (\w+) /);
    if (head) {
      declared.add(head[2]);
      continue;
    }
    const sample = line.match(/^(\w+)(\{(?:\w+="(?:[^"\\]|\\.)*",?)+\})? (-?[0-9.e+-]+|\+Inf|NaN)$/);
    if (!sample) throw new Error(`no sample: ${line}`);
    if (!declared.has(sample[1]) && !declared.has(sample[1].replace(/_(bucket|sum|count)$/, ''))) {
      throw new Error(`without a head: ${line}`);
    }
    const key = sample[1] + (sample[2] ?? '');
    if (found.has(key)) throw new Error(`twice: ${key}`);
    found.set(key, Number(sample[3]));
  }
  return found;
}
