import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { missingOptionalPackages, type LockEntries } from '../../tool/lock/optional-packages.ts';

test('package-lock.json is complete for every platform; otherwise run: npm run lock', () => {
  const file = path.join(import.meta.dirname, '../../package-lock.json');
  const { packages }: { packages: LockEntries } = JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(missingOptionalPackages(packages))).toEqual([]);
});

test('a binding that has no entry gets one with the platform of its name', () => {
  const packages = {
    'node_modules/tool': { dev: true, optionalDependencies: { '@tool/linux-arm64-musl': '1.2.3' } },
  };
  expect(missingOptionalPackages(packages)).toEqual({
    'node_modules/@tool/linux-arm64-musl': {
      version: '1.2.3',
      cpu: ['arm64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    },
  });
});

test('a package nested in the one that names it, or beside it, is not missing', () => {
  const packages = {
    'node_modules/a': { optionalDependencies: { b: '1.0.0', c: '1.0.0' } },
    'node_modules/a/node_modules/b': { version: '1.0.0' },
    'node_modules/c': { version: '1.0.0' },
  };
  expect(missingOptionalPackages(packages)).toEqual({});
});
