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
  'before-cut': 'The entries from here to the cut were put in: retention had removed them.',
  'cut-unproven': 'What stood before this entry was removed, and no entry of the chain says so.',
  'anchor-mismatch': 'The chain was made anew: the anchor has another hash than this entry.',
};

/**
 * Follows the chain of a tenant from its first entry (what retention has left, or the first since a time) to its head. It finds any entry that was edited,
 * removed, moved or put in, and by anchors from outside of the database also a chain that was made anew or cut off with its head.
 */
export async function verifyAudit(
  store: AuditStore,
  tenantId: string,
  { since, anchors }: VerifyAudit,
): Promise<AuditVerification> {
  const kept = readAnchors(anchors);
  const time = since === undefined ? undefined : Date.parse(since);
  const { extent, start, verifier, finding } = await followWhole(store, tenantId, { since: time, kept });
  const first = start.seq + 1;
  const { base } = extent;
  const verified = verifier.last.seq - first + 1;
  return {
    intact: finding === undefined,
    verified,
    first_seq: verified > 0 ? first : null,
    head: extent.head,
    cut: base.seq > 0 ? base : null,
    unchecked_anchors: kept.filter(({ seq }) => seq < base.seq).map(({ seq }) => seq),
    fault: finding
      ? { kind: finding.fault, seq: finding.seq, explanation: explanations[finding.fault] }
      : null,
  };
}

/** How often a chain is followed anew because retention cut it meanwhile. */
const mostTries = 3;

async function followWhole(
  store: AuditStore,
  tenantId: string,
  { since, kept }: { since: number | undefined; kept: readonly AuditHead[] },
) {
  for (let tries = 1; ; tries += 1) {
    const extent = await store.extent(tenantId);
    const { base } = extent;
    const checked = kept.filter(({ seq }) => seq >= base.seq);
    const later =
      since === undefined ? null : await startOf(store, tenantId, { since, kept: checked, extent });
    const start = later ?? base;
    const verifier = new ChainVerifier(start, checked);
    const finding = await follow(store, { tenantId, extent, verifier });
    const isMoved = finding !== undefined && (await store.extent(tenantId)).base.seq !== base.seq;
    if (!isMoved || tries === mostTries) return { extent, start, verifier, finding };
  }
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
  { since, kept, extent }: { since: number; kept: readonly AuditHead[]; extent: AuditExtent },
): Promise<AuditHead | null> {
  const first = await store.firstSince(tenantId, since);
  const unseen = first === undefined ? extent.lastSeq : first - 1;
  const before = Math.min(unseen, ...kept.map(({ seq }) => seq - 1));
  if (before <= extent.base.seq) return null;
  const [row] = await store.read(tenantId, { after: before - 1, limit: 1 });
  return row?.seq === before ? { seq: before, hash: row.hash } : null;
}

function readAnchors(anchors = ''): AuditHead[] {
  return anchors.split(',').flatMap((anchor) => {
    const [seq, hash] = anchor.split(':');
    return seq !== undefined && hash !== undefined ? [{ seq: Number(seq), hash }] : [];
  });
}
