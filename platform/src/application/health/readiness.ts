import type { Database } from '../../port/database.ts';
import type { JobQueue } from '../../port/job-queue.ts';
import type { Worker } from '../worker/worker.ts';

/** State of each part that must work before requests are sent here. */
export interface Readiness {
  ready: boolean;
  checks: { database: string; migrations: string; worker: string; jobs: string };
}

/** State of each part that must work before requests are sent to this process. */
export async function readiness(parts: {
  database: Database;
  worker: Worker | null;
  jobs: JobQueue | null;
  isStopping: () => boolean;
}): Promise<Readiness> {
  const database = (await parts.database.isReachable()) ? 'ok' : 'unreachable';
  const migrations = database === 'ok' ? await describeMigrations(parts.database) : 'unknown';
  const worker = parts.isStopping() ? 'stopping' : parts.worker ? 'ok' : 'not in this process';
  const ready = database === 'ok' && migrations === 'ok' && !parts.isStopping();
  return { ready, checks: { database, migrations, worker, jobs: describeJobs(parts) } };
}

/** Background jobs start after the rest and go on by themselves after an outage: requests need not wait for them. */
function describeJobs({ jobs, worker }: { jobs: JobQueue | null; worker: Worker | null }): string {
  if (!jobs || !worker) return 'not in this process';
  return jobs.state === 'working' ? 'ok' : jobs.state;
}

async function describeMigrations(database: Database): Promise<string> {
  try {
    const { pending } = await database.migrationStatus();
    return pending.length === 0 ? 'ok' : `${pending.length} pending`;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
}
