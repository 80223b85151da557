import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readTar, type TarEntry } from './read-tar.ts';

const assets = new URL('../../../assets/', import.meta.url);

/** Version of the PGlite package that this program runs. */
export function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(dirname(entry), '../package.json'), 'utf8'),
  );
  return manifest.version;
}

/**
 * The archive of a new, empty database for this version of PGlite, made by `tool/make-template.ts`. Making one takes 5 to 10
 * seconds, unpacking the archive a fraction of one. Undefined when there is none for this version.
 */
export function templateArchive(version: string = pgliteVersion()): Buffer<ArrayBuffer> | undefined {
  const file = new URL(`pglite-template-${version}.tar.gz`, assets);
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Files that are written and synced at the same time: the disk syncs many together as fast as one. */
const parallelWrites = 64;

/** Unpacks an archive into `directory`, which appears only when it is whole and on the disk. */
export async function unpackTemplate(archive: Buffer<ArrayBuffer>, directory: string): Promise<void> {
  const unfinished = `${directory}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const entries = [...readTar(gunzipSync(archive))];
  for (const { path, content } of entries) {
    const parent = content === undefined ? path : dirname(path);
    await mkdir(join(unfinished, parent), { recursive: true, mode: 0o700 });
  }
  const files = entries.values();
  await Promise.all(Array.from({ length: parallelWrites }, () => writeFiles(unfinished, files)));
  await rename(unfinished, directory);
}

/** Writes the next file until there is none: several of these share one iterator. */
async function writeFiles(root: string, files: Iterator<TarEntry> & Iterable<TarEntry>): Promise<void> {
  for (const { path, content } of files) {
    if (content === undefined) continue;
    await writeFile(join(root, path), content, { mode: 0o600, flush: true });
  }
}
