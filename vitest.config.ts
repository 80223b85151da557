import { defineConfig } from 'vitest/config';
import { ClosingLine } from './test/closing-line.ts';

const report = process.env['BATUTA_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    allowOnly: false,
    reporters: ['default', new ClosingLine(), ...(report === undefined ? [] : (['json'] as const))],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
  },
});
