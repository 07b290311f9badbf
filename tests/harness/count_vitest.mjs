// Counts the tests in a JSON report of vitest. Prints "PASSED FAILED".
import fs from 'node:fs';

const { numPassedTests, numFailedTests } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
console.log(`${numPassedTests} ${numFailedTests}`);
