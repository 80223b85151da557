import { describe, expect, test } from 'vitest';
import { AccountSlices } from '../../src/application/budget/account-slices.ts';
import type { AccountNeed, AccountRoom } from '../../src/port/budget-store.ts';
import { ManualClock } from './manual-clock.ts';

const account = 'tenant//day/2026-11-21';
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Slices over a store that lends as long as `isFar`. */
function open(slices = 4) {
  const clock = new ManualClock();
  const store = { isFar: true, needs: new Array<AccountNeed>(), fails: false };
  const makeRoom = async (_: string, need: AccountNeed): Promise<AccountRoom> => {
    store.needs.push(need);
    if (store.fails) throw new Error('gone');
    const isLent = store.isFar && need.slices > 0;
    return { account: need.account, spent: 0, reserved: 0, hasRoom: true, isLent };
  };
  const chooser = new AccountSlices({ budgets: { makeRoom }, clock, log }, slices);
  const choose = (limit: number | null = 1000, of = account) =>
    chooser.choose('acme', { account: of, limit, place: 6 });
  /** As many charges as make an account busy, and what was asked for is there. */
  const makeBusy = async (limit: number | null = 1000) => {
    for (let index = 0; index < 30; index += 1) choose(limit);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { clock, store, chooser, choose, makeBusy };
}

describe('an account', () => {
  test('that is quiet is charged itself', () => {
    const { choose, store } = open();
    expect(choose()).toEqual({ slice: 0, mustCount: false });
    expect(store.needs).toEqual([]);
  });

  test('that is busy is charged in the slice of the run, once slices are lent', async () => {
    const { choose, makeBusy, store } = open();
    await makeBusy();
    expect(store.needs).toEqual([{ account, limit: 1000, micros: 1, slices: 4 }]);
    expect(choose()).toEqual({ slice: 3, mustCount: false });
  });

  test('is charged itself again when it is quiet again', async () => {
    const { choose, makeBusy, clock } = open();
    await makeBusy();
    clock.advance(1_000);
    for (let index = 0; index < 5; index += 1) choose();
    clock.advance(1_000);
    expect(choose().slice).toBe(0);
  });

  test('near its limit is charged itself for a while, however busy', async () => {
    const { choose, makeBusy, store, clock } = open();
    store.isFar = false;
    await makeBusy();
    expect(choose().slice).toBe(0);
    expect(store.needs).toHaveLength(1);
    clock.advance(2_000);
    store.isFar = true;
    await makeBusy();
    expect(choose().slice).toBe(3);
  });

  test('whose limit is another one than that under which slices were lent is counted first', async () => {
    const { chooser, choose, makeBusy } = open();
    await makeBusy();
    expect(choose(500)).toEqual({ slice: 0, mustCount: true });
    await chooser.makeRoom('acme', { account, limit: 500, micros: 1 });
    expect(choose(500)).toEqual({ slice: 3, mustCount: false });
  });

  test('that is only counted is counted when it gets a limit', async () => {
    const { choose, makeBusy } = open();
    await makeBusy(null);
    expect(choose(null).slice).toBe(3);
    expect(choose(1000)).toEqual({ slice: 0, mustCount: true });
  });

  test('of one run, or where slices are switched off, is always charged itself', async () => {
    const { choose } = open();
    for (let index = 0; index < 50; index += 1) expect(choose(1000, 'run/run_1').slice).toBe(0);
    const off = open(0);
    await off.makeBusy();
    expect(off.choose().slice).toBe(0);
    expect(off.store.needs).toEqual([]);
  });

  test('whose slices cannot be lent is charged itself', async () => {
    const { choose, makeBusy, store } = open();
    store.fails = true;
    await makeBusy();
    expect(choose().slice).toBe(0);
  });
});
