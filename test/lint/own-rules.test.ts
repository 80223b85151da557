import { beforeAll, describe, expect, test } from 'vitest';
import { lintSources, type Findings, type Sources } from './lint-sources.ts';

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);
const testOf = (count: number): string => `test('x', () => {\n${lines(count - 2, 'a();')}});\n`;

/** For each rule: sources in which it fires, and sources in which it does not. */
const rules: Record<string, { fires: Sources; silent: Sources }> = {
  'no-plain-error': {
    fires: {
      'platform/src/domain/a.ts': `export function f(): never {\n  throw new Error('x');\n}\n`,
      'cli/src/a.ts': `export function f(): never {\n  throw TypeError('x');\n}\n`,
      'bare.ts': `export function f(): never {\n  throw new RangeError('x');\n}\n`,
    },
    silent: {
      'platform/src/domain/b.ts': `export function f(e: unknown): never {\n  throw e;\n}\n`,
      'platform/src/domain/c.ts': `export function f(): never {\n  throw new BatutaError('internal', {});\n}\n`,
      'platform/src/domain/a.test.ts': `export function f(): never {\n  throw new Error('x');\n}\n`,
      'tool/a.ts': `export function f(): never {\n  throw new Error('x');\n}\n`,
      'bench/a.ts': `export function f(): never {\n  throw new Error('x');\n}\n`,
    },
  },
  'no-cast': {
    fires: {
      'platform/src/domain/d.ts': 'export const a = (b: string) => b as unknown as number;\n',
      'platform/src/domain/e.ts': 'export const a = (b: string) => <number>(b as never);\n',
    },
    silent: {
      'platform/src/domain/f.ts': `export const a = (b: unknown) => b as number;\n`,
      'platform/test/a.ts': 'export const a = (b: string) => b as unknown as number;\n',
    },
  },
  'test-case-length': {
    fires: {
      'test/long.test.ts': testOf(26),
      'test/table.test.ts': testOf(26).replace('test(', 'test.for([1])('),
      'test/it.test.ts': testOf(26).replace('test(', 'it.concurrent('),
    },
    silent: {
      'test/short.test.ts': testOf(25),
      'test/group.test.ts': testOf(60).replace('test(', 'describe('),
    },
  },
  'no-barrel': {
    fires: {
      'cli/src/all.ts': `export * from './one.ts';\n`,
      'cli/src/space.ts': `export * as one from './one.ts';\n`,
      'cli/src/command/index.ts': `export { one } from '../one.ts';\n`,
      'tool/index.ts': `export const one = 1;\n`,
      'cli/src/inward.ts': `export { one } from './index.ts';\n`,
      'cli/src/by-name.ts': `export { one } from '@batuta/cli';\n`,
      'contract/src/inward.ts': `export type One = import('./index.ts').One;\n`,
    },
    silent: {
      'cli/src/index.ts': `export { one } from './one.ts';\n`,
      'sdk/typescript/src/index.ts': `export { one } from './one.ts';\n`,
      'cli/test/public.test.ts': `export { one } from '@batuta/cli';\n`,
    },
  },
  'folder-name': {
    fires: {
      'platform/src/domain/utils/a.ts': 'export const a = 1;\n',
      'cli/src/helpers.ts': 'export const a = 1;\n',
      'platform/src/application/services/a.ts': 'export const a = 1;\n',
      'platform/src/common/a.ts': 'export const a = 1;\n',
    },
    silent: { 'platform/src/domain/utilisation/a.ts': 'export const a = 1;\n' },
  },
  'doc-sentence': {
    fires: {
      'contract/src/constant.ts': 'export const a = 1;\n',
      'testkit/src/function.ts': 'export function a(): void {}\n',
      'platform/src/port/type.ts': '// A line comment is not shown to users.\nexport type A = string;\n',
      'sdk/typescript/src/class.ts': '/** Word. */\nexport class A {}\n',
      'contract/src/apart.ts': '/** About the whole file. */\n\nexport interface A {}\n',
    },
    silent: {
      'contract/src/explained.ts': '/** The first number. */\nexport const a = 1;\n',
      'contract/src/inner.ts': 'const a = 1;\n/** The first number. */\nexport const b = a;\n',
      'testkit/src/overload.ts': `/** Says it twice. */\nexport function a(b: string): void;\nexport function a(): void {}\n`,
      'platform/src/domain/g.ts': 'export const a = 1;\n',
    },
  },
};

const everything = Object.values(rules).flatMap(({ fires, silent }) => [fires, silent]);
let findings: Findings;

beforeAll(async () => {
  findings = await lintSources(Object.assign({}, ...everything));
});

describe.for(Object.entries(rules))('%s', ([rule, { fires, silent }]) => {
  test.for(Object.keys(fires))('fires in %s', (file) => {
    expect(findings.get(file)).toContain(`batuta(${rule})`);
  });

  test.for(Object.keys(silent))('does not fire in %s', (file) => {
    expect(findings.get(file) ?? []).not.toContain(`batuta(${rule})`);
  });
});
