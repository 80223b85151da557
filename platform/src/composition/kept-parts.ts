import { makeFolderArchive } from '../adapter/audit-archive/folder-archive.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { PlatformParts } from './compose-platform.ts';

/** How long things are kept, and what becomes of the audit log: where its ends are told, and its beginning is kept when it is cut away. */
export function keptParts({
  audit,
  retention,
}: Configuration): Pick<PlatformParts, 'anchorMs' | 'auditArchive' | 'retentionDays'> {
  const { anchorMinutes, archiveFolder } = audit;
  return {
    anchorMs: anchorMinutes * 60_000,
    auditArchive: archiveFolder === undefined ? null : makeFolderArchive(archiveFolder),
    retentionDays: retention,
  };
}
