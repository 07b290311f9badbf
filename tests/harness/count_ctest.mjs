// Counts the test cases in a JUnit file of ctest: each case of a Boost.Test program, and each other test
// as one. Prints "PASSED FAILED".
import fs from 'node:fs';

let passed = 0;
let failed = 0;
const xml = fs.readFileSync(process.argv[2], 'utf8');
for (const [, attributes, content = ''] of xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
  const ok = /\bstatus="run"/.test(attributes);
  const good = Number(content.match(/(\d+) test cases? out of \d+ passed/)?.[1] ?? 0);
  const bad = Number(content.match(/(\d+) test cases? out of \d+ failed/)?.[1] ?? 0);
  passed += good || bad ? good : Number(ok);
  failed += ok ? 0 : Math.max(bad, 1);
}
console.log(`${passed} ${failed}`);
