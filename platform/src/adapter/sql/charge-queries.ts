import type { Usage } from '@batuta/contract';
import type { AccountCharge, BudgetAlert, LedgerEntry } from '../../port/run-record.ts';
import type { Query } from './statement.ts';
import { addLedgerEntries } from './statement/add-ledger-entries.ts';
import type { ChargeValues } from './statement/charge-accounts.ts';
import { giveAlerts } from './statement/give-alerts.ts';

/** The query that stores movements of money; none where there are none. */
export function ledgerQueries(runId: string, entries: readonly LedgerEntry[]): Query[] {
  if (entries.length === 0) return [];
  return [
    addLedgerEntries(
      runId,
      entries.map((entry) => entry.reservationId),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.model),
      entries.map((entry) => entry.micros),
      tokensOf(entries, 'input_tokens'),
      tokensOf(entries, 'cached_input_tokens'),
      tokensOf(entries, 'cache_write_tokens'),
      tokensOf(entries, 'output_tokens'),
      tokensOf(entries, 'reasoning_tokens'),
    ),
  ];
}

function tokensOf(entries: readonly LedgerEntry[], kind: keyof Usage): number[] {
  return entries.map(({ usage }) => usage?.[kind] ?? 0);
}

/** The values of a charge. What is asked of one account and slice becomes one change. */
export function chargeValues(tenantId: string, charges: readonly AccountCharge[]): ChargeValues {
  const merged = mergeCharges(charges);
  return [
    tenantId,
    merged.map((charge) => charge.account),
    merged.map((charge) => charge.slice),
    merged.map((charge) => charge.spent),
    merged.map((charge) => charge.reserved),
    merged.map((charge) => charge.limit),
  ];
}

function mergeCharges(charges: readonly AccountCharge[]): AccountCharge[] {
  const merged = new Map<string, AccountCharge>();
  for (const charge of charges) {
    const key = `${charge.slice} ${charge.account}`;
    const before = merged.get(key);
    merged.set(key, before ? addCharges(before, charge) : charge);
  }
  return [...merged.values()];
}

function addCharges(one: AccountCharge, other: AccountCharge): AccountCharge {
  const limits = [one.limit, other.limit].filter((limit) => limit !== null);
  return {
    ...one,
    spent: one.spent + other.spent,
    reserved: one.reserved + other.reserved,
    limit: limits.length > 0 ? Math.min(...limits) : null,
  };
}

/** The query that records alerts; none where there are none. */
export function alertQueries(
  run: { tenantId: string; runId: string },
  alerts: readonly BudgetAlert[],
): Query[] {
  if (alerts.length === 0) return [];
  return [
    giveAlerts(
      run.tenantId,
      run.runId,
      alerts.map((alert) => alert.account),
      alerts.map((alert) => alert.limitMicros),
      alerts.map((alert) => alert.threshold),
    ),
  ];
}
