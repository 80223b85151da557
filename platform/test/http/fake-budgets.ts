import { BatutaError, type BudgetView } from '@batuta/contract';
import type { Identity } from '../../src/application/access/identity.ts';
import type { Application } from '../../src/application/application.ts';
import { refuseCursor } from './refuse-cursor.ts';

const at = '2026-11-21T00:00:00.000Z';
const end = (digit: string) => digit.padStart(26, '0');

/** Budgets of the fake: of the first tenant, of the second, and one of a file. */
export const fakeBudgets = {
  own: `bud_${end('1')}`,
  foreign: `bud_${end('9')}`,
  ofFile: 'agent_assistant_day',
};

function own({ tenantId }: Identity, id: string): BudgetView {
  if (tenantId !== 'one' || id !== fakeBudgets.own) throw new BatutaError('budget-unknown', { id });
  return {
    id,
    name: 'all',
    scope: 'tenant',
    subject: null,
    per: 'day',
    limit_usd: 20,
    hard: true,
    on_limit: 'wait',
    alerts: [80, 100],
    file: null,
    usage: { spent_usd: 1.5, reserved_usd: 0, resets_at: at },
    created_at: at,
    updated_at: at,
  };
}

function changeable(identity: Identity, id: string): BudgetView {
  if (id === fakeBudgets.ofFile) throw new BatutaError('budget-of-file', { id, file: 'agents/assistant.md' });
  return own(identity, id);
}

/** The budgets of a fake application: one of the first tenant, and one of a file. */
export function makeFakeBudgets(): Application['budgets'] {
  return {
    create: async (identity, { scope, subject = '' }) => {
      if (scope === 'agent' && subject === 'nobody')
        throw new BatutaError('agent-unknown', { agent: subject, hint: '' });
      return own(identity, fakeBudgets.own);
    },
    get: async (identity, id) => own(identity, id),
    list: async (identity, { cursor }) => {
      refuseCursor(cursor);
      return { items: [own(identity, fakeBudgets.own)], next_cursor: null };
    },
    change: async (identity, id) => changeable(identity, id),
    delete: async (identity, id) => void changeable(identity, id),
  };
}
