import { statement } from '../statement.ts';

/**
 * Stores movements of money of a run that the same transaction has started or written to; without it nothing is stored. A
 * reservation is made and closed at most once each.
 */
export const addLedgerEntries = statement<
  never,
  readonly [
    runId: string,
    reservationIds: readonly string[],
    kinds: readonly string[],
    models: readonly string[],
    micros: readonly number[],
    inputTokens: readonly number[],
    cachedInputTokens: readonly number[],
    cacheWriteTokens: readonly number[],
    outputTokens: readonly number[],
    reasoningTokens: readonly number[],
  ]
>(
  'add-ledger-entries',
  `
  insert into ledger (run_id, tenant_id, session_id, agent, user_id, reservation_id, kind, model, micros,
    input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens)
  select run.id, run.tenant_id, run.session_id, run.agent, run.requested_by_user, entry.*
  from runs run cross join unnest($2::text[], $3::text[], $4::text[], $5::bigint[],
    $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]) as entry
  where run.id = $1 and run.started_seq is not null`,
);
