import type { RunStatus } from '@batuta/contract';
import { runColumns, type RunRow } from '../run-row.ts';
import { statement } from '../statement.ts';

/**
 * Leaves a signal and makes a waiting run claimable; a failed one too when the signal is a retry, at the end of the queue.
 * No row comes back when there is no such run in one of the allowed statuses. The run's row is locked first, so that
 * the ids of its signals grow in the order in which they become visible.
 */
export const leaveSignal = statement<
  RunRow,
  readonly [runId: string, allowed: readonly RunStatus[], kind: string, data: string]
>(
  'leave-signal',
  `
  with changed as (
    update runs set
      signals_pending = signals_pending + 1,
      status = case when status = 'waiting' or ($3 = 'retry' and status = 'failed') then 'queued' else status end,
      position = case when $3 = 'retry' and status = 'failed' then nextval('run_positions') else position end,
      waiting_for = null,
      wake_at = null,
      ended_at = case when $3 = 'retry' then null else ended_at end,
      error = case when $3 = 'retry' then null else error end
    where id = $1 and status = any($2::text[])
    returning *
  ), left_signal as (
    insert into run_signals (run_id, tenant_id, kind, data)
    select changed.id, changed.tenant_id, $3, $4::json from changed
  )
  select ${runColumns('changed')} from changed`,
);
