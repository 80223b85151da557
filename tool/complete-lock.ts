/**
 * Completes package-lock.json after `npm install`: npm leaves out an optional package that it could not fetch, such as a native
 * binding for another platform that a mirror does not carry, and `npm ci` then refuses the file as incomplete on every platform.
 * The entries added here have no integrity hash, because nobody saw the package; npm installs them only where os and cpu fit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { missingOptionalPackages, type LockEntries } from './lock/optional-packages.ts';

const file = path.join(import.meta.dirname, '../package-lock.json');
const lock: { packages: LockEntries } = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingOptionalPackages(lock.packages);
const entries = Object.entries({ ...lock.packages, ...missing });
lock.packages = Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(missing).length} optional packages added to package-lock.json`);
