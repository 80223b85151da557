import { describe, expect, test } from 'vitest';
import { budgetsOfFile, type Budget } from '../../src/domain/budget/budget.ts';
import { makeCalendar } from '../../src/domain/budget/calendar.ts';
import {
  coverRun,
  isShared,
  type BudgetSources,
  type CoveredRun,
} from '../../src/domain/budget/cover-run.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const run: CoveredRun = {
  runId: 'run_1',
  sessionId: 'ses_1',
  agent: 'clerk',
  ancestors: [],
  userId: 'usr_1',
};
const child: CoveredRun = {
  ...run,
  runId: 'run_2',
  sessionId: 'ses_2',
  agent: 'helper',
  ancestors: [{ runId: 'run_1', sessionId: 'ses_1', agent: 'clerk' }],
};

function budget(scope: Budget['scope'], subject: string | null, changes: Partial<Budget> = {}): Budget {
  const rules = { limitMicros: 100, hard: true, onLimit: 'wait', alerts: [] } as const;
  return { id: `${scope} ${subject}`, name: '', scope, subject, per: 'day', ...rules, ...changes };
}

function sources(budgets: readonly Budget[], files: Partial<BudgetSources> = {}): BudgetSources {
  return {
    find: (scope, subject) => budgets.filter((each) => each.scope === scope && each.subject === subject),
    ofAgent: () => [],
    teamsOf: () => [],
    calendar: makeCalendar('UTC'),
    ...files,
  };
}

const accountsOf = (covered: CoveredRun, from: BudgetSources) =>
  coverRun(covered, from, now).map(({ account }) => account);

describe('the accounts of a run', () => {
  test.each<[string, Budget, string]>([
    ['the tenant by day', budget('tenant', null), 'tenant//day/2026-11-21'],
    ['the tenant by month', budget('tenant', null, { per: 'month' }), 'tenant//month/2026-11'],
    ['the tenant for all time', budget('tenant', null, { per: 'total' }), 'tenant//total'],
    ['each run of the tenant', budget('tenant', null, { per: 'run' }), 'run/run_1'],
    ['each session of the tenant', budget('tenant', null, { per: 'session' }), 'session/ses_1'],
    ['its user', budget('user', 'usr_1'), 'user/usr_1/day/2026-11-21'],
    ['each user', budget('user', '*'), 'user/usr_1/day/2026-11-21'],
    ['its agent', budget('agent', 'clerk'), 'agent/clerk/day/2026-11-21'],
    ['each agent', budget('agent', '*'), 'agent/clerk/day/2026-11-21'],
    ['each run of its agent', budget('agent', 'clerk', { per: 'run' }), 'run/run_1'],
    ['its session', budget('session', 'ses_1', { per: 'total' }), 'session/ses_1'],
    ['its session by day', budget('session', 'ses_1'), 'session/ses_1/day/2026-11-21'],
    ['itself', budget('run', 'run_1', { per: 'total' }), 'run/run_1'],
  ])('are those of %s', (_what, one, account) => {
    expect(accountsOf(run, sources([one]))).toEqual([account]);
  });

  test.each([
    budget('user', 'usr_2'),
    budget('agent', 'helper'),
    budget('session', 'ses_2'),
    budget('run', 'run_2'),
    budget('team', 'sales'),
  ])('are not those of others: %o', (other) => {
    expect(accountsOf(run, sources([other]))).toEqual([]);
  });

  test('are shared by budgets of the same subject and period, and the lowest hard limit decides', () => {
    const budgets = [
      budget('tenant', null, { limitMicros: 300 }),
      budget('tenant', null, { id: 'low', limitMicros: 200 }),
      budget('tenant', null, { limitMicros: 100, hard: false }),
    ];
    const [cover, ...others] = coverRun(run, sources(budgets), now);
    expect(others).toEqual([]);
    expect(cover).toMatchObject({ strictest: { id: 'low' }, endsAt: Date.parse('2026-11-22T00:00:00Z') });
    expect(cover?.budgets).toHaveLength(3);
  });
});

describe('a child run', () => {
  test('is charged to everything that its parents are charged to', () => {
    const budgets = [
      budget('agent', 'clerk'),
      budget('agent', 'helper'),
      budget('session', 'ses_1', { per: 'total' }),
      budget('run', 'run_1', { per: 'run' }),
    ];
    expect(accountsOf(child, sources(budgets)).toSorted()).toEqual([
      'agent/clerk/day/2026-11-21',
      'agent/helper/day/2026-11-21',
      'run/run_1',
      'session/ses_1',
    ]);
  });

  test('counts to the run of the tenant or user that it belongs to, not as one of its own', () => {
    const each = [budget('tenant', null, { per: 'run' }), budget('user', '*', { per: 'session' })];
    expect(accountsOf(child, sources(each))).toEqual(['run/run_1', 'session/ses_1']);
  });
});

describe('budgets of files', () => {
  const file = { run_usd: 0.5, session_usd: 1, day_usd: 20, month_usd: 100 };
  const ofAgent = (agent: string) => budgetsOfFile('agent', agent, agent === 'clerk' ? file : undefined);

  test('cover the agent and what it delegates', () => {
    const accounts = [
      'run/run_1',
      'session/ses_1',
      'agent/clerk/day/2026-11-21',
      'agent/clerk/month/2026-11',
    ];
    expect(accountsOf(run, sources([], { ofAgent }))).toEqual(accounts);
    expect(accountsOf(child, sources([], { ofAgent }))).toEqual(accounts);
  });

  test.each<[Budget, string]>([
    [budget('run', 'run_1', { per: 'run' }), 'agent_clerk_run'],
    [budget('session', 'ses_1', { per: 'session' }), 'agent_clerk_session'],
    [budget('agent', 'clerk', { per: 'day' }), 'agent_clerk_day'],
    [budget('agent', 'clerk', { per: 'month' }), 'agent_clerk_month'],
  ])('give way to one that is set for the same: %o', (one, replaced) => {
    const ids = coverRun(run, sources([one], { ofAgent }), now).flatMap(({ budgets }) =>
      budgets.map(({ id }) => id),
    );
    expect(ids).toContain(one.id);
    expect(ids).not.toContain(replaced);
    expect(ids).toHaveLength(4);
  });

  test('of teams cover their agents together, and give way, too', () => {
    const budgets = budgetsOfFile('team', 'sales', { day_usd: 5, run_usd: 1 });
    const teamsOf = (agent: string) => (agent === 'clerk' ? [{ team: 'sales', budgets }] : []);
    expect(accountsOf(run, sources([], { teamsOf }))).toEqual(['run/run_1', 'team/sales/day/2026-11-21']);
    const own = budget('team', 'sales', { id: 'own' });
    const covers = coverRun(run, sources([own], { teamsOf }), now);
    expect(covers.flatMap((cover) => cover.budgets.map(({ id }) => id))).toEqual(['own', 'team_sales_run']);
  });

  test('say in micro-dollars what they say', () => {
    const [first] = budgetsOfFile('agent', 'clerk', { run_usd: 0.1 + 0.2, soft: true, on_limit: 'fail' });
    expect(first).toMatchObject({ limitMicros: 300_000, hard: false, onLimit: 'fail', alerts: [80, 100] });
  });
});

test('accounts of one run or session are never spread', () => {
  expect(['run/run_1', 'session/ses_1'].map(isShared)).toEqual([false, false]);
  expect(['tenant//total', 'agent/a/day/2026-11-21', 'user/u/month/2026-11'].every(isShared)).toBe(true);
});
