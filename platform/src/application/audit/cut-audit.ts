import { ChainVerifier, cutAction } from '../../domain/audit/verify-chain.ts';
import type { AuditArchive, AuditHead, AuditRow, AuditStore } from '../../port/audit-log.ts';
import type { Log } from '../../port/log.ts';
import { systemEntry } from './audit-entry.ts';

/** Entries of one cut: the chain of the tenant is locked while the database computes their hashes again. */
const segmentSize = 2_000;

/** What cutting works with. */
export interface CutContext {
  audits: Pick<AuditStore, 'firstSince' | 'extent' | 'read' | 'cut' | 'list' | 'append'>;
  /** Null: what is cut away is not kept. */
  archive: AuditArchive | null;
  log: Log;
}

/** Which tenant's log, what is kept of it, and when to stop. */
export interface CutTask {
  tenantId: string;
  /** Milliseconds since the epoch: entries from then on stay. */
  keptSince: number;
  signal: AbortSignal;
}

/**
 * Removes the beginning of a chain, segment by segment. For each one:
 * 1. it is read and verified; one that is not whole stays, with everything after it, and is told of
 * 2. it is written to the archive, where there is one
 * 3. the database verifies it once more in the transaction that removes it and appends the entry `audit-cut`
 * Stopped anywhere and begun again, it goes on: an archive that was written and not followed by a cut is written again, the same.
 * Gives how many entries were removed.
 */
export async function cutAudit(context: CutContext, task: CutTask): Promise<number> {
  const { audits } = context;
  const { tenantId, keptSince, signal } = task;
  const first = await audits.firstSince(tenantId, keptSince);
  const { base, head } = await audits.extent(tenantId);
  const last = Math.min(first === undefined ? Number.MAX_SAFE_INTEGER : first - 1, (head?.seq ?? 0) - 1);
  let at = base;
  while (at.seq < last && !signal.aborted) {
    const next = await cutSegment(context, task, { after: at, upTo: Math.min(at.seq + segmentSize, last) });
    if (next === undefined) break;
    at = next;
  }
  return at.seq - base.seq;
}

interface Segment {
  after: AuditHead;
  upTo: number;
}

/** Where the chain begins now; undefined when the segment is not whole. */
async function cutSegment(
  context: CutContext,
  { tenantId }: CutTask,
  { after, upTo }: Segment,
): Promise<AuditHead | undefined> {
  const { audits, archive } = context;
  const rows = await audits.read(tenantId, { after: after.seq, limit: upTo - after.seq });
  const verifier = new ChainVerifier(after);
  const finding = rows.map((row) => verifier.next(row)).find((each) => each !== undefined);
  const end = verifier.last;
  if (finding || end.seq !== upTo) {
    await tellBroken(context, tenantId, {
      seq: finding?.seq ?? end.seq + 1,
      fault: finding?.fault ?? 'missing',
    });
    return undefined;
  }
  const from = after.seq + 1;
  const kept = archive && (await archive.keep(tenantId, { from, to: upTo, rows }));
  if (await audits.cut(tenantId, end, cutEntry({ from, end, rows, kept }))) return end;
  await tellBroken(context, tenantId, { seq: from, fault: 'changed' });
  return undefined;
}

function cutEntry(cut: { from: number; end: AuditHead; rows: readonly AuditRow[]; kept: string | null }) {
  const { from, end, rows, kept } = cut;
  const times = { first_at: instantOf(rows[0]), last_at: instantOf(rows.at(-1)) };
  const after = { from_seq: from, to_seq: end.seq, hash: end.hash, entries: rows.length, ...times };
  return systemEntry({
    action: cutAction,
    target: `${end.seq}:${end.hash}`,
    after: { ...after, archive: kept },
  });
}

function instantOf(row: AuditRow | undefined): string | null {
  return row === undefined ? null : new Date(row.at).toISOString();
}

/** In the log of the process each time, in the audit log once for each place. */
async function tellBroken(
  { audits, log }: CutContext,
  tenantId: string,
  found: { seq: number; fault: string },
): Promise<void> {
  log.error('the audit log is not whole: nothing of it from here on is removed', {
    tenant: tenantId,
    ...found,
  });
  const action = 'audit-cut-refused';
  const target = String(found.seq);
  if ((await audits.list(tenantId, { action, target, limit: 1 })).length > 0) return;
  const entry = systemEntry({ kind: 'security', action, target, outcome: 'failed', reason: found.fault });
  await audits.append(tenantId, [entry]);
}
