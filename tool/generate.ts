/** `npm run generate`: writes every generated file of the repository. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generators } from './generate/generators.ts';

const root = path.join(import.meta.dirname, '..');

for (const generate of generators) {
  const { path: place, text } = generate();
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(place);
}
