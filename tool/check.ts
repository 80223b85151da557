/** `npm run check`: everything that can be said about the sources without running them, two at a time, in seconds. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.join(import.meta.dirname, '..');

/** What is checked: a name, a program (of node_modules/.bin, or by its path) and its arguments. The slow ones come first. */
const checks: ReadonlyArray<readonly [name: string, program: string, ...args: string[]]> = [
  ['lint', 'oxlint', '--type-aware'],
  ['unused code', 'knip', '--no-progress', '--no-config-hints'],
  ['types', 'tsc', '-p', '.'],
  ['generated files', process.execPath, 'tool/generate.ts', '--check'],
  ['format', 'oxfmt', '--check', '.'],
];

/** Runs one check and tells how it went; its output is shown only when it found something. */
async function runCheck([name, program, ...args]: (typeof checks)[number]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(path.resolve(root, 'node_modules/.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = await Promise.all([text(child.stdout), text(child.stderr)]);
  const passed = (await code) === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (!passed) console.log(output.join('').trim());
  return passed;
}

const waiting = [...checks];
let passed = true;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    passed = (await runCheck(check)) && passed;
  }
}

await Promise.all([work(), work()]);
process.exitCode = passed ? 0 : 1;
