import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** How many test cases ended how; a file that could not be loaded counts as one failed case. */
export interface TestTally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts the cases of a whole test run. */
export function tally(modules: ReadonlyArray<TestModule>, strayErrors: number): TestTally {
  const counts: TestTally = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const test of module.children.allTests()) counts[outcome(test)] += 1;
  }
  return counts;
}

function outcome(test: TestCase): keyof TestTally {
  const { state } = test.result();
  return state === 'pending' ? 'skipped' : state;
}

/** Prints the last line of `npm test`. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const { passed, failed, skipped } = tally(modules, errors.length);
    const aside = skipped > 0 ? `, ${skipped} skipped` : '';
    process.stdout.write(`${passed} passed, ${failed} failed${aside}\n`);
  }
}
