/** Where tools with effects are crashed: all of it on the embedded database, and what a server could tell differently on PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase } from '@batuta/testkit/database';
import type { WorkerDatabase } from '@batuta/testkit/crash/protocol';
import { afterAll, beforeAll, describe, inject } from 'vitest';

/** One of the two databases, for the crashes of one family of tools. */
export interface HandPlace {
  /** Where processes of this place meet; opened before the first test. */
  database(): WorkerDatabase;
  /** For files of the cases; removed in the end. */
  folder: string;
  /** The cases that take place here. */
  cases<T>(all: readonly T[], few: readonly T[]): readonly T[];
}

/** Declares the same crashes on both databases. */
export function onBothDatabases(declare: (place: HandPlace) => void): void {
  describe('on PGlite', () => {
    const folder = temporaryFolder();
    const directory = join(folder, 'database');
    declare({ folder, database: () => ({ directory }), cases: (all) => all });
  });
  describe('on PostgreSQL', () => {
    let fresh: Awaited<ReturnType<typeof freshDatabase>> | undefined;
    beforeAll(async () => {
      fresh = await freshDatabase('postgres', inject('postgresUrl'));
    });
    afterAll(() => fresh?.release());
    declare({
      folder: temporaryFolder(),
      database: () => ({ url: fresh?.url ?? '' }),
      cases: (_all, few) => few,
    });
  });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'batuta-crash-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
