import type { Event, Run } from '@batuta/contract';
import type { TestPlatform } from '@batuta/testkit/platform';
import { expect } from 'vitest';
import { readMoney, type LedgerRow } from './money-fixtures.ts';

type Reserved = Extract<Event, { kind: 'cost-reserved' }>['data'];

/**
 * Checks that log, ledger and accounts tell the same of the money of runs that have ended: every reservation was closed once, what calls
 * cost is in the ledger, accounts have spent what was settled on them, and nothing is left reserved.
 */
export async function checkMoney(platform: TestPlatform, runs: readonly Run[]): Promise<void> {
  const { ledger, usage } = await readMoney(platform);
  const spent = new Map<string, number>();
  for (const run of runs) {
    const log = (await platform.events(run.session_id)).filter((event) => event.run_id === run.id);
    const entries = ledger.filter((entry) => entry.run_id === run.id);
    checkReservations(log, entries);
    checkCosts(log, entries);
    for (const [account, micros] of settledOn(log)) spent.set(account, (spent.get(account) ?? 0) + micros);
  }
  const counted = usage.map(({ account, ...state }) => ({ account, ...state }));
  const expected = counted.map(({ account }) => ({ account, spent: spent.get(account) ?? 0, reserved: 0 }));
  expect(counted).toEqual(expected);
  expect([...spent.keys()].filter((account) => usage.every((each) => each.account !== account))).toEqual([]);
}

/** Each is closed once, in the log and in the ledger, by the same amount. */
function checkReservations(log: readonly Event[], entries: readonly LedgerRow[]): void {
  const reserved = log.filter((event) => event.kind === 'cost-reserved').map(({ data }) => data);
  const settled = log.filter((event) => event.kind === 'cost-settled').map(({ data }) => data);
  const ids = (list: readonly { reservation_id: string }[]) => list.map((each) => each.reservation_id);
  expect(ids(settled)).toEqual(ids(reserved));
  const made = entries.filter(({ kind }) => kind === 'reserve');
  expect(new Set(ids(made))).toEqual(new Set(ids(reserved)));
  const kinds = { lost: 'lost', released: 'release', settled: 'settle' } as const;
  for (const { reservation_id: id, micros, flag = 'settled' } of settled) {
    const closing = entries.filter((entry) => entry.reservation_id === id && entry.kind !== 'reserve');
    expect(closing.map(({ kind, micros: amount }) => [kind, amount])).toEqual([[kinds[flag], micros]]);
  }
}

/** What the answers cost, and nothing else, is settled. */
function checkCosts(log: readonly Event[], entries: readonly LedgerRow[]): void {
  const costs = log.flatMap((event) => {
    if (event.kind === 'model-call-settled' || event.kind === 'question-embedded')
      return [event.data.cost_micros ?? 0];
    return event.kind === 'history-compacted' ? [event.data.call?.cost_micros ?? 0] : [];
  });
  const settled = entries.filter(({ kind }) => kind === 'settle').map(({ micros }) => micros);
  expect(sum(settled)).toBe(sum(costs));
}

function settledOn(log: readonly Event[]): [account: string, micros: number][] {
  const reservations = new Map<string, Reserved>();
  return log.flatMap((event): [string, number][] => {
    if (event.kind === 'cost-reserved') reservations.set(event.data.reservation_id, event.data);
    if (event.kind === 'question-embedded') {
      const { charges, cost_micros: micros } = event.data;
      return charges.map(({ account }) => [account, micros ?? 0]);
    }
    if (event.kind !== 'cost-settled') return [];
    const { charges = [] } = reservations.get(event.data.reservation_id) ?? {};
    return charges.map(({ account }) => [account, event.data.micros]);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
