import type { Run } from '@batuta/contract';
import type { RunRecord } from '../../port/run-record.ts';

/** A run as the API shows it. */
export function renderRun(record: RunRecord): Run {
  return {
    id: record.id,
    session_id: record.sessionId,
    agent: record.agent,
    status: record.status,
    ...waitOf(record),
    output: record.status === 'succeeded' ? { text: record.outputText ?? '' } : null,
    usage: record.usage,
    cost_usd: record.costMicros === null ? null : record.costMicros / 1_000_000,
    turns: record.turns,
    ...(record.error === null ? {} : { error: record.error }),
    ...(record.parent === null ? {} : { parent_run_id: record.parent.runId }),
    metadata: record.metadata,
    created_at: instant(record.createdAt),
    ...(record.startedAt === null ? {} : { started_at: instant(record.startedAt) }),
    ...(record.endedAt === null ? {} : { ended_at: instant(record.endedAt) }),
  };
}

function waitOf({ waitingFor, wakeAt }: RunRecord): Pick<Run, 'waiting_for' | 'waiting_until'> {
  if (waitingFor === null) return {};
  return { waiting_for: waitingFor, ...(wakeAt === null ? {} : { waiting_until: instant(wakeAt) }) };
}

/** Milliseconds since the epoch as ISO 8601. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
