import type { Engine } from '@batuta/platform/database';
import type { ClientBase } from 'pg';
import type {
  StoredAccount,
  StoredApproval,
  StoredCase,
  StoredCaseEvent,
  StoredEffect,
  StoredLedgerEntry,
  StoredRun,
} from './worker-protocol.ts';

/** Reads what is stored of the run with an idempotency key and of its child runs, past all row-level security. */
export function readStoredCase(engine: Engine, key: string): Promise<StoredCase> {
  return engine.administer(async (client) => {
    const runs = await client.query<StoredRun>(
      `with recursive tree as (
         select * from batuta.runs where idempotency_key = $1
         union all select child.* from batuta.runs child join tree on child.parent_run_id = tree.id
       )
       select id, session_id, parent_run_id, status, lease_epoch, signals_pending, output_text from tree
       order by position`,
      [key],
    );
    const sessions = runs.rows.map((run) => run.session_id);
    const events = await client.query<StoredCaseEvent>(
      `select run_id, session_id, seq, epoch, version, kind, data from batuta.events
       where session_id = any($1::text[]) order by session_id, seq`,
      [sessions],
    );
    const effects = await client.query<StoredEffect>(
      `select run_id, call_id, tool, attempt, outcome from batuta.effects
       where run_id = any($1::text[]) order by run_id, call_id`,
      [runs.rows.map((run) => run.id)],
    );
    const approvals = await client.query<StoredApproval>(
      `select id, call_id, arguments_hash, decision, edited_hash, closed from batuta.approvals
       where run_id = any($1::text[]) order by id`,
      [runs.rows.map((run) => run.id)],
    );
    const money = await readMoney(client, runs.rows);
    return {
      runs: runs.rows,
      events: events.rows,
      effects: effects.rows,
      approvals: approvals.rows,
      ...money,
    };
  });
}

async function readMoney(client: ClientBase, runs: readonly StoredRun[]) {
  const ids = runs.map((run) => run.id);
  const ledger = await client.query<StoredLedgerEntry>(
    `select run_id, reservation_id, kind, micros::float8 as micros from batuta.ledger
     where run_id = any($1::text[]) order by reservation_id, closing`,
    [ids],
  );
  const accounts = await client.query<StoredAccount>(
    `select account, sum(spent)::float8 as spent, sum(reserved)::float8 as reserved from batuta.budget_usage
     where account = any($1::text[]) group by account order by account`,
    [ids.map((id) => `run/${id}`)],
  );
  return { ledger: ledger.rows, accounts: accounts.rows };
}
