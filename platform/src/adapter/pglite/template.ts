import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
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

/** Unpacks an archive into `directory`, which appears only when it is whole and on the disk. */
export function unpackTemplate(archive: Buffer<ArrayBuffer>, directory: string): void {
  const unfinished = `${directory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const entry of readTar(gunzipSync(archive))) writeEntry(unfinished, entry);
  renameSync(unfinished, directory);
}

function writeEntry(root: string, entry: TarEntry): void {
  const path = join(root, entry.path);
  if (entry.content === undefined) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, 'w', 0o600);
  try {
    if (entry.content.length > 0) writeSync(descriptor, entry.content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
