import { noUsage } from '@batuta/contract';
import { describe, expect, it } from 'vitest';
import { projectCosts } from '../../src/application/usage/project-costs.ts';
import { usageReport } from '../../src/application/usage/usage-report.ts';
import type { Identity } from '../../src/application/access/identity.ts';
import type { UsageFilter, UsageRecord, UsageStore } from '../../src/port/usage-store.ts';

const identity: Identity = {
  tenantId: 'acme',
  keyId: null,
  userId: null,
  name: 'test',
  role: 'administrator',
  scopes: new Set(),
  address: null,
};

function spentOn(day: string, micros: number): UsageRecord {
  return { day, model: null, agent: null, user: '', calls: 1, usage: noUsage, micros };
}

/** A store with these days; it remembers what it was asked. */
function storeOf(days: readonly UsageRecord[], runs = 0): UsageStore & { asked: UsageFilter[] } {
  const asked: UsageFilter[] = [];
  return {
    asked,
    usage: async (_, filter) => {
      asked.push(filter);
      return days.filter(({ day }) => day !== null && day >= filter.from && day <= filter.to);
    },
    runCosts: async () => ({ runs, averageMicros: 2_000, p90Micros: 5_000 }),
    rollUp: async () => 0,
  };
}

function report(store: UsageStore, query: { from?: string; to?: string } = {}) {
  const clock = { now: () => Date.parse('2026-11-21T12:00:00Z') };
  const context = { usage: store, clock, timeZone: 'UTC' };
  return usageReport(context, identity, { group_by: ['day', 'user'], ...query });
}

describe('a report of usage', () => {
  it('is of the present month unless days are named, and sums up', async () => {
    const store = storeOf([spentOn('2026-11-02', 1_000_000), spentOn('2026-11-20', 500_000)]);
    const found = await report(store);
    expect(found).toMatchObject({ from: '2026-11-01', to: '2026-11-21', total: { calls: 2, cost_usd: 1.5 } });
    expect(found.groups[0]).toMatchObject({ day: '2026-11-02', user: null, cost_usd: 1 });
    expect(Object.keys(found.groups[0] ?? {})).not.toContain('model');
  });

  it('projects the days that are left of the month from the whole days before today', async () => {
    const store = storeOf([
      spentOn('2026-11-19', 4_000_000),
      spentOn('2026-11-20', 2_000_000),
      spentOn('2026-11-21', 9),
    ]);
    const { month } = await report(store);
    expect(month).toEqual({ month: '2026-11', spent_usd: 6.000009, projected_usd: 33.000009, basis_days: 2 });
  });

  it('projects nothing more where nothing is known', async () => {
    const { month } = await report(storeOf([]));
    expect(month).toMatchObject({ spent_usd: 0, projected_usd: 0, basis_days: 0 });
  });

  it('refuses days in the wrong order and too many of them', async () => {
    const wrong = { code: 'request-invalid', data: { issues: [{ path: 'query.to' }] } };
    await expect(report(storeOf([]), { from: '2026-11-05', to: '2026-11-04' })).rejects.toMatchObject(wrong);
    await expect(report(storeOf([]), { from: '2020-01-01' })).rejects.toMatchObject(wrong);
  });
});

describe('a projection', () => {
  const prices = { cost: (model: string) => (model === 'a/b' ? 1_500 : null), worstCost: () => null };

  it('multiplies what past runs cost', async () => {
    const context = { usage: storeOf([], 40), prices };
    expect(await projectCosts(context, identity, { requests_per_day: 100 })).toEqual({
      requests_per_day: 100,
      basis: 'runs',
      runs: 40,
      per_request_usd: 0.002,
      per_request_p90_usd: 0.005,
      per_day_usd: 0.2,
      per_month_usd: 6,
    });
  });

  it('takes the price of a model instead', async () => {
    const query = { requests_per_day: 10, model: 'a/b', input_tokens: 100 };
    expect(await projectCosts({ usage: storeOf([]), prices }, identity, query)).toMatchObject({
      basis: 'price',
      per_month_usd: 0.45,
    });
  });

  it.each([
    [{ requests_per_day: 1, agent: 'support' }, 'no run of support'],
    [{ requests_per_day: 1, model: 'a/b' }, 'how many input and output tokens'],
    [{ requests_per_day: 1, model: 'x/y', input_tokens: 1 }, 'the price of x/y is not known'],
  ])('says what is missing: %o', async (query, reason) => {
    const projected = projectCosts({ usage: storeOf([]), prices }, identity, query);
    await expect(projected).rejects.toMatchObject({
      code: 'projection-without-basis',
      data: { reason: expect.stringContaining(reason) },
    });
  });
});
