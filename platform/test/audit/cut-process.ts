/**
 * Cuts the audit log of a tenant and kills itself around the first cut. `node cut-process.ts <database as JSON> <archive folder> <moment>`
 *
 * Moments: `archived` (the segment is in the archive), `during` (the cut was sent to the database), `cut` (the database has answered).
 */
import { makeFolderArchive } from '../../src/adapter/audit-archive/folder-archive.ts';
import { cutAudit } from '../../src/application/audit/cut-audit.ts';
import { openDatabase } from '../../src/composition/open-database.ts';
import type { AuditStore } from '../../src/port/audit-log.ts';
import { MemoryLog } from '../http/open-door.ts';

const [database = '{}', folder = '', moment = ''] = process.argv.slice(2);
const { audits } = await openDatabase(JSON.parse(database));

const die = (at: string): void => {
  if (moment === at) process.kill(process.pid, 'SIGKILL');
};

/** The store, whose process does not outlive its moment. */
const mortal: Pick<AuditStore, 'firstSince' | 'extent' | 'read' | 'cut' | 'list' | 'append'> = {
  firstSince: (...given) => audits.firstSince(...given),
  extent: (...given) => audits.extent(...given),
  read: (...given) => audits.read(...given),
  list: (...given) => audits.list(...given),
  append: (...given) => audits.append(...given),
  cut: async (...given) => {
    die('archived');
    const cutting = audits.cut(...given);
    const dying = new Promise<void>((resolve) => setImmediate(() => resolve(die('during'))));
    const done = await cutting;
    await dying;
    die('cut');
    return done;
  },
};

const task = { tenantId: 'acme', keptSince: Date.now() + 60_000, signal: new AbortController().signal };
await cutAudit({ audits: mortal, archive: makeFolderArchive(folder), log: new MemoryLog() }, task);
process.exit();
