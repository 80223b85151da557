import { badBodies, badIds, badPages, invalid, post, type BadInput } from './bad-input-kit.ts';
import { fakeBudgets } from './fake-budgets.ts';

const budget = { thing: 'budget', foreign: fakeBudgets.foreign };
const good = { scope: 'tenant', per: 'day', limit_usd: 20 };
const own = `/v1/budgets/${fakeBudgets.own}`;
const path = '/v1/budgets';

function asMethod(method: string, cases: readonly BadInput[]): BadInput[] {
  return cases.map((bad) => ({ ...bad, request: { ...bad.request, method } }));
}

function ofFile(request: BadInput['request']): BadInput {
  return {
    what: 'a budget of a file',
    path: `/v1/budgets/${fakeBudgets.ofFile}`,
    ...(request && { request }),
    status: 409,
    code: 'budget-of-file',
  };
}

/** The bad inputs of budgets. */
export const budgetBadInputs: Readonly<Record<string, readonly BadInput[]>> = {
  'GET /v1/budgets': badPages(path),
  'POST /v1/budgets': [
    ...badBodies(path, good),
    invalid('no limit', path, post({ scope: 'tenant', per: 'day' })),
    invalid('a limit of nothing', path, post({ ...good, limit_usd: 0 })),
    invalid('a negative limit', path, post({ ...good, limit_usd: -1 })),
    invalid('a limit below a micro-dollar', path, post({ ...good, limit_usd: 1e-9 })),
    invalid('a limit above all money', path, post({ ...good, limit_usd: 1e12 })),
    invalid('a limit as text', path, post({ ...good, limit_usd: '20' })),
    invalid('an unknown scope', path, post({ ...good, scope: 'planet' })),
    invalid('an unknown period', path, post({ ...good, per: 'week' })),
    invalid('an unknown reaction', path, post({ ...good, on_limit: 'shrug' })),
    invalid('alerts beyond measure', path, post({ ...good, alerts: [5000] })),
    invalid('a subject of the tenant', path, post({ ...good, subject: 'acme' })),
    invalid('an agent without a name', path, post({ ...good, scope: 'agent' })),
    invalid('a run that is no id', path, post({ ...good, scope: 'run', per: 'run', subject: 'mine' })),
    invalid('every run', path, post({ ...good, scope: 'run', per: 'run', subject: '*' })),
    invalid('a user with spaces', path, post({ ...good, scope: 'user', subject: 'a b' })),
    {
      what: 'an agent that nobody knows',
      path,
      request: post({ ...good, scope: 'agent', subject: 'nobody' }),
      status: 404,
      code: 'agent-unknown',
    },
  ],
  'GET /v1/budgets/{id}': badIds((x) => `/v1/budgets/${x}`, budget),
  'PATCH /v1/budgets/{id}': [
    ...badBodies(own, { hard: false }, 'PATCH'),
    ...asMethod(
      'PATCH',
      badIds((x) => `/v1/budgets/${x}`, budget, { hard: false }),
    ),
    invalid('no change', own, post({}, 'PATCH')),
    invalid('its scope', own, post({ scope: 'tenant' }, 'PATCH')),
    ofFile(post({ limit_usd: 5 }, 'PATCH')),
  ],
  'DELETE /v1/budgets/{id}': [
    ...asMethod(
      'DELETE',
      badIds((x) => `/v1/budgets/${x}`, budget),
    ),
    ofFile({ method: 'DELETE' }),
  ],
};
