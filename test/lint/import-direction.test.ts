import { beforeAll, expect, test } from 'vitest';
import { lintSources, type Findings } from './lint-sources.ts';

/** Importing file, what it imports, and whether that is allowed. A `type` before the import asks for types only. */
const cases: readonly (readonly [from: string, imported: string, allowed: boolean])[] = [
  ['contract/src/run.ts', 'zod', true],
  ['contract/src/run.ts', './id.ts', true],
  ['contract/src/run.ts', 'node:crypto', false],
  ['contract/src/run.ts', 'yaml', false],
  ['contract/src/run.ts', '@batuta/platform', false],
  ['platform/src/port/clock.ts', '@batuta/contract', true],
  ['platform/src/port/clock.ts', './ids.ts', true],
  ['platform/src/port/clock.ts', '../domain/run/apply.ts', false],
  ['platform/src/port/clock.ts', 'type ../domain/run/apply.ts', false],
  ['platform/src/port/clock.ts', 'pg', false],
  ['platform/src/domain/run/apply.ts', '../../port/clock.ts', true],
  ['platform/src/domain/run/apply.ts', '../policy/rule.ts', true],
  ['platform/src/domain/run/apply.ts', 'node:crypto', true],
  ['platform/src/domain/run/apply.ts', 'node:fs', false],
  ['platform/src/domain/run/apply.ts', 'undici', false],
  ['platform/src/domain/run/apply.ts', '../../application/run/start-run.ts', false],
  ['platform/src/domain/run/apply.ts', '../../adapter/postgres/pool.ts', false],
  ['platform/src/application/run/start-run.ts', '../../domain/run/apply.ts', true],
  ['platform/src/application/run/start-run.ts', '../../port/clock.ts', true],
  ['platform/src/application/run/start-run.ts', '../../adapter/postgres/pool.ts', false],
  ['platform/src/application/run/start-run.ts', '../../interface/http/server.ts', false],
  ['platform/src/application/run/start-run.ts', '@ai-sdk/provider', false],
  ['platform/src/interface/http/server.ts', '../../application/run/start-run.ts', true],
  ['platform/src/interface/http/server.ts', 'hono', true],
  ['platform/src/interface/http/server.ts', 'type ../../port/clock.ts', true],
  ['platform/src/interface/http/server.ts', '../../port/clock.ts', false],
  ['platform/src/interface/http/server.ts', '../../domain/run/apply.ts', false],
  ['platform/src/interface/http/server.ts', '../../adapter/postgres/pool.ts', false],
  ['platform/src/adapter/postgres/pool.ts', '../../port/clock.ts', true],
  ['platform/src/adapter/postgres/pool.ts', './query.ts', true],
  ['platform/src/adapter/postgres/pool.ts', '../sql/statement.ts', true],
  ['platform/src/adapter/postgres/pool.ts', 'pg', true],
  ['platform/src/adapter/postgres/pool.ts', '../pglite/open.ts', false],
  ['platform/src/adapter/database/open.ts', '../postgres/pool.ts', false],
  ['platform/src/composition/open-database.ts', '../adapter/postgres/pool.ts', true],
  ['platform/src/adapter/model-openai/provider.ts', '../model-specification/model.ts', true],
  ['platform/src/adapter/model-specification/model.ts', '../model-openai/provider.ts', false],
  ['platform/src/adapter/model-openai/provider.ts', '../model-google/provider.ts', false],
  ['platform/src/adapter/bus-redis/bus.ts', '../sql/statement.ts', false],
  ['platform/src/adapter/postgres/pool.ts', '../../domain/run/apply.ts', false],
  ['platform/src/adapter/postgres/pool.ts', 'type ../../domain/run/apply.ts', false],
  ['platform/src/main.ts', './adapter/postgres/pool.ts', true],
  ['platform/src/composition/worker.ts', '../interface/http/server.ts', true],
  ['platform/src/main.ts', '@batuta/cli', false],
  ['platform/src/application/run/start-run.ts', '../../main.ts', false],
  ['cli/src/main.ts', '@batuta/sdk', true],
  ['cli/src/main.ts', '@batuta/platform', true],
  ['cli/src/main.ts', '../../platform/src/main.ts', false],
  ['cli/src/main.ts', '@batuta/testkit', false],
  ['console/src/main.ts', '@batuta/sdk', true],
  ['console/src/main.ts', '@batuta/platform', false],
  ['sdk/typescript/src/client.ts', '@batuta/contract', true],
  ['sdk/typescript/src/client.ts', '@batuta/platform', false],
  ['testkit/src/platform.ts', '@batuta/platform', true],
  ['testkit/src/platform.ts', '../../platform/src/main.ts', false],
  ['testkit/src/platform.ts', '@batuta/cli', false],
  ['platform/src/domain/run/apply.test.ts', 'fast-check', true],
  ['platform/src/domain/run/apply.test.ts', '../../../../testkit/src/clock.ts', false],
  ['contract/src/run.ts', '../../tool/generate.ts', false],
  ['platform/test/http/open-api.test.ts', '../../../tool/generate/open-api.ts', true],
  ['tool/generate.ts', '@batuta/contract', true],
  ['tool/generate.ts', '../platform/src/domain/run/transitions.ts', true],
];

let findings: Findings;

/** Each case is a file of its own, beside the one that it stands for. */
function fileOf(index: number): string {
  return (cases[index]?.[0] ?? '').replace(/(\.test)?\.ts$/, `-${index}$&`);
}

beforeAll(async () => {
  const sources = cases.map(([, imported], index) => {
    const [kind, specifier] = imported.startsWith('type ') ? [' type', imported.slice(5)] : ['', imported];
    return [fileOf(index), `export${kind} { a } from '${specifier}';\n`];
  });
  findings = await lintSources({
    ...Object.fromEntries(sources),
    'platform/src/domain/dynamic.ts': `export const a = () => import('node:fs');\n`,
    'platform/src/domain/inline.ts': `export type A = import('../adapter/sql/a.ts').A;\n`,
    'platform/src/interface/mixed.ts': `import { type A, b } from '../port/a.ts';\nexport const c: A = b;\n`,
  });
});

test.for(cases.map((row, index) => [...row, index] as const))('%s imports %s: %s', ([, , allowed, index]) => {
  const fired = (findings.get(fileOf(index)) ?? []).includes('batuta(import-direction)');
  expect(fired).toBe(!allowed);
});

test.for([
  'platform/src/domain/dynamic.ts',
  'platform/src/domain/inline.ts',
  'platform/src/interface/mixed.ts',
])('%s: neither a dynamic import, nor a type import, nor a mixed one slips through', (file) => {
  expect(findings.get(file)).toContain('batuta(import-direction)');
});
