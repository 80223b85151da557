import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { BackupSpool, CollectedBackup } from '../../port/backup.ts';
import { writeBackupFile } from './backup-file.ts';

const pieceBytes = 256 * 1024;

/** Keeps backups in files of a folder. A file loses its name as soon as it is whole, so that a crash leaves at most a `.part`. */
export function makeBackupSpool(folder: string): BackupSpool {
  let isUnderWay = false;
  return {
    async collect(backup): Promise<CollectedBackup> {
      if (isUnderWay) throw new BatutaError('backup-under-way', {});
      isUnderWay = true;
      const path = join(folder, `${randomUUID()}.batuta-backup`);
      try {
        const { result, bytes } = await writeBackupFile(path, backup);
        const file = await open(path, 'r');
        await rm(path);
        return { summary: result, bytes, content: contentOf(file) };
      } finally {
        isUnderWay = false;
      }
    },
  };
}

function contentOf(file: FileHandle): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(pieceBytes), 0, pieceBytes);
      if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
      await file.close();
      controller.close();
    },
    cancel: () => file.close(),
  });
}
