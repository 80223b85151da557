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
  ]
>(
  'add-ledger-entries',
  `
  insert into ledger (run_id, tenant_id, session_id, agent, reservation_id, kind, model, micros)
  select run.id, run.tenant_id, run.session_id, run.agent, entry.*
  from runs run cross join unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) as entry
  where run.id = $1 and run.started_seq is not null`,
);
