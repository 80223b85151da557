import { setImmediate } from 'node:timers/promises';
import type { AuditVerification, VerifyAudit } from '@batuta/contract';
import { ChainVerifier, type ChainFault, type ChainFinding } from '../../domain/audit/verify-chain.ts';
import type { AuditExtent, AuditHead, AuditStore } from '../../port/audit-log.ts';

const pageSize = 1_000;

/** What each fault means, for people. */
const explanations: Readonly<Record<ChainFault, string>> = {
  changed: 'This entry is not what was written: it was edited, put in, or moved here.',
  missing: 'This entry was removed.',
  'cut-off': 'The entries from here on were removed.',
  'beyond-head': 'The entries from here on were not written by the platform.',
  'anchor-mismatch': 'The chain was made anew: the anchor has another hash than this entry.',
};

/**
 * Follows the chain of a tenant from its first entry (or the first since a time) to its head. It finds any entry that was edited,
 * removed, moved or put in, and by anchors from outside of the database also a chain that was made anew or cut off with its head.
 */
export async function verifyAudit(
  store: AuditStore,
  tenantId: string,
  { since, anchors }: VerifyAudit,
): Promise<AuditVerification> {
  const extent = await store.extent(tenantId);
  const kept = readAnchors(anchors);
  const start =
    since === undefined ? null : await startOf(store, tenantId, { since: Date.parse(since), kept });
  const verifier = new ChainVerifier(start, kept);
  const finding = await follow(store, { tenantId, extent, verifier });
  const first = (start?.seq ?? 0) + 1;
  const verified = verifier.last.seq - first + 1;
  return {
    intact: finding === undefined,
    verified,
    first_seq: verified > 0 ? first : null,
    head: extent.head,
    fault: finding
      ? { kind: finding.fault, seq: finding.seq, explanation: explanations[finding.fault] }
      : null,
  };
}

async function follow(
  store: AuditStore,
  chain: { tenantId: string; extent: AuditExtent; verifier: ChainVerifier },
): Promise<ChainFinding | undefined> {
  const { tenantId, extent, verifier } = chain;
  const end = extent.head?.seq ?? 0;
  while (verifier.last.seq < end) {
    const rows = await store.read(tenantId, { after: verifier.last.seq, limit: pageSize });
    const due = rows.filter(({ seq }) => seq <= end);
    if (due.length === 0) break;
    for (const row of due) {
      const finding = verifier.next(row);
      if (finding) return finding;
    }
    await setImmediate();
  }
  return verifier.end(extent);
}

/** The entry before the first one that is looked at, which is no later than an anchor; its hash is taken for granted. */
async function startOf(
  store: AuditStore,
  tenantId: string,
  { since, kept }: { since: number; kept: readonly AuditHead[] },
): Promise<AuditHead | null> {
  const first = await store.firstSince(tenantId, since);
  const unseen = first === undefined ? (await store.extent(tenantId)).lastSeq : first - 1;
  const before = Math.min(unseen, ...kept.map(({ seq }) => seq - 1));
  if (before <= 0) return null;
  const [row] = await store.read(tenantId, { after: before - 1, limit: 1 });
  return row?.seq === before ? { seq: before, hash: row.hash } : null;
}

function readAnchors(anchors = ''): AuditHead[] {
  return anchors.split(',').flatMap((anchor) => {
    const [seq, hash] = anchor.split(':');
    return seq !== undefined && hash !== undefined ? [{ seq: Number(seq), hash }] : [];
  });
}
