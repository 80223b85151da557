import type { JsonObject } from '@batuta/contract';

/** A session's row. */
export interface SessionRecord {
  id: string;
  tenantId: string;
  agent: string;
  title: string;
  metadata: JsonObject;
  forkedFrom: { sessionId: string; seq: number } | null;
  parentRunId: string | null;
  /** Whose it is: a user's or a key's id (`domain/identity/ownership.ts`). */
  ownerId: string | null;
  createdAt: number;
  /** When a run of it was last accepted, suspended or ended. */
  updatedAt: number;
}

/** Sessions of a tenant. A session is made when its first run is accepted. */
export interface SessionStore {
  get(tenantId: string, id: string): Promise<SessionRecord | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. Child sessions are left out. */
  list(
    tenantId: string,
    page: { ownerId?: string; before?: string; limit: number },
  ): Promise<SessionRecord[]>;
  /** Deletes the session with its runs, events, artifacts. Errors: `session-unknown`, `session-busy`. */
  delete(tenantId: string, id: string): Promise<void>;
  /**
   * Copies the log up to and with event `at` (absent: all of it) into a new session that begins with `session-forked`.
   * Errors: `session-unknown`, `event-unknown`.
   */
  fork(
    source: { tenantId: string; sessionId: string; at?: number },
    fork: { id: string; ownerId: string | null },
  ): Promise<SessionRecord>;
}
