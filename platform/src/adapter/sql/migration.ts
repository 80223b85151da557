import { readdirSync, readFileSync } from 'node:fs';
import { BatutaError } from '@batuta/contract';
import type { MigrationInfo } from '../../port/database.ts';

/** A migration of the program with its SQL. */
export interface Migration extends MigrationInfo {
  sql: string;
}

const fileName = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** The migrations that come with the program. */
export const migrationFolder = new URL('../../../migrations/', import.meta.url);

/** Reads the migrations of a folder: `0001-name.sql`, numbered without gaps. */
export function readMigrations(folder: URL = migrationFolder): Migration[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return files.toSorted().map((file, index) => {
    const match = fileName.exec(file);
    if (!match || Number(match[1]) !== index + 1) {
      const reason = `its file must be named ${String(index + 1).padStart(4, '0')}-name.sql`;
      throw new BatutaError('migration-failed', { name: file, reason });
    }
    const sql = readFileSync(new URL(file, folder), 'utf8');
    // Marked in its first line when a program that does not know the migration can work on its result.
    return { number: index + 1, name: match[2] ?? '', additive: sql.startsWith('--! additive'), sql };
  });
}
