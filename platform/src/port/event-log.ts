import type { JsonObject } from '@batuta/contract';

/** An event as it stands in the database: of any version that was ever written. `domain/run/upgrade-event.ts` lifts it. */
export interface StoredEvent {
  seq: number;
  sessionId: string;
  runId: string;
  kind: string;
  version: number;
  /** ISO 8601 instant of its commit. */
  at: string;
  data: JsonObject;
}

/** Reads a session's log. Writing is part of a commit (`RunStore`). */
export interface EventLog {
  /** Events after `afterSeq`, in order, at most `limit`. */
  read(
    tenantId: string,
    sessionId: string,
    range: { afterSeq: number; limit: number },
  ): Promise<StoredEvent[]>;
  /**
   * Where the fold of a session may begin: events up to and with `afterSeq` are covered by its last compaction and
   * belong to ended runs. 0 when the log must be read from its start.
   */
  foldStart(tenantId: string, sessionId: string): Promise<number>;
}
