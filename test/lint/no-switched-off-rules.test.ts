import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const folders = '{contract,platform,testkit,sdk,cli,console,apps,tool,tools,test,bench}';
const comments = [
  'lint-disable',
  'ts-ignore',
  'ts-nocheck',
  'ts-expect-error',
  'v8 ignore',
  'istanbul ignore',
];
const switchesOff = new RegExp(`(//|/\\*)\\s*(ox|es|@)?(${comments.join('|')})`);

/** Such a comment could switch off the very rule that forbids it, so the linter cannot be asked. */
test('no comment in the sources switches a rule off', () => {
  const files = globSync(`${folders}/**/*.{ts,tsx,mjs,js}`, {
    cwd: root,
    exclude: ['**/node_modules/**', '**/dist/**', 'test/lint/**'],
  });
  expect(files.length).toBeGreaterThan(100);
  const guilty = files.filter((file) => switchesOff.test(readFileSync(path.join(root, file), 'utf8')));
  expect(guilty).toEqual([]);
});

test('such comments are recognised', () => {
  const found = [
    '// oxlint-disable-next-line',
    '/* eslint-disable */',
    '// @ts-ignore',
    '//@ts-expect-error',
  ];
  expect(found.filter((comment) => !switchesOff.test(comment))).toEqual([]);
});
