import { beforeAll, describe, expect, test } from 'vitest';
import { lintSources, type Findings, type Sources } from './lint-sources.ts';

const constants = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const a${index} = ${index};\n`).join('');
const longFunction = (lines: number): string =>
  `export function f(a: () => void): void {\n${'  a();\n'.repeat(lines - 2)}}\n`;
const nested = (depth: number): string =>
  `export function f(a: number): void {\n${'if (a) {\n'.repeat(depth)}a += 1;\n${'}\n'.repeat(depth)}}\n`;
const branches = (count: number): string =>
  `export function f(a: number): void {\n${Array.from({ length: count }, (_, index) => `if (a === ${index}) g();\n`).join('')}}\n`;

const switchOver = (cases: number): string =>
  `export function f(a: 0 | 1): void {\nswitch (a) {\n${Array.from({ length: cases }, (_, index) => `case ${index}: return;\n`).join('')}}\n}\n`;

/** The rules of the linter itself that the standard rests on: sources in which each fires, and in which it does not. */
const rules: Record<string, { fires: Sources; silent: Sources }> = {
  'import(no-cycle)': {
    fires: {
      'platform/src/domain/egg.ts': `import { hen } from './hen.ts';\nexport const egg = () => hen;\n`,
      'platform/src/domain/hen.ts': `import { egg } from './egg.ts';\nexport const hen = () => egg;\n`,
    },
    silent: {
      'platform/src/domain/leaf.ts': `import { branch } from './branch.ts';\nexport const leaf = branch;\n`,
      'platform/src/domain/branch.ts': 'export const branch = 1;\n',
    },
  },
  'eslint(max-lines)': {
    fires: { 'cli/src/long.ts': constants(301), 'cli/src/long.test.ts': constants(401) },
    silent: {
      'cli/src/short.ts': constants(300),
      'cli/src/short.test.ts': constants(400),
      'contract/src/event/event-data.ts': constants(500),
    },
  },
  'eslint(max-lines-per-function)': {
    fires: { 'cli/src/long-function.ts': longFunction(51) },
    silent: { 'cli/src/function.ts': longFunction(50), 'cli/src/function.test.ts': longFunction(80) },
  },
  'eslint(max-params)': {
    fires: { 'cli/src/four.ts': 'export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];\n' },
    silent: { 'cli/src/three.ts': 'export const f = (a: 1, b: 2, c: 3) => [a, b, c];\n' },
  },
  'eslint(max-depth)': {
    fires: { 'cli/src/deep.ts': nested(4) },
    silent: { 'cli/src/flat.ts': nested(3) },
  },
  'eslint(complexity)': {
    fires: { 'cli/src/complex.ts': branches(10) },
    silent: { 'cli/src/simple.ts': branches(9) },
  },
  'typescript(no-explicit-any)': {
    fires: { 'cli/src/any.ts': 'export const f = (a: any) => a;\n' },
    silent: { 'cli/src/unknown.ts': 'export const f = (a: unknown) => a;\n' },
  },
  'typescript(ban-ts-comment)': {
    fires: { 'cli/src/ignore.ts': `// @ts-ignore\nexport const a: number = 'b';\n` },
    silent: { 'cli/src/honest.ts': `export const a: string = 'b';\n` },
  },
  'import(no-default-export)': {
    fires: { 'cli/src/default.ts': 'export default 1;\n' },
    silent: { 'cli/src/named.ts': 'export const one = 1;\n', 'vitest.config.ts': 'export default {};\n' },
  },
  'unicorn(filename-case)': {
    fires: {
      'cli/src/camelCase.ts': 'export const a = 1;\n',
      'cli/src/snake_case.ts': 'export const a = 1;\n',
    },
    silent: { 'cli/src/kebab-case.ts': 'export const a = 1;\n' },
  },
  'typescript(no-floating-promises)': {
    fires: { 'cli/src/floating.ts': 'export async function f(): Promise<void> {}\nf();\n' },
    silent: { 'cli/src/awaited.ts': 'export async function f(): Promise<void> {}\nawait f();\n' },
  },
  'typescript(switch-exhaustiveness-check)': {
    fires: { 'cli/src/gap.ts': switchOver(1) },
    silent: { 'cli/src/complete.ts': switchOver(2) },
  },
  'eslint(no-warning-comments)': {
    fires: { 'cli/src/later.ts': '// TODO: finish\nexport const a = 1;\n' },
    silent: { 'cli/src/done.ts': '// Finished.\nexport const a = 1;\n' },
  },
  'vitest(no-disabled-tests)': {
    fires: { 'cli/src/skipped.test.ts': `test.skip('a', () => {});\n` },
    silent: { 'cli/src/run.test.ts': `test('a', () => {});\n` },
  },
  'vitest(no-focused-tests)': {
    fires: { 'cli/src/only.test.ts': `test.only('a', () => {});\n` },
    silent: { 'cli/src/all.test.ts': `test('a', () => {});\n` },
  },
  'eslint(no-console)': {
    fires: { 'platform/src/domain/loud.ts': `console.log('a');\n` },
    silent: { 'cli/src/loud.ts': `console.log('a');\n`, 'tool/loud.ts': `console.log('a');\n` },
  },
};

const everything = Object.values(rules).flatMap(({ fires, silent }) => [fires, silent]);
let findings: Findings;

beforeAll(async () => {
  findings = await lintSources(Object.assign({}, ...everything));
});

describe.for(Object.entries(rules))('%s', ([rule, { fires, silent }]) => {
  test.for(Object.keys(fires))('fires in %s', (file) => {
    expect(findings.get(file)).toContain(rule);
  });

  test.for(Object.keys(silent))('does not fire in %s', (file) => {
    expect(findings.get(file) ?? []).not.toContain(rule);
  });
});
