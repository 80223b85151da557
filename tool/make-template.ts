import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { pgliteVersion } from '../platform/src/adapter/pglite/template.ts';

/**
 * Makes `platform/assets/pglite-template-<version>.tar.gz`: a new, empty database, so that nobody else waits for one to be
 * made. Run it after PGlite's version has changed, and remove the archive of the version before.
 */
const largestBytes = 5_000_000;

const db = new PGlite('memory://');
// The embedded database is the only one there will be: without those that others are made from a third of the files remains.
await db.exec(`update pg_database set datistemplate = false where datname in ('template0', 'template1')`);
await db.exec('drop database template0');
await db.exec('drop database template1');
await db.exec('vacuum (freeze, analyze)');
await db.exec('checkpoint');
const archive = new Uint8Array(await (await db.dumpDataDir('gzip')).arrayBuffer());
await db.close();
if (archive.length > largestBytes) {
  console.error(`The archive has ${archive.length} bytes; ${largestBytes} is the limit.`);
  process.exit(1);
}
const file = new URL(`../platform/assets/pglite-template-${pgliteVersion()}.tar.gz`, import.meta.url);
writeFileSync(file, archive);
console.log(`${fileURLToPath(file)}: ${archive.length} bytes`);
