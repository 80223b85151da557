import { statement } from '../statement.ts';

/** Stores movements of money. A reservation is made, settled and released at most once each. */
export const addLedgerEntries = statement<
  never,
  readonly [
    runId: string,
    tenantId: string,
    sessionId: string,
    reservationIds: readonly string[],
    kinds: readonly string[],
    models: readonly string[],
    micros: readonly number[],
  ]
>(
  'add-ledger-entries',
  `
  insert into ledger (run_id, tenant_id, session_id, reservation_id, kind, model, micros)
  select $1, $2, $3, entry.* from unnest($4::text[], $5::text[], $6::text[], $7::bigint[]) as entry`,
);
