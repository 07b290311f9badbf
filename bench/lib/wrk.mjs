// Runs wrk with one of the requests in bench/wrk.
import path from 'node:path';

import { bench } from './places.mjs';
import { run } from './process.mjs';

export const kConnections = 16;

// headers: { name: value } of each request. Returns { requests, per_second, p50_ms, p99_ms }; a failed
// request is an error.
export async function wrk(url, endpoint, seconds, headers = {}) {
  const more = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { code, out: text, errors } = await run([
    'wrk', '-t1', `-c${kConnections}`, `-d${seconds}`, ...more, '-s', path.join(bench, 'wrk', `${endpoint}.lua`), url]);
  if (code !== 0) throw new Error(`wrk ${endpoint}: ${errors}`);
  const figures = JSON.parse(text.trim().split('\n').at(-1));
  if (figures.failed > 0) throw new Error(`wrk ${endpoint} ${url}: ${figures.failed} requests failed\n${text}`);
  const { requests, us } = figures;
  return { requests, per_second: (requests * 1e6) / us, p50_ms: figures.p50_us / 1000, p99_ms: figures.p99_us / 1000 };
}
