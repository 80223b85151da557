import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allSettings } from '../../src/domain/configuration/settings.ts';

test('every default is within its own range', () => {
  const outside = allSettings.filter(
    ({ setting }) => setting.default !== undefined && !setting.read(setting.default).ok,
  );
  expect(outside.map(({ name }) => name)).toEqual([]);
});

test('every variable belongs to one setting', () => {
  const variables = allSettings.map(({ setting }) => setting.variable);
  expect(new Set(variables).size).toBe(variables.length);
});

test('every setting is described by one sentence', () => {
  const bad = allSettings.filter(
    ({ setting }) => !/^\S.{10,160}\.$/.test(setting.about) || setting.range === '',
  );
  expect(bad.map(({ name }) => name)).toEqual([]);
});

test('every setting is heeded somewhere', () => {
  const folder = join(import.meta.dirname, '../../src');
  const sources = globSync('**/*.ts', { cwd: folder })
    .filter((file) => !file.startsWith('domain/configuration/'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const unheeded = allSettings.filter(({ key }) => !new RegExp(String.raw`\b${key}\b`).test(sources));
  expect(unheeded.map(({ name }) => name)).toEqual([]);
});

test('the names that others script against are there', () => {
  const variables = allSettings.map(({ setting }) => setting.variable);
  const promised = `BATUTA_HOST BATUTA_PORT BATUTA_DATA_DIR BATUTA_ADMIN_KEY DATABASE_URL REDIS_URL ANTHROPIC_API_KEY
    OPENAI_API_KEY GOOGLE_GENERATIVE_AI_API_KEY OPENROUTER_API_KEY ANTHROPIC_BASE_URL OPENAI_BASE_URL
    GOOGLE_GENERATIVE_AI_BASE_URL OPENROUTER_BASE_URL OLLAMA_BASE_URL`;
  expect(variables).toEqual(expect.arrayContaining(promised.split(/\s+/)));
});
