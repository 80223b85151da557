/**
 * Prints the closing line of a run: `count-tests.mjs REPORT CHECK TESTS`, with vitest's JSON report and the exit codes of the
 * checks and of the tests. Failed are: test cases, files that could not be loaded or set up, the checks, and a test run that
 * failed for another reason. Exits with 1 when anything failed or nothing passed.
 */
import { readFileSync } from 'node:fs';

const [file, check, tests] = process.argv.slice(2);

function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.error('The test run left no report.');
    return { numPassedTests: 0, testResults: [] };
  }
}

function countFailures({ status, assertionResults }) {
  const cases = assertionResults.filter((result) => result.status === 'failed').length;
  return cases === 0 && status === 'failed' ? 1 : cases;
}

const report = readReport();
const passed = report.numPassedTests;
let failed = report.testResults.map(countFailures).reduce((sum, count) => sum + count, 0);
if (failed === 0 && tests !== '0') failed = 1;
if (check !== '0') failed += 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
