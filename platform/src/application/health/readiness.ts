import type { Database } from '../../port/database.ts';
import type { Readiness } from '../application.ts';
import type { Worker } from '../worker/worker.ts';

/** State of each part that must work before requests are sent to this process. */
export async function readiness(parts: {
  database: Database;
  worker: Worker | null;
  isStopping: () => boolean;
}): Promise<Readiness> {
  const database = (await parts.database.isReachable()) ? 'ok' : 'unreachable';
  const migrations = database === 'ok' ? await describeMigrations(parts.database) : 'unknown';
  const worker = parts.isStopping() ? 'stopping' : parts.worker ? 'ok' : 'not in this process';
  const ready = database === 'ok' && migrations === 'ok' && !parts.isStopping();
  return { ready, checks: { database, migrations, worker } };
}

async function describeMigrations(database: Database): Promise<string> {
  try {
    const { pending } = await database.migrationStatus();
    return pending.length === 0 ? 'ok' : `${pending.length} pending`;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
}
