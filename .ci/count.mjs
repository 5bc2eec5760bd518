// Adds up vitest's reports; a report that is missing is a failure.   node .ci/count.mjs FOLDER REPORTS
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, expected] = process.argv.slice(2);
const files = readdirSync(folder);
let passed = 0;
let failed = Math.max(0, Number(expected) - files.length);
for (const file of files) {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  passed += report.numPassedTests;
  // A file that could not be loaded has no tests but is a failed suite.
  failed +=
    report.numFailedTests +
    report.testResults.filter((t) => t.status === 'failed' && t.assertionResults.length === 0).length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
