/** The rule of money, checked for one crash: log, ledger and accounts tell the same, and nothing is left reserved. */
import type { StoredCase, StoredCaseEvent } from '@batuta/testkit/crash/protocol';
import { expect } from 'vitest';
import type { CrashCase } from './crash-relay.ts';

/** Rule 7: what was reserved when the process died is there afterwards, closed once; nothing is forgotten or counted twice. */
export function expectMoneyBalanced({ name, before, after }: CrashCase): void {
  const reserved = named(after, 'cost-reserved');
  const settled = named(after, 'cost-settled');
  expect(settled.map(idOf).toSorted(), `${name}: each reservation is closed once`).toEqual(
    reserved.map(idOf).toSorted(),
  );
  expectLedger(name, after);
  expectLostOnlyByCrash({ name, before, after });
  const spent = settled.reduce((sum, { data }) => sum + Number(data['micros']), 0);
  const [root] = after.runs;
  const accounts = after.accounts.filter(({ account }) => account === `run/${root?.id}`);
  expect(accounts, `${name}: the account of the run has spent what was settled`).toEqual([
    { account: `run/${root?.id}`, spent, reserved: 0 },
  ]);
}

/** The ledger has what the log has, by reservation and amount. */
function expectLedger(name: string, after: StoredCase): void {
  const kinds: Record<string, string> = { lost: 'lost', released: 'release' };
  const told = [
    ...named(after, 'cost-reserved').map((event) => lineOf(event, 'reserve')),
    ...named(after, 'cost-settled').map((event) =>
      lineOf(event, kinds[String(event.data['flag'])] ?? 'settle'),
    ),
  ];
  const kept = after.ledger.map(({ reservation_id: id, kind, micros }) => `${id} ${kind} ${micros}`);
  expect(kept.toSorted(), `${name}: the ledger tells what the log tells`).toEqual(told.toSorted());
}

/** A reservation that was open when a process died is lost; every answer that is in the log was settled by what it cost. */
function expectLostOnlyByCrash({ name, before, after }: Pick<CrashCase, 'name' | 'before' | 'after'>): void {
  const closed = new Set(named(before, 'cost-settled').map(idOf));
  const open = named(before, 'cost-reserved')
    .map(idOf)
    .filter((id) => !closed.has(id));
  const flags = new Map(named(after, 'cost-settled').map((event) => [idOf(event), event.data['flag']]));
  expect(
    open.map((id) => flags.get(id)),
    `${name}: what was open is lost`,
  ).toEqual(open.map(() => 'lost'));
  const answers = named(after, 'model-call-settled').length;
  const paid = named(after, 'cost-settled').filter(({ data }) => data['flag'] === undefined);
  expect(paid.length, `${name}: each answer is paid for once`).toBe(answers);
}

function named({ events }: StoredCase, kind: string): StoredCaseEvent[] {
  return events.filter((event) => event.kind === kind);
}

function idOf({ data }: StoredCaseEvent): string {
  return String(data['reservation_id']);
}

function lineOf(event: StoredCaseEvent, kind: string): string {
  return `${idOf(event)} ${kind} ${String(event.data['micros'])}`;
}
