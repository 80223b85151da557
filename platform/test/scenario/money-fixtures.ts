import type { Event } from '@batuta/contract';
import type { TestPlatform } from '@batuta/testkit/platform';
import { systemEntry } from '../../src/application/audit/audit-entry.ts';
import { ids } from '../conformance/make-run.ts';
import type { BudgetRecord } from '../../src/port/budget-store.ts';

/** One movement in the ledger. */
export interface LedgerRow {
  run_id: string;
  reservation_id: string;
  kind: string;
  micros: number;
}

/** What is stored of money, past all row-level security. */
export async function readMoney({ stores }: TestPlatform) {
  return await stores.engine.administer(async (client) => {
    const ledger = await client.query<LedgerRow>(
      'select run_id, reservation_id, kind, micros::float8 as micros from batuta.ledger order by reservation_id, closing',
    );
    const usage = await client.query<{ account: string; spent: number; reserved: number }>(
      `select account, sum(spent)::float8 as spent, sum(reserved)::float8 as reserved
       from batuta.budget_usage group by account order by account`,
    );
    return { ledger: ledger.rows, usage: usage.rows };
  });
}

/** Sets a budget of the tenant `alpha`; by default a hard one of the tenant, for all time, under which a run fails. */
export async function setBudget(
  { stores, identity }: TestPlatform,
  budget: Partial<BudgetRecord> & { limitMicros: number },
): Promise<BudgetRecord> {
  const defaults = { name: 'test', scope: 'tenant', subject: null, per: 'total' } as const;
  const rules = { hard: true, onLimit: 'fail', alerts: [80, 100] } as const;
  const id = ids.create('budget');
  const audit = systemEntry({ action: 'budget-set', target: id });
  return await stores.budgets.create(identity.tenantId, { id, ...defaults, ...rules, ...budget }, audit);
}

/** Kinds and the essence of the events about money. */
export function moneyOf(log: readonly Event[]): string[] {
  return log.flatMap((event) => {
    switch (event.kind) {
      case 'cost-reserved':
        return [`reserved ${event.data.micros}`];
      case 'cost-settled':
        return [`${event.data.flag ?? 'settled'} ${event.data.micros}`];
      case 'budget-alerted':
        return [`alerted ${event.data.threshold}`];
      case 'budget-reached':
        return [`reached ${event.data.spent_micros}+${event.data.needed_micros}`];
      default:
        return [];
    }
  });
}
