import type { ApiKeyRow } from './statement/api-key.ts';
import type { AuditLogRow } from './audit-row.ts';
import type { RunRow } from './run-row.ts';
import type { SessionRow } from './statement/read-session.ts';
import type { StoredEventRow } from './statement/read-events.ts';
import type { UserRow } from './statement/user.ts';
import type { ApprovalRow } from './statement/read-approval.ts';

/** The columns that queries made by Kysely read. */
export interface Tables {
  runs: RunRow;
  sessions: SessionRow;
  events: StoredEventRow;
  approvals: ApprovalRow;
  api_keys: ApiKeyRow;
  users: UserRow;
  audit_log: AuditLogRow;
}
