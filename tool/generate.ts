/**
 * `npm run generate`: writes every generated file of the repository. With `--check` it writes nothing and fails when a file is
 * not what would be written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GeneratedFile } from './generate/generated-file.ts';
import { generators } from './generate/generators.ts';

const root = path.join(import.meta.dirname, '..');

function isCurrent({ path: place, text }: GeneratedFile): boolean {
  const file = path.join(root, place);
  return existsSync(file) && readFileSync(file, 'utf8') === text;
}

function write({ path: place, text }: GeneratedFile): void {
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(place);
}

const stale = generators.map((generate) => generate()).filter((file) => !isCurrent(file));
if (process.argv.includes('--check')) {
  for (const { path: place } of stale) console.error(`${place} is not up to date. Run: npm run generate`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const file of stale) write(file);
}
