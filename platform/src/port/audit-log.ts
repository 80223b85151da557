import type { JsonObject } from '@batuta/contract';
import type { Announcement } from './webhook-store.ts';

/** What an entry is about: somebody looked or acted through a door, something changed, a person decided, or somebody was kept out. */
export type AuditKind = 'access' | 'change' | 'decision' | 'security';

/** Who acted: a user, an API key that belongs to no user, the platform itself, or nobody known. */
export type AuditActorKind = 'user' | 'key' | 'system' | 'anonymous';

/** How it ended: done, not allowed, or tried and gone wrong. */
export type AuditOutcome = 'succeeded' | 'refused' | 'failed';

/** One thing that somebody did or was kept from. Never holds a secret: name what changed, not the value of a key. */
export interface AuditEntry {
  /** `change` when absent. */
  kind?: AuditKind;
  /** What happened: noun-verb (`api-key-created`), or method and route template of an access (`POST /v1/runs`). */
  action: string;
  /** Id of the user or key; `system` or `anonymous` where there is none. */
  actor: string;
  actorKind: AuditActorKind;
  /** Name of the user or key at that time, for people. */
  actorName?: string | null;
  /** The key that was used, where the actor is a user. */
  keyId?: string | null;
  /** Id of what it was done to, such as `run_...`; null where the action says it all. */
  target: string | null;
  outcome: AuditOutcome;
  /** Why it was refused or failed: the code of an error, or the rule. */
  reason?: string | null;
  /** Network address of the client. */
  address: string | null;
  userAgent?: string | null;
  /** What was there before, and what is there now; only what changed, never a secret. At most 16 KB each are kept. */
  before: JsonObject | null;
  after: JsonObject | null;
  /** Milliseconds since the epoch; absent: the time of the transaction. */
  at?: number;
  /** How often, where equal accesses of one moment are counted together; absent: once. */
  count?: number;
}

/** An entry as it is stored: a link of its tenant's chain. */
export interface AuditRow {
  tenantId: string;
  seq: number;
  at: number;
  kind: AuditKind;
  action: string;
  actorKind: AuditActorKind;
  actor: string;
  actorName: string | null;
  keyId: string | null;
  target: string | null;
  outcome: AuditOutcome;
  reason: string | null;
  address: string | null;
  userAgent: string | null;
  count: number;
  /** JSON text as it was hashed. */
  before: string | null;
  after: string | null;
  /** SHA-256 over this row and the hash of the one before it, hexadecimal. */
  hash: string;
}

/** Which entries are wanted; what is absent does not narrow. */
export interface AuditFilter {
  /** From this time on, and before that time: milliseconds since the epoch. */
  since?: number;
  until?: number;
  actor?: string;
  action?: string;
  kind?: AuditKind;
  target?: string;
}

/** The end of a tenant's chain: kept outside the database, it shows later that nothing up to here was changed or cut off. */
export interface AuditHead {
  seq: number;
  hash: string;
}

/** Where a tenant's chain begins and ends. */
export interface AuditExtent {
  /** The last entry that retention has cut away: what is left follows it. Number 0: nothing was cut. */
  base: AuditHead;
  /** Number of the first entry that is there; 0: none is. */
  firstSeq: number;
  /** As the database keeps it beside the chain; null for a tenant without entries. */
  head: AuditHead | null;
  /** Number of the last entry that is there: the head's, unless somebody was at work. */
  lastSeq: number;
}

/** The record of who did what, append-only, one chain of hashes for each tenant. */
export interface AuditStore {
  /** Appends in order, in a transaction of their own. What a change or decision records goes into its own transaction instead. */
  append(tenantId: string, entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first, with a number below `before`. */
  list(tenantId: string, filter: AuditFilter & { before?: number; limit: number }): Promise<AuditRow[]>;
  /** Oldest first, with a number above `after`. */
  read(tenantId: string, filter: AuditFilter & { after: number; limit: number }): Promise<AuditRow[]>;
  /** The number of the first entry at or after a time; undefined when there is none. */
  firstSince(tenantId: string, since: number): Promise<number | undefined>;
  /**
   * Removes the beginning of a chain up to this entry, and appends `entry`, in one transaction that has computed every hash of it again.
   * False, and nothing is removed: it is not whole, the entry has another hash, or it is the last one.
   */
  cut(tenantId: string, upTo: AuditHead, entry: AuditEntry): Promise<boolean>;
  /** Over all tenants: whose chain has grown since it was anchored, and was not anchored since this time. */
  unanchored(since: number, limit: number): Promise<string[]>;
  /**
   * Takes note that the end of a chain is told outside, and fills the outbox with what webhooks are told of it. Undefined: it has not grown
   * since the last time.
   */
  anchor(
    tenantId: string,
    announce: (head: AuditHead) => Announcement,
  ): Promise<{ head: AuditHead; webhooks: string[] } | undefined>;
  /** Beginning, head and last entry as they are at the same moment. */
  extent(tenantId: string): Promise<AuditExtent>;
}

/**
 * Takes note of accesses and of what needs no transaction of its own. Contract: returns at once, never throws; entries are written in
 * batches within a second, equal ones of that second as one row with a count.
 */
export interface AuditLog {
  record(tenantId: string, entry: AuditEntry): void;
}

/** Keeps segments of audit logs that are about to be cut away. */
export interface AuditArchive {
  /** Contract: durable when it resolves; the same segment again replaces the former copy. Gives the name under which it is kept. */
  keep(tenantId: string, segment: { from: number; to: number; rows: readonly AuditRow[] }): Promise<string>;
}
