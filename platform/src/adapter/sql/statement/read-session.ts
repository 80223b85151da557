import type { JsonObject } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `sessions`. */
export interface SessionRow {
  id: string;
  tenant_id: string;
  agent: string;
  title: string;
  metadata: JsonObject;
  forked_from_session: string | null;
  forked_from_seq: number | null;
  parent_run_id: string | null;
  owner_id: string | null;
  created_at: number;
  updated_at: number;
}

/** One session of the tenant. */
export const readSession = statement<SessionRow, readonly [sessionId: string]>(
  'read-session',
  `select id, tenant_id, agent, title, metadata, forked_from_session, forked_from_seq, parent_run_id, owner_id,
     created_at, updated_at
   from sessions where id = $1`,
);
