import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const guide = join(import.meta.dirname, '../../../docs/guide/durability.md');

/** The rows of the guide's table of places at which processes were killed. */
export function placesInGuide(): { title: string; places: number }[] {
  const [, table = ''] = readFileSync(guide, 'utf8').split('| killed | places |');
  const rows = table.split('\n\n')[0]?.matchAll(/^\| (\D+?) \| (\d+) \|$/gm) ?? [];
  return [...rows].map(([, title = '', places]) => ({ title, places: Number(places) }));
}
