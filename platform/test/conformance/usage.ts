import { noUsage } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../src/port/run-record.ts';
import { end, makeRun, makeTurn, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const user = { userId: 'usr_1', keyId: null, role: 'member', name: 'Somebody' } as const;
const always = { from: '2000-01-01', to: '2099-12-31', timeZone: 'UTC' };

function settle(id: string, model: string, micros: number): LedgerEntry {
  const usage = { ...noUsage, input_tokens: 100, output_tokens: 10 };
  return { reservationId: id, kind: 'settle', model, micros, usage };
}

/** What every ledger must tell of what was used. */
export function describeUsage(open: StoreFactory): void {
  describe('usage', () => {
    const stores = useStores(open);

    async function spend(agent: string, ...ledger: LedgerEntry[]): Promise<void> {
      const run = makeRun({ agent, requestedBy: user });
      const lease = await start(stores().runs, run);
      await stores().runs.commit(makeTurn(lease, 2, { ledger, run: { ...running, costMicros: 30 } }));
      await end(stores().runs, lease, 3);
    }

    async function grouped(...groupBy: ('day' | 'model' | 'agent' | 'user')[]) {
      const found = await stores().usage.usage('acme', { ...always, groupBy }, 100);
      return found.map((record) => ({ ...record, day: null }));
    }

    test('is grouped by what is asked for, with tokens and money', async () => {
      await spend('support', settle('a', 'm/one', 20), settle('b', 'm/two', 10));
      await spend('sales', settle('c', 'm/one', 5));
      expect(await grouped('model')).toMatchObject([
        {
          model: 'm/one',
          agent: null,
          calls: 2,
          micros: 25,
          usage: { input_tokens: 200, output_tokens: 20 },
        },
        { model: 'm/two', calls: 1, micros: 10 },
      ]);
      expect(await grouped('agent', 'user')).toMatchObject([
        { agent: 'sales', user: 'usr_1', micros: 5 },
        { agent: 'support', user: 'usr_1', micros: 30 },
      ]);
      const only = { ...always, groupBy: ['day'] as const, agent: 'sales' };
      expect(await stores().usage.usage('acme', only, 100)).toMatchObject([{ calls: 1, micros: 5 }]);
      expect(await stores().usage.usage('other', { ...always, groupBy: ['day'] }, 100)).toEqual([]);
    });

    test('what was reserved and not spent does not count', async () => {
      const reserved = { reservationId: 'r', kind: 'reserve', model: 'm/one', micros: 900 } as const;
      await spend('support', reserved, { ...reserved, kind: 'release' }, settle('a', 'm/one', 1));
      expect(await grouped('model')).toMatchObject([{ calls: 1, micros: 1 }]);
    });

    test('the days of another time zone begin at another instant', async () => {
      await spend('support', settle('a', 'm/one', 1));
      const days = new Set<string>();
      for (const timeZone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        const found = await stores().usage.usage('acme', { ...always, timeZone, groupBy: ['day'] }, 9);
        days.add(found[0]?.day ?? '');
      }
      expect(days.size).toBe(2);
    });

    test('old movements are added up by day without changing any answer', async () => {
      await spend('support', settle('a', 'm/one', 20), settle('b', 'm/one', 10));
      await spend('sales', settle('c', 'm/two', 5));
      const before = await grouped('model', 'agent', 'user');
      const rule = { olderThanDays: -2, timeZone: 'UTC', limit: 2 };
      expect(await stores().usage.rollUp('acme', rule)).toBe(2);
      expect(await grouped('model', 'agent', 'user')).toEqual(before);
      expect(await stores().usage.rollUp('acme', rule)).toBe(1);
      expect(await stores().usage.rollUp('acme', rule)).toBe(0);
      expect(await grouped('model', 'agent', 'user')).toEqual(before);
    });

    test('past runs tell what a run costs', async () => {
      expect(await stores().usage.runCosts('acme', { limit: 10 })).toEqual({
        runs: 0,
        averageMicros: 0,
        p90Micros: 0,
      });
      await spend('support', settle('a', 'm/one', 30));
      const { runs } = await stores().usage.runCosts('acme', { agent: 'support', limit: 10 });
      expect(runs).toBe(1);
      expect(await stores().usage.runCosts('acme', { agent: 'sales', limit: 10 })).toMatchObject({ runs: 0 });
    });
  });
}
