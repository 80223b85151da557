import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const program = path.join(import.meta.dirname, '../../.ci/count-tests.mjs');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'batuta-count-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A report with one file: how the file ended and how its cases did. */
function reportOf(status: string, cases: string[]): string {
  const passed = cases.filter((result) => result === 'passed').length;
  const assertionResults = cases.map((result) => ({ status: result }));
  return JSON.stringify({ numPassedTests: passed, testResults: [{ status, assertionResults }] });
}

function count(report: string, [check, tests] = ['0', '0']) {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, report);
  const { stdout, status } = spawnSync(process.execPath, [program, file, check ?? '', tests ?? '']);
  return { line: stdout.toString('utf8').trim(), status };
}

test('all passed', () => {
  expect(count(reportOf('passed', ['passed', 'passed']))).toEqual({ line: '2 passed, 0 failed', status: 0 });
});

test('a failed case', () => {
  const report = reportOf('failed', ['passed', 'failed', 'failed']);
  expect(count(report, ['0', '1'])).toEqual({ line: '1 passed, 2 failed', status: 1 });
});

test('a file that could not be loaded counts as one failure', () => {
  expect(count(reportOf('failed', []), ['0', '1'])).toEqual({ line: '0 passed, 1 failed', status: 1 });
});

test('failed checks count as one failure', () => {
  const report = reportOf('passed', ['passed']);
  expect(count(report, ['1', '0'])).toEqual({ line: '1 passed, 1 failed', status: 1 });
});

test('a run that failed though no case did counts as one failure', () => {
  const report = reportOf('passed', ['passed']);
  expect(count(report, ['0', '1'])).toEqual({ line: '1 passed, 1 failed', status: 1 });
});

test('no test at all is a failure', () => {
  expect(count(JSON.stringify({ numPassedTests: 0, testResults: [] })).status).toBe(1);
});

test('a run without a report is a failure', () => {
  expect(count('', ['0', '1'])).toEqual({ line: '0 passed, 1 failed', status: 1 });
});
