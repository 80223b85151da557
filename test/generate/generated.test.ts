import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCatalogue, errorGroups, runStatuses } from '@batuta/contract';
import { expect, test } from 'vitest';
import { generateErrors } from '../../tool/generate/errors.ts';
import { generators } from '../../tool/generate/generators.ts';
import { generateRunStates, renderChart } from '../../tool/generate/run-states.ts';

const root = path.join(import.meta.dirname, '../..');

test.for(generators.map((generate) => generate()))('$path is up to date; else: npm run generate', (file) => {
  expect(readFileSync(path.join(root, file.path), 'utf8')).toBe(file.text);
});

test('the page of errors has every code of the catalogue, once', () => {
  const codes = [...generateErrors().text.matchAll(/^### `(.+)`$/gm)].map(([, code]) => code);
  expect(codes).toHaveLength(Object.keys(errorCatalogue).length);
  expect(codes).toEqual(expect.arrayContaining(Object.keys(errorCatalogue)));
});

test('the page of errors names status, message and data of a code', () => {
  const { text } = generateErrors();
  expect(text).toContain('**Port in use**, HTTP 500. The address {host}:{port} is in use.');
  expect(text).toContain('| `retry_after_ms` | integer or null |');
  expect(text).toContain('| `issues` | list of { path: string, message: string } |');
});

test('a code stands in one group of the catalogue only', () => {
  const codes = Object.values(errorGroups).flatMap((group) => Object.keys(group));
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.toSorted()).toEqual(Object.keys(errorCatalogue).toSorted());
});

test('the chart of a run has every state, a beginning and the ends that nothing leaves', () => {
  const { text } = generateRunStates();
  for (const status of runStatuses) expect(text).toMatch(new RegExp(`--> ${status}\\b`));
  const chart = renderChart([
    { from: null, to: 'cancelled', cause: 'cancel', label: 'made to be cancelled' },
  ]);
  expect(chart).toContain('  [*] --> cancelled: made to be cancelled');
  expect(chart).toContain('  cancelled --> [*]');
});
