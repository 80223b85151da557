import { existsSync, mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { Pool, type ClientBase } from 'pg';
import type { Log } from '../../port/log.ts';
import { applicationRole, settingsOf } from '../sql/connection-setup.ts';
import type { Engine } from '../sql/database.ts';
import { executeScript } from '../sql/execute-script.ts';
import { preparedConnections } from '../sql/prepared-connections.ts';
import { copyAside } from './copy-aside.ts';
import { lockDirectory } from './directory-lock.ts';
import { durableStartParams, DurableNodeFs, type SyncListener } from './fsync.ts';
import { pgliteVersion, templateArchive, unpackTemplate } from './template.ts';

/** An embedded database in a data directory. */
export interface DirectoryOptions {
  directory: string;
  statementTimeoutMs: number;
  log?: Log | undefined;
  onSync?: SyncListener | undefined;
}

/**
 * Opens the embedded database of a data directory: `database/` is PostgreSQL's, beside it are the lock files and the copies from
 * before migrations. Errors: `data-directory-locked`, `data-directory-unusable`.
 */
export async function openPgliteDirectory(options: DirectoryOptions): Promise<Engine> {
  const lock = lockDirectory(options.directory);
  try {
    const database = join(options.directory, 'database');
    await prepareDatabase(database, options.log);
    const db = new PGlite({
      fs: new DurableNodeFs(database, options.onSync),
      startParams: [...durableStartParams],
    });
    await db.waitReady;
    return engineOver(db, {
      address: options.directory,
      statementTimeoutMs: options.statementTimeoutMs,
      copyAside: (found) => copyAside(options.directory, found),
      freeBytes: async () => {
        const { bavail, bsize } = await statfs(options.directory);
        return bavail * bsize;
      },
      afterClose: () => lock.release(),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens an embedded database in memory, for tests: nothing of it outlives the process. */
export async function openPgliteMemory(statementTimeoutMs: number): Promise<Engine> {
  const archive = templateArchive();
  const db = new PGlite({
    dataDir: 'memory://',
    ...(archive && { loadDataDir: new Blob([archive]) }),
  });
  await db.waitReady;
  return engineOver(db, {
    address: 'memory',
    statementTimeoutMs,
    copyAside: async () => null,
    freeBytes: async () => null,
    afterClose: () => undefined,
  });
}

async function prepareDatabase(database: string, log: Log | undefined): Promise<void> {
  if (existsSync(join(database, 'PG_VERSION'))) return;
  const archive = templateArchive();
  if (archive) {
    await unpackTemplate(archive, database);
    return;
  }
  mkdirSync(database, { recursive: true, mode: 0o700 });
  log?.info('making a new database, which takes some seconds: no archive for this version of PGlite', {
    pglite_version: pgliteVersion(),
  });
}

interface Place {
  address: string;
  statementTimeoutMs: number;
  copyAside(found: number): Promise<string | null>;
  freeBytes(): Promise<number | null>;
  afterClose(): void;
}

function engineOver(db: PGlite, place: Place): Engine {
  const config = { connection: createPgConfig(db).connection };
  const pool = new Pool({
    ...config,
    // PGlite has one session, and it is never replaced.
    max: 1,
    idleTimeoutMillis: 0,
  });
  const administer = administrator(pool, place.statementTimeoutMs);
  return {
    kind: 'embedded',
    description: `embedded PostgreSQL 18 (PGlite ${pgliteVersion()}) in ${place.address}`,
    address: place.address,
    connect: preparedConnections(pool, (client) => enterAgain(client, place.statementTimeoutMs)),
    administer,
    executeAsOwner: (text, values) => executeAsOwner(pool, text, values),
    copyAside: async (client, found) => {
      await client.query('checkpoint');
      return await place.copyAside(found);
    },
    freeBytes: () => place.freeBytes(),
    vacuum: async () => {
      await administer((client) => client.query('vacuum (analyze)'));
    },
    close: async () => {
      await pool.end();
      await db.close();
      place.afterClose();
    },
  };
}

/** The one session works for everybody: administration gives the role up and takes it again. */
function administrator(pool: Pool, statementTimeoutMs: number): Engine['administer'] {
  return async (work) => {
    const client = await pool.connect();
    try {
      await client.query('reset role');
      return await work(client);
    } finally {
      await enterAgain(client, statementTimeoutMs);
      client.release();
    }
  };
}

/**
 * Through the pool like everything else, so that it never lands in the middle of somebody's transaction: a query that is sent to
 * PGlite itself while one is open takes part in it.
 */
async function executeAsOwner(pool: Pool, text: string, values?: unknown[]) {
  const client = await pool.connect();
  try {
    await client.query('reset role');
    return await executeScript(client, text, values);
  } finally {
    await client.query(`set role ${applicationRole}`).finally(() => client.release());
  }
}

/** Before the first migration there is no role, but no table either. */
async function enterAgain(client: ClientBase, statementTimeoutMs: number): Promise<void> {
  await client.query(settingsOf(statementTimeoutMs));
  const found = await client.query('select 1 from pg_roles where rolname = $1', [applicationRole]);
  if (found.rows.length > 0) await client.query(`set role ${applicationRole}`);
}
