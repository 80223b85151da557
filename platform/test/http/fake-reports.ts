import { BatutaError, noUsage } from '@batuta/contract';
import type { Application } from '../../src/application/application.ts';

const at = '2026-11-21T00:00:00.000Z';

/** Usage of a tenant that used nothing. */
export const fakeUsage: Application['usage'] = {
  report: async (_, { from = '2026-11-01', to = '2026-11-21' }) => {
    const total = { calls: 0, usage: noUsage, cost_usd: 0 };
    const month = { month: '2026-11', spent_usd: 0, projected_usd: 0, basis_days: 0 };
    return { from, to, time_zone: 'UTC', groups: [], total, month };
  },
  project: async () => {
    throw new BatutaError('projection-without-basis', { reason: 'nothing has run yet' });
  },
};

/** A backup of six bytes, for the first tenant. */
export const fakeBackups: Application['backups'] = {
  create: async (identity) => {
    if (identity.tenantId !== 'one') throw new BatutaError('permission-missing', { scope: 'backups:write' });
    const content = new Blob(['backup']).stream();
    return { content, bytes: 6, summary: { createdAt: at, migration: 1, rows: {} } };
  },
};
