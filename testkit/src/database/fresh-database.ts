/**
 * Databases for tests, each as if it had just been made, in milliseconds.
 *
 * A process keeps the databases that it has opened. One that was given back is emptied and handed out again, so only the
 * first one of a kind costs more: an embedded database is unpacked in memory, one on a server is cloned from a template
 * that the first process of all migrates.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, storesOver, type OpenDatabase } from '@batuta/platform/database';
import { emptyDatabase } from './empty-database.ts';
import { cloneTemplate } from './template-database.ts';

/** A database of one's own, migrated and empty, until it is given back. */
export interface FreshDatabase extends OpenDatabase {
  /** Address that a second process can connect to; undefined for the embedded database. */
  readonly url: string | undefined;
  /** Gives it back. Nothing may use it afterwards. */
  release(): void;
}

/** Which database to give: embedded in memory, embedded in a temporary directory, or on a server. */
export type DatabaseKind = 'pglite' | 'pglite-directory' | 'postgres';

interface KeptDatabase {
  open: OpenDatabase;
  url: string | undefined;
}

const idle: Record<DatabaseKind, KeptDatabase[]> = {
  pglite: [],
  'pglite-directory': [],
  postgres: [],
};

/** A fresh database. `postgresUrl` is the server on which one of the kind `postgres` is made, with an administrator's name. */
export async function freshDatabase(kind: 'pglite' | 'pglite-directory'): Promise<FreshDatabase>;
export async function freshDatabase(kind: DatabaseKind, postgresUrl: string): Promise<FreshDatabase>;
export async function freshDatabase(kind: DatabaseKind, postgresUrl?: string): Promise<FreshDatabase> {
  const kept = idle[kind].pop();
  if (kept) await emptyDatabase(kept.open.engine);
  const used = kept ?? (await makeDatabase(kind, postgresUrl ?? ''));
  const { database, engine } = used.open;
  let isReleased = false;
  const release = (): void => {
    if (!isReleased) idle[kind].push(used);
    isReleased = true;
  };
  return { database, engine, ...storesOver(engine), url: used.url, release };
}

/** Closes the databases that were given back. */
export async function closeFreshDatabases(): Promise<void> {
  const kept = Object.values(idle).flatMap((databases) => databases.splice(0));
  await Promise.all(kept.map(({ open }) => open.database.close()));
}

async function makeDatabase(kind: DatabaseKind, postgresUrl: string): Promise<KeptDatabase> {
  if (kind === 'postgres') {
    const url = await cloneTemplate(postgresUrl);
    return { open: await openDatabase({ url }), url };
  }
  const place = kind === 'pglite' ? { memory: true as const } : { directory: temporaryDirectory() };
  const open = await openDatabase(place);
  await open.database.migrate();
  return { open, url: undefined };
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'batuta-database-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
