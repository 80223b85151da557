import type { AuditExtent, AuditHead, AuditRow } from '../../port/audit-log.ts';
import { hashAuditRow } from './hash-row.ts';

/**
 * What is wrong with a chain, at its first place:
 * - changed: a row is not what its hash was made of, or does not follow the row before it (edited, inserted, reordered)
 * - missing: a number is left out
 * - cut-off: the chain ends before the head that was kept of it
 * - beyond-head: rows follow the head that was kept of the chain
 * - before-cut: rows stand before the one after which the chain is said to begin
 * - cut-unproven: the chain is said to begin after a row, and no entry of it says that the rows up to there were cut away
 * - anchor-mismatch: the row of an anchor from outside the database has another hash: the chain was made anew
 */
export type ChainFault =
  | 'changed'
  | 'missing'
  | 'cut-off'
  | 'beyond-head'
  | 'before-cut'
  | 'cut-unproven'
  | 'anchor-mismatch';

/** The action of the entry that stands for what retention has cut away: its details name the last number and hash of that. */
export const cutAction = 'audit-cut';

/** The first fault of a chain and the number of the row where it shows. */
export interface ChainFinding {
  fault: ChainFault;
  seq: number;
}

/**
 * Follows a chain row by row, oldest first. Feed it rows with `next` until one gives a finding, then ask `end`.
 *
 * `start` is the row before the first one that is fed; null: the chain is followed from its first row.
 */
export class ChainVerifier {
  #last: AuditHead;
  readonly #start: AuditHead;
  /** What the newest entry about a cut says. */
  #cut: AuditHead | undefined;
  readonly #anchors: ReadonlyMap<number, string>;

  constructor(start: AuditHead | null, anchors: readonly AuditHead[] = []) {
    this.#start = start ?? { seq: 0, hash: '' };
    this.#last = this.#start;
    this.#anchors = new Map(anchors.map(({ seq, hash }) => [seq, hash]));
  }

  /** The last row that was found to be as it should. */
  get last(): AuditHead {
    return this.#last;
  }

  next(row: AuditRow): ChainFinding | undefined {
    const expected = this.#last.seq + 1;
    if (row.seq !== expected) return { fault: 'missing', seq: expected };
    if (hashAuditRow(this.#last.hash, row) !== row.hash) return { fault: 'changed', seq: row.seq };
    const anchor = this.#anchors.get(row.seq);
    if (anchor !== undefined && anchor !== row.hash) return { fault: 'anchor-mismatch', seq: row.seq };
    this.#last = { seq: row.seq, hash: row.hash };
    if (row.action === cutAction) this.#cut = readCut(row.after) ?? this.#cut;
    return undefined;
  }

  /** Judges the end, when every row up to the head was fed. `extent` is of the moment when the reading began. */
  end(extent: AuditExtent): ChainFinding | undefined {
    return this.#endFault(extent) ?? this.#cutFault(extent);
  }

  #endFault({ head, lastSeq }: AuditExtent): ChainFinding | undefined {
    const { seq, hash } = head ?? { seq: 0, hash: '' };
    if (this.#last.seq < Math.max(seq, ...this.#anchors.keys())) {
      return { fault: 'cut-off', seq: this.#last.seq + 1 };
    }
    if (lastSeq > seq) return { fault: 'beyond-head', seq: seq + 1 };
    return hash === this.#last.hash ? undefined : { fault: 'changed', seq };
  }

  /** Where only a newer part was followed, the entry about the cut need not be in it. */
  #cutFault({ base, firstSeq }: AuditExtent): ChainFinding | undefined {
    if (firstSeq > 0 && firstSeq <= base.seq) return { fault: 'before-cut', seq: firstSeq };
    if (base.seq === 0 || this.#start.seq !== base.seq) return undefined;
    const anchor = this.#anchors.get(base.seq);
    if (anchor !== undefined && anchor !== base.hash) return { fault: 'anchor-mismatch', seq: base.seq };
    const isProven = this.#cut?.seq === base.seq && this.#cut.hash === base.hash;
    return isProven ? undefined : { fault: 'cut-unproven', seq: base.seq + 1 };
  }
}

function readCut(after: string | null): AuditHead | undefined {
  const detail: unknown = after === null ? null : JSON.parse(after);
  if (typeof detail !== 'object' || detail === null || !('to_seq' in detail) || !('hash' in detail))
    return undefined;
  const { to_seq: seq, hash } = detail;
  return typeof seq === 'number' && typeof hash === 'string' ? { seq, hash } : undefined;
}
