import { describe, expect, test } from 'vitest';
import { systemEntry } from '../../src/application/audit/audit-entry.ts';
import type { BudgetRecord } from '../../src/port/budget-store.ts';
import type { AccountCharge, Lease, LedgerEntry, NewReservation } from '../../src/port/run-record.ts';
import { ids, makeRun, makeTurn, note, running, start, started } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const account = 'tenant//total';
const entry: LedgerEntry = { reservationId: 'rsv_1', kind: 'reserve', model: 'a/b', micros: 10 };

/** A charge of `reserved` on an account of 100 micro-dollars, unless something else is said. */
function charge(reserved: number, changes: Partial<AccountCharge> = {}): AccountCharge {
  return { account, slice: 0, spent: 0, reserved, limit: 100, ...changes };
}

const budget: Omit<BudgetRecord, 'createdAt' | 'updatedAt'> = {
  id: 'bud_1',
  name: 'all',
  scope: 'tenant',
  subject: null,
  per: 'total',
  limitMicros: 100,
  hard: true,
  onLimit: 'wait',
  alerts: [80],
};
const audit = systemEntry({ action: 'budget-set', target: 'bud_1' });

/** Money: charges and the ledger in commits, what accounts hold, budgets. */
export function describeMoney(open: StoreFactory): void {
  describe('money', () => {
    const stores = useStores(open);
    let seq = 2;
    const begin = async (): Promise<Lease> => {
      seq = 2;
      return await start(stores().runs);
    };
    const commit = async (lease: Lease, charges: readonly AccountCharge[]) => {
      const receipt = await stores().runs.commit(makeTurn(lease, seq, { charges }));
      if (receipt.outcome === 'committed') seq += 1;
      return receipt;
    };
    const stateOf = async () => (await stores().budgets.accounts('acme', [account]))[0];

    test('a charge is written with its commit, which tells what its accounts hold', async () => {
      const lease = await begin();
      await commit(lease, [charge(10)]);
      const both = [charge(20), charge(5, { account: 'run/1', limit: null })];
      const receipt = await commit(lease, both);
      expect(receipt).toMatchObject({
        accounts: [
          { account: 'run/1', spent: 0, reserved: 5 },
          { account, spent: 0, reserved: 30 },
        ],
      });
      await commit(lease, [charge(-30, { spent: 25, limit: null })]);
      expect(await stateOf()).toEqual({ account, spent: 25, reserved: 0 });
    });

    test('a commit with a charge that passes its limit is not written, whatever else it holds', async () => {
      const lease = await begin();
      await commit(lease, [charge(60)]);
      const refused = await commit(lease, [charge(1, { account: 'run/1' }), charge(41)]);
      expect(refused).toEqual({ outcome: 'budget-short' });
      const log = await stores().events.read('acme', lease.sessionId, { afterSeq: 0, limit: 10 });
      expect(log).toHaveLength(2);
      expect(await stores().budgets.accounts('acme', ['run/1'])).toEqual([]);
      expect(await commit(lease, [charge(40)])).toMatchObject({ outcome: 'committed' });
    });

    test('what is settled makes room for what is reserved in the same commit', async () => {
      const lease = await begin();
      await commit(lease, [charge(100)]);
      const settled = charge(-100, { spent: 30, limit: null });
      expect(await commit(lease, [settled, charge(71)])).toEqual({ outcome: 'budget-short' });
      expect(await commit(lease, [settled, charge(70)])).toMatchObject({ outcome: 'committed' });
    });

    test('a slice takes what it was lent, and the account itself what it has not lent', async () => {
      const lease = await begin();
      expect(await commit(lease, [charge(1, { slice: 1 })])).toEqual({ outcome: 'budget-short' });
      const need = { account, limit: 100, micros: 1, slices: 2 };
      expect(await stores().budgets.makeRoom('acme', need)).toMatchObject({ isLent: true, hasRoom: true });
      expect(await commit(lease, [charge(26, { slice: 1 })])).toEqual({ outcome: 'budget-short' });
      expect(await commit(lease, [charge(51)])).toEqual({ outcome: 'budget-short' });
      const all = [charge(25, { slice: 1 }), charge(25, { slice: 2 }), charge(50)];
      expect(await commit(lease, all)).toMatchObject({ outcome: 'committed' });
      expect(await stateOf()).toEqual({ account, spent: 0, reserved: 100 });
      expect(await stores().budgets.makeRoom('acme', need)).toMatchObject({ isLent: false, hasRoom: false });
    });

    test('near its limit an account takes back what its slices have not used', async () => {
      const lease = await begin();
      await stores().budgets.makeRoom('acme', { account, limit: 100, micros: 1, slices: 2 });
      await commit(lease, [charge(20, { slice: 1 })]);
      const need = { account, limit: 100, micros: 70, slices: 2 };
      expect(await stores().budgets.makeRoom('acme', need)).toMatchObject({ isLent: false, hasRoom: true });
      expect(await commit(lease, [charge(1, { slice: 2 })])).toEqual({ outcome: 'budget-short' });
      expect(await commit(lease, [charge(80)])).toMatchObject({ outcome: 'committed' });
    });

    test('an alert is given once', async () => {
      const lease = await begin();
      const alerts = [{ account, limitMicros: 100, threshold: 80 }];
      await stores().runs.commit(makeTurn(lease, 2, { alerts }));
      const again = makeTurn(lease, 3, { alerts: [{ account, limitMicros: 100, threshold: 90 }, ...alerts] });
      expect(await stores().runs.commit(again)).toEqual({ outcome: 'alerted-before' });
    });

    test('a reservation is closed once, however it is closed', async () => {
      const lease = await begin();
      await stores().runs.commit(makeTurn(lease, 2, { ledger: [entry, { ...entry, kind: 'lost' }] }));
      const again = makeTurn(lease, 3, { ledger: [{ ...entry, kind: 'settle', micros: 7 }] });
      await expect(stores().runs.commit(again)).rejects.toThrow(/ledger/);
    });

    const reservation = (): NewReservation => ({
      event: note('reserved'),
      entry: { ...entry, reservationId: ids.create('reservation') },
      charges: [charge(60)],
    });
    const wish = () => ({ workerId: 'worker-1', events: [started], reservation: reservation() });

    test('a run that starts at once sets money aside in the transaction that accepts it', async () => {
      const run = makeRun();
      const accepted = await stores().runs.accept(run, { start: wish(), queueLimit: 10 });
      expect(accepted.reserved).toMatchObject([{ account, spent: 0, reserved: 60 }]);
      const log = await stores().events.read('acme', run.sessionId, { afterSeq: 0, limit: 10 });
      expect(log.map(({ kind }) => kind)).toEqual(['run-started', 'note-added']);
    });

    test('a run for which there is no money starts without', async () => {
      await stores().runs.accept(makeRun(), { start: wish(), queueLimit: 10 });
      const run = makeRun();
      const accepted = await stores().runs.accept(run, { start: wish(), queueLimit: 10 });
      expect(accepted).toMatchObject({ reserved: null, lease: { runId: run.id } });
      const log = await stores().events.read('acme', run.sessionId, { afterSeq: 0, limit: 10 });
      expect(log.map(({ kind }) => kind)).toEqual(['run-started']);
      expect(await stateOf()).toMatchObject({ reserved: 60 });
    });

    test('a run that is only found again by its key sets nothing aside', async () => {
      const idempotency = { key: 'key', requestHash: 'hash' };
      await stores().runs.accept(makeRun({ idempotency }), { start: null, queueLimit: 10 });
      const again = { start: wish(), queueLimit: 10 };
      const repeated = await stores().runs.accept(makeRun({ idempotency }), again);
      expect(repeated).toMatchObject({ repeated: true, reserved: null });
      expect(await stateOf()).toBeUndefined();
    });

    test('runs that wait for a budget are made claimable, and no others', async () => {
      const [one, other] = [await begin(), await start(stores().runs)];
      const waiting = { ...running, status: 'waiting' as const };
      await stores().runs.commit(makeTurn(one, 2, { run: { ...waiting, waitingFor: 'budget' } }));
      await stores().runs.commit(makeTurn(other, 2, { run: { ...waiting, waitingFor: 'input' } }));
      expect(await stores().budgets.wakeWaiting('other')).toEqual([]);
      expect(await stores().budgets.wakeWaiting(null)).toEqual([one.runId]);
      expect(await stores().runs.get('acme', one.runId)).toMatchObject({
        status: 'queued',
        waitingFor: null,
      });
      expect(await stores().runs.get('acme', other.runId)).toMatchObject({ status: 'waiting' });
    });

    test('budgets are kept, changed and removed, each with its entry in the audit log', async () => {
      const { budgets, audits } = stores();
      await budgets.create('acme', budget, audit);
      await budgets.update('acme', { id: 'bud_1', change: { limitMicros: 5, hard: false } }, audit);
      expect(await budgets.list('acme')).toMatchObject([{ ...budget, limitMicros: 5, hard: false }]);
      await budgets.delete('acme', 'bud_1', audit);
      expect(await budgets.list('acme')).toEqual([]);
      expect((await audits.list('acme', { limit: 10 })).map(({ action }) => action)).toEqual(
        Array(3).fill('budget-set'),
      );
      const gone = { code: 'budget-unknown' };
      await expect(budgets.update('acme', { id: 'bud_1', change: {} }, audit)).rejects.toMatchObject(gone);
      await expect(budgets.delete('acme', 'bud_1', audit)).rejects.toMatchObject(gone);
    });

    test('one tenant sees neither budgets nor accounts of another', async () => {
      const { budgets } = stores();
      await budgets.create('acme', budget, audit);
      await commit(await begin(), [charge(10)]);
      expect(await budgets.list('other')).toEqual([]);
      expect(await budgets.accounts('other', [account])).toEqual([]);
      const unknown = { code: 'budget-unknown' };
      await expect(budgets.delete('other', 'bud_1', audit)).rejects.toMatchObject(unknown);
      const need = { account, limit: 100, micros: 1, slices: 0 };
      expect(await budgets.makeRoom('other', need)).toMatchObject({ spent: 0, reserved: 0 });
    });
  });
}
