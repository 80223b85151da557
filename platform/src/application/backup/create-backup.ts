import { BatutaError } from '@batuta/contract';
import type { BackupSpool, CollectedBackup } from '../../port/backup.ts';
import type { Database } from '../../port/database.ts';
import type { Identity } from '../access/identity.ts';

/** What making a backup needs. */
export interface BackupContext {
  database: Database;
  spool: BackupSpool;
  /** The tenant whose administrators look after the whole platform. */
  platformTenant: string;
}

/** Backs up all tenants. Errors: `permission-missing` for anybody but an administrator of the platform, and those of the spool. */
export async function createBackup(context: BackupContext, identity: Identity): Promise<CollectedBackup> {
  // A backup holds the data of every tenant: an administrator of one of them must not get it.
  if (identity.tenantId !== context.platformTenant)
    throw new BatutaError('permission-missing', { scope: 'backups:write' });
  return context.spool.collect((write) => context.database.backup(write));
}
