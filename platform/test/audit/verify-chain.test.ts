import { describe, expect, test } from 'vitest';
import { auditEntry, systemEntry } from '../../src/application/audit/audit-entry.ts';
import type { Identity } from '../../src/application/access/identity.ts';
import { hashAuditRow } from '../../src/domain/audit/hash-row.ts';
import { ChainVerifier, type ChainFinding } from '../../src/domain/audit/verify-chain.ts';
import type { AuditHead, AuditRow } from '../../src/port/audit-log.ts';

const identity: Identity = {
  tenantId: 'acme',
  keyId: 'key_1',
  userId: null,
  name: 'ci',
  role: 'operator',
  scopes: new Set(),
  address: '192.0.2.1',
};

/** A chain as the database makes it. */
function makeChain(length: number): AuditRow[] {
  const { actor, actorKind, outcome } = auditEntry(identity, { action: 'x' });
  const common = {
    tenantId: 'acme',
    kind: 'change' as const,
    action: 'session-deleted',
    actorKind,
    actor,
    actorName: null,
    keyId: null,
    outcome,
    reason: null,
    address: null,
    userAgent: null,
    count: 1,
    before: '{"a":1}',
    after: null,
    hash: '',
  };
  const rows: AuditRow[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const unhashed = { ...common, seq, at: seq * 1000, target: `ses_${seq}` };
    rows.push({ ...unhashed, hash: hashAuditRow(rows.at(-1)?.hash ?? '', unhashed) });
  }
  return rows;
}

function headOf(rows: readonly AuditRow[]): AuditHead {
  return { seq: rows.at(-1)?.seq ?? 0, hash: rows.at(-1)?.hash ?? '' };
}

function verify(
  rows: readonly AuditRow[],
  head: AuditHead,
  anchors: AuditHead[] = [],
): ChainFinding | undefined {
  const verifier = new ChainVerifier(null, anchors);
  for (const row of rows) {
    const finding = verifier.next(row);
    if (finding) return finding;
  }
  return verifier.end({
    base: { seq: 0, hash: '' },
    firstSeq: 1,
    head: head.seq === 0 ? null : head,
    lastSeq: rows.at(-1)?.seq ?? 0,
  });
}

const chain = makeChain(5);
const head = headOf(chain);

describe('the chain of the audit log', () => {
  test('is whole as it was written, and when it is empty', () => {
    expect(verify(chain, head, [head, { seq: 2, hash: chain[1]?.hash ?? '' }])).toBeUndefined();
    expect(verify([], { seq: 0, hash: '' })).toBeUndefined();
  });

  test('can be followed from any row on', () => {
    const verifier = new ChainVerifier(headOf(chain.slice(0, 3)));
    expect(chain.slice(3).map((row) => verifier.next(row))).toEqual([undefined, undefined]);
    expect(verifier.end({ base: { seq: 0, hash: '' }, firstSeq: 1, head, lastSeq: 5 })).toBeUndefined();
  });

  const fields = Object.keys(chain[0] ?? {}) as (keyof AuditRow)[];
  test.each(fields.filter((field) => field !== 'seq'))('shows that %s of a row was edited', (field) => {
    const edited = chain.map((row) =>
      row.seq === 3 ? { ...row, [field]: row[field] === 1 ? 2 : 'edited' } : row,
    );
    expect(verify(edited, head)).toEqual({ fault: 'changed', seq: 3 });
  });

  test('shows a missing row: the first, one between, the last', () => {
    const without = (seq: number) =>
      verify(
        chain.filter((row) => row.seq !== seq),
        head,
      );
    expect(without(1)).toEqual({ fault: 'missing', seq: 1 });
    expect(without(3)).toEqual({ fault: 'missing', seq: 3 });
    expect(without(5)).toEqual({ fault: 'cut-off', seq: 5 });
  });

  test('shows rows that changed places or were put in', () => {
    const [a, b, c, d, e] = chain as [AuditRow, AuditRow, AuditRow, AuditRow, AuditRow];
    expect(verify([a, { ...c, seq: 2 }, { ...b, seq: 3 }, d, e], head)).toEqual({ fault: 'changed', seq: 2 });
    const added = { ...e, seq: 6, hash: hashAuditRow(e.hash, { ...e, seq: 6 }) };
    expect(verify([...chain, added], head)).toEqual({ fault: 'beyond-head', seq: 6 });
  });

  test('shows by an anchor that the chain was made anew or cut off with its head', () => {
    const made = makeChain(3);
    expect(verify(made, headOf(made), [{ seq: 2, hash: 'of the old one' }])).toEqual({
      fault: 'anchor-mismatch',
      seq: 2,
    });
    expect(verify(made, headOf(made), [head])).toEqual({ fault: 'cut-off', seq: 4 });
  });

  test('does not mistake two rows for each other whose columns only together have the same text', () => {
    const [row] = chain as [AuditRow];
    const pair = [
      { ...row, actorName: 'a', keyId: 'bc' },
      { ...row, actorName: 'ab', keyId: 'c' },
      { ...row, actorName: null, keyId: '-' },
    ];
    expect(new Set(pair.map((each) => hashAuditRow('', each))).size).toBe(3);
  });

  test('entries say who acted', () => {
    expect(auditEntry(identity, { action: 'x', target: 't' })).toMatchObject({
      actor: 'key_1',
      actorKind: 'key',
      actorName: 'ci',
      address: '192.0.2.1',
      target: 't',
    });
    const user = { ...identity, userId: 'usr_1' };
    expect(auditEntry(user, { action: 'x' })).toMatchObject({
      actor: 'usr_1',
      actorKind: 'user',
      keyId: 'key_1',
    });
    expect(systemEntry({ action: 'x' })).toMatchObject({
      actor: 'system',
      actorKind: 'system',
      address: null,
    });
  });
});
