// Adds up vitest's reports and tells what failed in them; a report that is missing is a failure.   node .ci/count.mjs FOLDER REPORTS
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
  for (const suite of report.testResults) {
    const broken = suite.assertionResults.filter((test) => test.status === 'failed');
    for (const test of broken)
      console.log(`✗ ${file}: ${suite.name}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
    if (suite.status === 'failed' && broken.length === 0) console.log(`✗ ${file}: ${suite.name}\n${suite.message}`);
  }
  failed +=
    report.numFailedTests +
    report.testResults.filter((t) => t.status === 'failed' && t.assertionResults.length === 0).length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
