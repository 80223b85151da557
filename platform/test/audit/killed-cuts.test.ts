import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolderArchive } from '../../src/adapter/audit-archive/folder-archive.ts';
import { cutAudit } from '../../src/application/audit/cut-audit.ts';
import { verifyAudit } from '../../src/application/audit/verify-audit.ts';
import { openDatabase, type OpenDatabase } from '../../src/composition/open-database.ts';
import { makeEntry } from '../conformance/audit.ts';
import { onBothDatabases, type HandPlace } from '../crash/hand-places.ts';
import { MemoryLog } from '../http/open-door.ts';

const script = join(import.meta.dirname, 'cut-process.ts');
const signal = new AbortController().signal;
const tenantId = 'acme';

/** Opens the database for a while: an embedded one has one process at a time. */
async function within<T>(place: HandPlace, work: (stores: OpenDatabase) => Promise<T>): Promise<T> {
  const stores = await openDatabase(place.database());
  try {
    return await work(stores);
  } finally {
    await stores.database.close();
  }
}

/** More entries that nobody need keep. */
const fill = (place: HandPlace) =>
  within(place, async ({ audits }) => {
    const old = Array.from({ length: 40 }, (_, n) => makeEntry({ at: n + 1 }));
    await audits.append(tenantId, old);
  });

async function killAt(place: HandPlace, moment: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [script, JSON.stringify(place.database()), folder, moment], {
    stdio: 'inherit',
  });
  const [, by] = await once(child, 'exit');
  expect(by).toBe('SIGKILL');
}

onBothDatabases((place) => {
  it(
    'a process that is killed around a cut of the audit log has cut it or not, and another one goes on',
    { timeout: 120_000 },
    async () => {
      await within(place, async ({ database, access }) => {
        await database.migrate();
        await access.ensureTenant(tenantId, tenantId);
      });
      const folder = join(place.folder, 'archive');
      for (const moment of ['archived', 'during', 'cut']) {
        await fill(place);
        await killAt(place, moment, folder);
      }
      await within(place, async (stores) => {
        await expect.poll(() => workingElsewhere(stores), { timeout: 20_000 }).toBe(0);
        const { audits } = stores;
        expect(await verifyAudit(audits, tenantId, {})).toMatchObject({ intact: true });
        const task = { tenantId, keptSince: Date.now() + 60_000, signal };
        await cutAudit({ audits, archive: makeFolderArchive(folder), log: new MemoryLog() }, task);
        const found = await verifyAudit(audits, tenantId, {});
        expect(found).toMatchObject({ intact: true });
        expect(found.first_seq).toBeGreaterThan(120);
        const gone = Array.from({ length: (found.first_seq ?? 0) - 1 }, (_, n) => n + 1);
        expect(archived(folder)).toEqual(gone);
      });
    },
  );
});

/** A server may still be at work for a process that is gone. */
async function workingElsewhere({ engine, database }: OpenDatabase): Promise<number> {
  if (database.kind === 'embedded') return 0;
  return engine.administer(async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state = 'active'`,
    );
    return Number(rows[0]?.count);
  });
}

/** Numbers of the entries that the archive holds, each once. */
function archived(folder: string): number[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('l'),
  );
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  const seqs = lines.map((line): number => JSON.parse(line).seq);
  return [...new Set(seqs)].toSorted((a, b) => a - b);
}
