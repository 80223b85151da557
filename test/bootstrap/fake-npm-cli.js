/**
 * Stands in for npm in a sample repository: notes each call in npm-calls.log; where a file plan-failure is, fails once with its
 * text; else makes node_modules as a finished `npm ci` leaves it.
 */
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

appendFileSync('npm-calls.log', `${process.argv.slice(2).join(' ')}\n`);
if (existsSync('plan-failure')) {
  process.stderr.write(readFileSync('plan-failure', 'utf8'));
  rmSync('plan-failure');
  process.exit(7);
}
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/zod', { recursive: true });
writeFileSync('node_modules/zod/package.json', '{}');
cpSync('package-lock.json', 'node_modules/.package-lock.json');
