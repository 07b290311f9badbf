// Reporter of `node --test` for scripts/test: a line for each test when it is over, the error of those
// that fail, and at the end "PASSED FAILED" in the file that $LIVECHAT_TEST_COUNTS names.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

export default async function* report(events) {
  let passed = 0;
  let failed = 0;
  let file;
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') {
      if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
      continue;
    }
    const ok = type === 'test:pass';
    if (!counts(data, ok)) continue;
    if (data.file && data.file !== file) {
      file = data.file;
      // Node 18 says "file:/…", later ones say the path.
      const name = file.startsWith('file:') ? fileURLToPath(file) : file;
      yield `  ${path.relative(process.cwd(), name)}\n`;
    }
    if (ok) passed += 1;
    else failed += 1;
    const time = Math.round(data.details.duration_ms);
    yield `    ${ok ? 'ok    ' : 'FAILED'} ${data.name} (${time} ms)\n`;
    if (!ok) yield indent(inspect(data.details.error.cause ?? data.details.error));
  }
  if (process.env.LIVECHAT_TEST_COUNTS) {
    fs.writeFileSync(process.env.LIVECHAT_TEST_COUNTS, `${passed} ${failed}\n`);
  }
}

// Suites and files are not tests of their own; one that fails because of a test inside counts there.
function counts(data, ok) {
  const group = data.details.type === 'suite' || data.name === data.file || /\.mjs$/.test(data.name);
  if (!group) return true;
  return !ok && data.details.error?.failureType !== 'subtestsFailed';
}

function indent(text) {
  return text.replace(/^/gm, '        ') + '\n';
}
