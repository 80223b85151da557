import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountCharge, Lease } from '../../src/port/run-record.ts';
import { makeTurn, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const account = 'tenant//total';
const slices = 3;

const arbitraryStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      slice: fc.nat(slices),
      micros: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: fc.nat(20),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('raise' as const), micros: fc.integer({ min: 1, max: 100 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('lend' as const), micros: fc.integer({ min: 1, max: 40 }) }),
  },
);
type Step = typeof arbitraryStep extends fc.Arbitrary<infer Value> ? Value : never;

/** What an account must hold, told without slices: the simplest thing that could be right. */
class Account {
  limit = 200;
  spent = 0;
  readonly open: { slice: number; micros: number }[] = [];

  get reserved(): number {
    return this.open.reduce((sum, { micros }) => sum + micros, 0);
  }

  get free(): number {
    return this.limit - this.spent - this.reserved;
  }
}

/** Whatever is reserved, settled, lost, raised and lent, in whatever order: the limit holds, and only it refuses. */
export function describeMoneyProperties(open: StoreFactory): void {
  describe('money, whatever happens', () => {
    const stores = useStores(open);

    /** A commit of one charge; the next place of the log when it was written. */
    async function commit(
      lease: Lease,
      seq: number,
      charge: Omit<AccountCharge, 'account'>,
    ): Promise<number> {
      const charges = [{ account, ...charge }];
      const receipt = await stores().runs.commit(makeTurn(lease, seq, { charges }));
      return receipt.outcome === 'committed' ? seq + 1 : seq;
    }

    async function reserve(
      lease: Lease,
      seq: number,
      told: { step: Extract<Step, { do: 'reserve' }>; state: Account },
    ) {
      const { step, state } = told;
      const { slice, micros } = step;
      const limit = state.limit;
      const tried = await commit(lease, seq, { slice, spent: 0, reserved: micros, limit });
      if (tried > seq) {
        state.open.push({ slice, micros });
        return tried;
      }
      // Refused: then it is counted, and the account itself has room if there is any.
      const room = await stores().budgets.makeRoom('acme', { account, limit, micros, slices: 0 });
      expect(room.hasRoom).toBe(state.free >= micros);
      const again = await commit(lease, seq, { slice: 0, spent: 0, reserved: micros, limit });
      expect(again > seq).toBe(room.hasRoom);
      if (again > seq) state.open.push({ slice: 0, micros });
      return again;
    }

    async function close(
      lease: Lease,
      seq: number,
      told: { step: { which: number; share: number }; state: Account },
    ) {
      const { step, state } = told;
      const [found] = state.open.splice(step.which % Math.max(1, state.open.length), 1);
      if (!found) return seq;
      const cost = Math.floor(found.micros * step.share);
      state.spent += cost;
      return await commit(lease, seq, {
        slice: found.slice,
        spent: cost,
        reserved: -found.micros,
        limit: null,
      });
    }

    async function take(lease: Lease, seq: number, told: { step: Step; state: Account }): Promise<number> {
      const { step, state } = told;
      switch (step.do) {
        case 'reserve':
          return await reserve(lease, seq, { step, state });
        case 'settle':
          return await close(lease, seq, { step, state });
        case 'lose':
          return await close(lease, seq, { step: { ...step, share: 1 }, state });
        case 'raise':
          state.limit += step.micros;
          return seq;
        case 'lend':
          await stores().budgets.makeRoom('acme', {
            account,
            limit: state.limit,
            micros: step.micros,
            slices,
          });
          return seq;
      }
    }

    async function tell(steps: readonly Step[]): Promise<void> {
      const lease = await start(stores().runs);
      const state = new Account();
      let seq = 2;
      for (const step of steps) {
        seq = await take(lease, seq, { step, state });
        const [held = { spent: 0, reserved: 0 }] = await stores().budgets.accounts('acme', [account]);
        expect(held).toMatchObject({ spent: state.spent, reserved: state.reserved });
        expect(held.spent + held.reserved).toBeLessThanOrEqual(state.limit);
      }
      const empty = { account, limit: state.limit, micros: 1, slices: 0 };
      const room = await stores().budgets.makeRoom('acme', empty);
      expect(room.spent + room.reserved).toBe(state.spent + state.reserved);
      await stores().engine.administer((client) => client.query('delete from batuta.budget_usage'));
    }

    test('an account holds what was charged, never passes its limit, and refuses only what does not fit', async () => {
      const property = fc.asyncProperty(fc.array(arbitraryStep, { maxLength: 25 }), tell);
      await expect(fc.assert(property, { numRuns: 25 })).resolves.toBeUndefined();
    });
  });
}
