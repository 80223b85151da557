import type { JsonObject, Role, RunError, RunStatus, Usage, WaitReason } from '@batuta/contract';
import type { Ancestor, ParentCall, RunInputRecord, RunRecord } from '../../port/run-record.ts';

/** A row of `runs` as the driver gives it: instants in milliseconds, `bigint` as a number. */
export interface RunRow {
  id: string;
  tenant_id: string;
  session_id: string;
  agent: string;
  definition_hash: string;
  parent_run_id: string | null;
  parent_call_id: string | null;
  input: RunInputRecord;
  metadata: JsonObject;
  ancestors: Ancestor[] | null;
  created_at: number;
  started_seq: number | null;
  started_at: number | null;
  ended_at: number | null;
  wake_at: number | null;
  status: RunStatus;
  waiting_for: WaitReason | null;
  lease_worker: string | null;
  lease_epoch: number;
  signals_pending: number;
  turns: number;
  attempt: number;
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost_micros: number | null;
  output_text: string | null;
  error: RunError | null;
  requested_by_user: string | null;
  requested_by_key: string | null;
  requested_by_role: Role;
  requested_by_name: string;
  requested_by_address: string | null;
  owner_id: string | null;
}

/** Columns of a `RunRow`. */
export const runColumnNames = [
  'id',
  'tenant_id',
  'session_id',
  'agent',
  'definition_hash',
  'parent_run_id',
  'parent_call_id',
  'input',
  'metadata',
  'ancestors',
  'created_at',
  'started_seq',
  'started_at',
  'ended_at',
  'wake_at',
  'status',
  'waiting_for',
  'lease_worker',
  'lease_epoch',
  'signals_pending',
  'turns',
  'attempt',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_micros',
  'output_text',
  'error',
  'requested_by_user',
  'requested_by_key',
  'requested_by_role',
  'requested_by_name',
  'requested_by_address',
  'owner_id',
] as const satisfies (keyof RunRow)[];

/** Columns of a `RunRow` as SQL, each with the prefix of its table. */
export function runColumns(table: string): string {
  return runColumnNames.map((name) => `${table}.${name}`).join(', ');
}

/** A row as the record of the port. */
export function toRunRecord(row: RunRow): RunRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    agent: row.agent,
    definitionHash: row.definition_hash,
    status: row.status,
    waitingFor: row.waiting_for,
    wakeAt: row.wake_at,
    parent: toParent(row),
    ancestors: row.ancestors ?? [],
    input: row.input,
    outputText: row.output_text,
    usage: toUsage(row),
    costMicros: row.cost_micros,
    turns: row.turns,
    attempt: row.attempt,
    error: row.error,
    metadata: row.metadata,
    requestedBy: {
      userId: row.requested_by_user,
      keyId: row.requested_by_key,
      role: row.requested_by_role,
      name: row.requested_by_name,
      address: row.requested_by_address,
    },
    ownerId: row.owner_id,
    startedSeq: row.started_seq,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

function toParent(row: RunRow): ParentCall | null {
  if (row.parent_run_id === null || row.parent_call_id === null) return null;
  return { runId: row.parent_run_id, callId: row.parent_call_id };
}

function toUsage(row: RunRow): Usage {
  return {
    input_tokens: row.input_tokens,
    cached_input_tokens: row.cached_input_tokens,
    cache_write_tokens: row.cache_write_tokens,
    output_tokens: row.output_tokens,
    reasoning_tokens: row.reasoning_tokens,
  };
}
