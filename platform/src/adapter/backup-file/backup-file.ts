import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline as pipelineWith } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BatutaError } from '@batuta/contract';
import type { BackupWriter } from '../../port/backup.ts';
import { splitLines } from './split-lines.ts';

/**
 * Writes a backup to a compressed file that only its owner may read. It appears under its name when it is whole and on the disk;
 * a backup that failed leaves nothing. Errors: `backup-file-unusable`, and those of the backup.
 */
export async function writeBackupFile<Result>(
  path: string,
  backup: (write: BackupWriter) => Promise<Result>,
): Promise<{ result: Result; bytes: number }> {
  const part = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const result = await compressInto(createWriteStream(part, { mode: 0o600, flush: true }), backup);
    const { size } = await stat(part);
    await rename(part, path);
    return { result, bytes: size };
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw isFileError(error) ? unusable(path, error) : error;
  }
}

async function compressInto<Result>(
  target: NodeJS.WritableStream,
  backup: (write: BackupWriter) => Promise<Result>,
): Promise<Result> {
  const gzip = createGzip();
  const failure = new AbortController();
  const written = pipeline(gzip, target);
  // A failure of the disk ends the next write, or the waiting for the end.
  written.catch((error: unknown) => failure.abort(error));
  try {
    const result = await backup(async (text) => {
      failure.signal.throwIfAborted();
      if (!gzip.write(text)) await once(gzip, 'drain', { signal: failure.signal });
    });
    gzip.end();
    await written;
    return result;
  } catch (error) {
    gzip.destroy();
    throw failure.signal.aborted ? failure.signal.reason : error;
  }
}

/** The lines of a backup file. Errors: `backup-invalid`, `backup-file-unusable`. */
export async function* readBackupFile(path: string): AsyncGenerator<string> {
  const unpacked = createGunzip();
  // Told through what is read.
  pipelineWith(createReadStream(path), unpacked, () => undefined);
  try {
    yield* splitLines(unpacked);
  } catch (error) {
    if (isUnpackingError(error))
      throw new BatutaError('backup-invalid', { reason: error.message }, { cause: error });
    throw isFileError(error) ? unusable(path, error) : error;
  } finally {
    unpacked.destroy();
  }
}

function isUnpackingError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error && 'syscall' in error;
}

function unusable(path: string, error: Error): BatutaError<'backup-file-unusable'> {
  return new BatutaError('backup-file-unusable', { path, reason: error.message }, { cause: error });
}
