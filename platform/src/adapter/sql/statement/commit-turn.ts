import type { RunStatus } from '@batuta/contract';
import { statement } from '../statement.ts';

/** Values of `commitTurn`, in order. */
export type CommitValues = readonly [
  runId: string,
  epoch: number,
  firstSeq: number,
  status: RunStatus,
  waitingFor: string | null,
  wakeAt: Date | null,
  turns: number,
  attempt: number,
  inputTokens: number,
  cachedInputTokens: number,
  cacheWriteTokens: number,
  outputTokens: number,
  reasoningTokens: number,
  costMicros: number | null,
  outputText: string | null,
  error: string | null,
  startedSeq: number,
  signalsTakenTo: number,
  eventKinds: readonly string[],
  eventVersions: readonly number[],
  eventData: string,
];

/** What a commit left. */
export interface CommittedRow {
  at: number;
  status: RunStatus;
  signals_pending: number;
}

/**
 * Writes the run's row and its events, if the run is still this lease's. Otherwise, and for a success while signals
 * wait, it ends the transaction through `refuse_write`, so that nothing sent with it takes place either.
 *
 * The number of signals is read from the run's row, which whoever leaves one must lock first: it cannot be missed.
 */
export const commitTurn = statement<CommittedRow, CommitValues>(
  'commit-turn',
  `
  with taken as (
    select case when $18::bigint > 0
      then (select count(*)::integer from run_signals where run_id = $1 and id <= $18)
      else 0 end as signals
  ), changed as (
    update runs set
      status = case when $4 = 'waiting' and signals_pending > taken.signals then 'queued' else $4 end,
      waiting_for = case when $4 = 'waiting' and signals_pending = taken.signals then $5 end,
      wake_at = case when $4 = 'waiting' and signals_pending = taken.signals then $6::timestamptz end,
      lease_worker = case when $4 = 'running' then lease_worker end,
      signals_pending = signals_pending - taken.signals,
      turns = $7, attempt = $8, input_tokens = $9, cached_input_tokens = $10, cache_write_tokens = $11,
      output_tokens = $12, reasoning_tokens = $13, cost_micros = $14, output_text = $15, error = $16::json,
      started_seq = $17, started_at = coalesce(started_at, now()),
      ended_at = case when $4 in ('succeeded', 'failed', 'cancelled') then now() end
    from taken
    where id = $1 and lease_epoch = $2 and status = 'running'
      and not ($4 = 'succeeded' and signals_pending > taken.signals)
    returning id, session_id, tenant_id, status, signals_pending
  ), written as (
    insert into events (session_id, seq, epoch, version, tenant_id, run_id, kind, data)
    select changed.session_id, $3::integer - 1 + event.place, $2, event.version, changed.tenant_id, changed.id,
      event.kind, event.data
    from changed cross join rows from (
      unnest($19::text[], $20::smallint[]), json_array_elements($21::json)
    ) with ordinality as event (kind, version, data, place)
  )
  select coalesce((select status from changed), refuse_write('not-held')) as status,
    (select signals_pending from changed) as signals_pending, now()::timestamptz(3) as at`,
);
