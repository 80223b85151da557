/** Starts the one PostgreSQL server of a test run and hands its address to the tests: `inject('postgresUrl')`. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { BatutaError } from '@batuta/contract';
import { startPostgres, type PostgresServer } from '@batuta/testkit/postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL server for tests, with the name and password of an administrator role. */
    postgresUrl: string;
  }
}

/** Called by vitest before the first test; what it returns is called after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startOrInstall();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}

/** Tests never skip for want of PostgreSQL: it is installed where that is permitted, else the run fails and says so. */
async function startOrInstall(): Promise<PostgresServer> {
  try {
    return await startPostgres();
  } catch (error) {
    if (!BatutaError.has(error, 'postgres-not-installed')) throw error;
    const script = path.join(import.meta.dirname, '../tool/install-system-packages.sh');
    const { status } = spawnSync('bash', [script], { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw error;
    return startPostgres();
  }
}
