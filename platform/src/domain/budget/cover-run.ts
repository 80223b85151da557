import type { Ancestor } from '../../port/run-record.ts';
import type { Budget } from './budget.ts';
import type { BudgetCalendar } from './calendar.ts';

/** What decides which budgets cover a run. */
export interface CoveredRun extends Ancestor {
  /** Parent first. */
  ancestors: readonly Ancestor[];
  userId: string | null;
}

/** The budgets that there are. */
export interface BudgetSources {
  /** Those of the API with this scope and subject. */
  find: (scope: Budget['scope'], subject: string | null) => readonly Budget[];
  /** Those that the file of an agent sets. */
  ofAgent: (agent: string) => readonly Budget[];
  /** The teams that an agent belongs to, and the budgets of each one's file. */
  teamsOf: (agent: string) => readonly { team: string; budgets: readonly Budget[] }[];
  calendar: BudgetCalendar;
}

/** One account that a run is charged to, and the limits on it. */
export interface Cover {
  account: string;
  /** The lowest hard limit; null: only counted. */
  strictest: Budget | null;
  budgets: readonly Budget[];
  /** Milliseconds since the epoch at which another account takes its place; null: never. */
  endsAt: number | null;
}

/**
 * The accounts that a run is charged to. What a child run spends is charged to everything that its parents are charged to, so that no
 * limit can be passed by delegating. Budgets of the same subject and period share one account, each with its own limit.
 */
export function coverRun(run: CoveredRun, sources: BudgetSources, now: number): Cover[] {
  const covers = new Map<string, { budgets: Budget[]; endsAt: number | null }>();
  const members = [run, ...run.ancestors];
  for (const member of members) {
    for (const budget of budgetsOfMember(member, sources)) add(covers, { budget, member, now }, sources);
  }
  // Everything below the root has the same user and tenant: what is counted for each run of theirs is the whole tree.
  const member = members.at(-1) ?? run;
  for (const budget of budgetsOfRoot(run.userId, sources)) {
    const subject = budget.scope === 'user' ? run.userId : null;
    add(covers, { budget: { ...budget, subject }, member, now }, sources);
  }
  return [...covers].map(([account, { budgets, endsAt }]) => ({
    account,
    strictest: strictestOf(budgets),
    budgets,
    endsAt,
  }));
}

function budgetsOfRoot(userId: string | null, { find }: BudgetSources): readonly Budget[] {
  const ofUser = userId === null ? [] : [...find('user', userId), ...find('user', '*')];
  return [...find('tenant', null), ...ofUser];
}

function budgetsOfMember(member: Ancestor, sources: BudgetSources): Budget[] {
  const { find } = sources;
  const ofRun = find('run', member.runId);
  const ofSession = find('session', member.sessionId);
  const named = [...ofRun, ...ofSession, ...find('agent', member.agent)];
  const isReplaced = (budget: Budget): boolean =>
    (budget.per === 'run' && ofRun.length > 0) ||
    (budget.per === 'session' && ofSession.some(({ per }) => per === 'session' || per === 'total')) ||
    named.some(({ scope, per }) => scope === 'agent' && per === budget.per);
  const ofAgent = sources.ofAgent(member.agent).filter((budget) => !isReplaced(budget));
  const each = find('agent', '*').map((budget) => ({ ...budget, subject: member.agent }));
  return [...named, ...each, ...ofAgent, ...budgetsOfTeams(member, sources)];
}

function budgetsOfTeams(member: Ancestor, { find, teamsOf }: BudgetSources): Budget[] {
  return teamsOf(member.agent).flatMap(({ team, budgets }) => {
    const named = find('team', team);
    const ofFile = budgets.filter((budget) => named.every(({ per }) => per !== budget.per));
    const each = find('team', '*').map((budget) => ({ ...budget, subject: team }));
    return [...named, ...each, ...ofFile];
  });
}

interface Charged {
  budget: Budget;
  member: Ancestor;
  now: number;
}

function add(
  covers: Map<string, { budgets: Budget[]; endsAt: number | null }>,
  charged: Charged,
  { calendar }: BudgetSources,
): void {
  const account = accountOf(charged, calendar);
  const cover = covers.get(account) ?? { budgets: [], endsAt: null };
  covers.set(account, cover);
  cover.budgets.push(charged.budget);
  const { per } = charged.budget;
  if (per === 'day' || per === 'month') cover.endsAt = calendar.endOf(per, charged.now);
}

function accountOf({ budget, member, now }: Charged, calendar: BudgetCalendar): string {
  const own = accountOfBudget(budget, calendar, now);
  if (own !== null) return own;
  return budget.per === 'session' ? `session/${member.sessionId}` : `run/${member.runId}`;
}

/** The present account of a budget; null where each run, session, agent or user has one of its own. */
export function accountOfBudget(
  { scope, subject, per }: Pick<Budget, 'scope' | 'subject' | 'per'>,
  calendar: BudgetCalendar,
  now: number,
): string | null {
  if (subject === '*') return null;
  if (scope === 'run') return `run/${subject}`;
  if (scope === 'session' && (per === 'total' || per === 'session')) return `session/${subject}`;
  if (per === 'run' || per === 'session') return null;
  const of = `${scope}/${subject ?? ''}`;
  return per === 'total' ? `${of}/total` : `${of}/${per}/${calendar.keyOf(per, now)}`;
}

function strictestOf(budgets: readonly Budget[]): Budget | null {
  const hard = budgets.filter((budget) => budget.hard);
  return hard.toSorted((one, other) => one.limitMicros - other.limitMicros)[0] ?? null;
}

/** Whether many runs at the same time are charged to this account: runs and sessions have one of their own. */
export function isShared(account: string): boolean {
  return account.includes('/day/') || account.includes('/month/') || account.endsWith('/total');
}
