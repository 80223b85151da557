import { BatutaError } from '@batuta/contract';
import type { AuditEntry, AuditLog, AuditStore } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';

/** How late an entry is written at most, while the database answers. */
const batchMs = 1_000;
/** Different entries that are held; further ones are counted together by what and who, without their targets. */
const mostHeld = 10_000;
const mostCoarse = 2_000;
/** Entries of one transaction: the chain of the tenant is locked for as long as it takes. */
const mostInBatch = 200;

interface Collected {
  tenantId: string;
  entry: AuditEntry;
  count: number;
}

interface Parts {
  store: Pick<AuditStore, 'append' | 'extent'>;
  /** How often ends of chains are written to the log of the process; 0: never. */
  anchorMs: number;
  clock: Clock;
  log: Log;
}

/**
 * Collects entries that need no transaction of their own and writes them in batches, off the way of requests and turns.
 *
 * - idle: nothing is held
 * - collecting: entries are held and a timer runs; equal ones are one row with a count, but those with details each stand alone
 * - writing: what was held is on its way, tenant by tenant; new entries are collected for the next batch. What could not be written
 *   is held again, with what came meanwhile, and tried with the next batch
 *
 * What is held when the process is killed is lost: accesses of its last second. Changes and decisions are not collected: they are
 * written by `appendAudit` in their own transactions.
 */
export class AuditCollector implements AuditLog {
  readonly #parts: Parts;
  #held = new Map<string, Collected>();
  #lost = 0;
  /** Tenants whose chains have grown since their ends were last told. */
  readonly #grown = new Set<string>();
  #nextAnchorAt: number;
  #stopTimer: (() => void) | undefined;
  #writing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#nextAnchorAt = parts.clock.monotonic() + parts.anchorMs;
  }

  record(tenantId: string, entry: AuditEntry): void {
    const at = entry.at ?? this.#parts.clock.now();
    this.#hold({ tenantId, entry: { ...entry, at }, count: entry.count ?? 1 });
    this.#stopTimer ??= this.#parts.clock.after(batchMs, () => void this.flush());
  }

  /** Writes what is held and tells the ends of the chains: the last thing before the database is closed. Contract: never rejects. */
  async close(): Promise<void> {
    await this.flush();
    await this.#tellEnds();
  }

  /** Writes what is held. Contract: never rejects; ends when everything that was held by then is written or held again. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(): Promise<void> {
    const held = Map.groupBy(this.#held.values(), ({ tenantId }) => tenantId);
    this.#held = new Map();
    this.#tellLost();
    for (const [tenantId, collected] of held) {
      for (let from = 0; from < collected.length; from += mostInBatch) {
        await this.#append(tenantId, collected.slice(from, from + mostInBatch));
      }
      this.#grown.add(tenantId);
    }
    if (this.#parts.clock.monotonic() >= this.#nextAnchorAt) await this.#tellEnds();
  }

  async #append(tenantId: string, batch: readonly Collected[]): Promise<void> {
    try {
      const entries = batch.map(({ entry, count }) => ({ ...entry, count }));
      await this.#parts.store.append(tenantId, entries);
    } catch (error) {
      const passes = BatutaError.has(error, 'database-unreachable');
      this.#parts.log.error('entries of the audit log were not written', {
        entries: batch.length,
        kept: passes,
        error,
      });
      if (!passes) return;
      for (const collected of batch) this.#hold(collected);
      this.#stopTimer ??= this.#parts.clock.after(batchMs, () => void this.flush());
    }
  }

  /** Copies of the ends outside of the database: with them a chain that was made anew or cut off with its head is found out. */
  async #tellEnds(): Promise<void> {
    const { anchorMs, clock, store, log } = this.#parts;
    this.#nextAnchorAt = clock.monotonic() + anchorMs;
    if (anchorMs === 0) return;
    for (const tenant of this.#grown) {
      this.#grown.delete(tenant);
      const { head } = await store.extent(tenant).catch(() => ({ head: null }));
      if (head) log.info('end of the audit log', { tenant, anchor: `${head.seq}:${head.hash}` });
    }
  }

  #hold(collected: Collected): void {
    const { before, after } = collected.entry;
    const isAlone = before !== null || after !== null;
    const key = isAlone ? `${this.#held.size}\n${exactKey(collected)}` : exactKey(collected);
    const known = isAlone ? undefined : this.#held.get(key);
    if (known) known.count += collected.count;
    else if (this.#held.size < mostHeld) this.#held.set(key, collected);
    else this.#holdCoarsely(collected);
  }

  #holdCoarsely({ tenantId, entry, count }: Collected): void {
    const coarse = { tenantId, entry: { ...entry, target: null, userAgent: null }, count };
    const key = coarseKey(coarse);
    const known = this.#held.get(key);
    if (known) known.count += count;
    else if (this.#held.size < mostHeld + mostCoarse) this.#held.set(key, coarse);
    else this.#lost += count;
  }

  #tellLost(): void {
    if (this.#lost === 0) return;
    this.#parts.log.error('entries of the audit log were dropped: too many at once', { entries: this.#lost });
    this.#lost = 0;
  }
}

function exactKey(collected: Collected): string {
  const { target, address, userAgent } = collected.entry;
  return `${coarseKey(collected)}\n${target ?? ''}\n${address ?? ''}\n${userAgent ?? ''}`;
}

/** What an entry says besides where and on what. */
function coarseKey({ tenantId, entry }: Collected): string {
  const { action, actor, keyId, outcome, reason } = entry;
  return `${tenantId}\n${action}\n${actor}\n${keyId ?? ''}\n${outcome}\n${reason ?? ''}`;
}
