import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { AuditArchive } from '../../port/audit-log.ts';

/**
 * Keeps what is cut away of audit logs as files of JSON lines, one folder for each tenant: `<from>-<to>.jsonl`, readable by their owner only.
 * Every line is a whole row with the texts that were hashed, so that the chain can be verified from the files alone.
 */
export function makeFolderArchive(folder: string): AuditArchive {
  return {
    async keep(tenantId, { from, to, rows }) {
      const place = path.join(folder, encodeURIComponent(tenantId));
      await mkdir(place, { recursive: true, mode: 0o700 });
      const file = path.join(place, `${numbered(from)}-${numbered(to)}.jsonl`);
      await writeDurably(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await syncFolder(place);
      return path.basename(file);
    },
  };
}

/** Sorted by name they are in their order. */
function numbered(seq: number): string {
  return String(seq).padStart(12, '0');
}

/** What is cut away afterwards must be on the disk, whole. */
async function writeDurably(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
}

async function syncFolder(place: string): Promise<void> {
  const handle = await open(place);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
