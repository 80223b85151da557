import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

const budget = {
  id: 'bud_1',
  name: 'everything',
  scope: 'tenant',
  subject: null,
  per: 'day',
  limit_usd: 20,
  hard: true,
  on_limit: 'wait',
  alerts: [80, 100],
  file: null,
  usage: { spent_usd: 1.5, reserved_usd: 0.25 },
};

describe('batuta budgets', () => {
  test('lists what was spent, and of those that hold for each one that they do', async () => {
    const each = {
      ...budget,
      id: 'agent_helper_run',
      scope: 'agent',
      subject: 'helper',
      per: 'run',
      usage: null,
    };
    api.answers['GET /v1/budgets'] = { items: [budget, { ...each, hard: false }], next_cursor: null };
    const { code, output } = await batuta(['budgets'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/bud_1 +tenant +day +\$20\.00 +\$1\.50 +\$0\.25 +runs wait +everything/);
    expect(output).toMatch(/agent_helper_run +agent helper +run +\$20\.00 +each +alerts/);
  });

  test('sets one with its rules', async () => {
    api.answers['POST /v1/budgets'] = budget;
    const rules = ['--per', 'day', '--usd', '20', '--on-limit', 'fail', '--alerts', '50, 90'];
    const { code, output } = await batuta(['budgets', 'set', 'agent', 'helper', ...rules], { api });
    expect([code, output]).toEqual([0, 'Budget bud_1 is set: $20.00 per day.\n']);
    const wanted = { scope: 'agent', subject: 'helper', per: 'day', limit_usd: 20 };
    expect((await api.received('POST /v1/budgets')).body).toEqual({
      ...wanted,
      on_limit: 'fail',
      alerts: [50, 90],
    });
  });

  test('changes and deletes', async () => {
    api.answers['PATCH /v1/budgets/bud_1'] = { ...budget, limit_usd: 30 };
    const changed = await batuta(['budgets', 'change', 'bud_1', '--usd', '30', '--soft'], { api });
    expect(changed.output).toBe('Budget bud_1 is $30.00 per day now.\n');
    expect((await api.received('PATCH /v1/budgets/bud_1')).body).toEqual({ limit_usd: 30, hard: false });
    api.answers['DELETE /v1/budgets/bud_1'] = {};
    expect((await batuta(['budgets', 'delete', 'bud_1'], { api })).output).toBe('Budget bud_1 is deleted.\n');
  });

  test.each([
    [['set', 'planet', '--per', 'day', '--usd', '1'], 'planet'],
    [['set', 'tenant', '--per', 'day', '--usd', 'much'], '--usd cannot be "much"'],
    [['set', 'tenant', '--per', 'day'], 'The option --usd <amount> is missing.'],
    [['change', 'bud_1', '--alerts', '80,none'], '--alerts cannot be "80,none"'],
  ])('%j is refused with what it should be', async (words, told) => {
    const { code, error } = await batuta(['budgets', ...words], { api });
    expect(code).toBe(64);
    expect(error).toContain(told);
  });
});
