import { makeFolderArchive } from '../adapter/audit-archive/folder-archive.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { AuditArchive } from '../port/audit-log.ts';

/** Where what retention cuts away of audit logs is kept; null: nowhere. */
export function auditArchive({ audit }: Configuration): AuditArchive | null {
  const { archiveFolder } = audit;
  return archiveFolder === undefined ? null : makeFolderArchive(archiveFolder);
}
