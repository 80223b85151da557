import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'live');
const read = new Map<string, Promise<string>>();

/** The script of the page that shows a browser, as it lies beside this file. */
export function liveScript(): Promise<string> {
  return once('live.js');
}

/** Its style sheet. */
export function liveStyle(): Promise<string> {
  return once('live.css');
}

function once(name: string): Promise<string> {
  const known = read.get(name) ?? readFile(join(folder, name), 'utf8');
  read.set(name, known);
  return known;
}
