import type { TeamFrontMatter } from '@batuta/contract';
import { budgetsOfFile, type Budget } from '../../domain/budget/budget.ts';
import type { BudgetCalendar } from '../../domain/budget/calendar.ts';
import { coverRun, type BudgetSources, type Cover, type CoveredRun } from '../../domain/budget/cover-run.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { BudgetRecord, BudgetStore } from '../../port/budget-store.ts';
import type { Clock } from '../../port/clock.ts';

/** What the book is made of. */
export interface BudgetBookParts {
  budgets: Pick<BudgetStore, 'list'>;
  agents: AgentCatalogue;
  teams: readonly TeamFrontMatter[];
  calendar: BudgetCalendar;
  clock: Clock;
}

/** Age at which what was read is read again, in the background. */
const freshMs = 2_000;
/** Age at which nobody goes on without reading: a change in another process counts here at most this much later. */
const staleMs = 5_000;
const mostCached = 10_000;

interface Page {
  sources: BudgetSources;
  readAt: number;
  reading: Promise<Page> | undefined;
}

const covered = new WeakMap<CoveredRun, { page: BudgetSources; until: number; covers: readonly Cover[] }>();

/**
 * The budgets of tenants as runs ask for them: from memory, so that a run whose tenant has none pays nothing. A change in this process
 * counts at once, one in another process after 5 seconds at most, when the database answers.
 */
export class BudgetBook {
  readonly #parts: BudgetBookParts;
  readonly #pages = new Map<string, Page>();
  readonly #ofAgents = new Map<string, { file: object | undefined; budgets: readonly Budget[] }>();
  readonly #teams: ReadonlyMap<string, { team: string; budgets: readonly Budget[] }[]>;

  constructor(parts: BudgetBookParts) {
    this.#parts = parts;
    this.#teams = teamsByAgent(parts.teams);
  }

  /** The accounts that a run is charged to. The same object gives the same list as long as no budget and no day has changed. */
  coverOf(tenantId: string, run: CoveredRun): readonly Cover[] | Promise<readonly Cover[]> {
    const page = this.#page(tenantId);
    if ('then' in page) return page.then(({ sources }) => this.#cover(run, sources));
    return this.#cover(run, page.sources);
  }

  /** The same, with the budgets as they are in the store now. */
  async freshCoverOf(tenantId: string, run: CoveredRun): Promise<readonly Cover[]> {
    const { sources } = await this.#read(tenantId);
    return this.#cover(run, sources);
  }

  /** Called after a change in this process. */
  forget(tenantId: string): void {
    this.#pages.delete(tenantId);
  }

  get calendar(): BudgetCalendar {
    return this.#parts.calendar;
  }

  /** Names of all teams. */
  get teams(): string[] {
    return this.#parts.teams.map(({ name }) => name);
  }

  /** The budgets of all files of agents and teams. */
  ofFiles(): Budget[] {
    const ofAgents = this.#parts.agents.list().flatMap(({ definition }) => this.#ofAgent(definition.name));
    const ofTeams = this.#parts.teams.flatMap(({ name, budget }) => budgetsOfFile('team', name, budget));
    return [...ofAgents, ...ofTeams];
  }

  #cover(run: CoveredRun, sources: BudgetSources): readonly Cover[] {
    const now = this.#parts.clock.now();
    const before = covered.get(run);
    if (before?.page === sources && now < before.until) return before.covers;
    const covers = coverRun(run, sources, now);
    const until = Math.min(...covers.map(({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY));
    covered.set(run, { page: sources, until, covers });
    return covers;
  }

  #page(tenantId: string): Page | Promise<Page> {
    const page = this.#pages.get(tenantId);
    if (!page) return this.#read(tenantId);
    const age = this.#parts.clock.now() - page.readAt;
    if (age < freshMs) return page;
    page.reading ??= this.#read(tenantId).finally(() => (page.reading = undefined));
    if (age >= staleMs) return page.reading;
    // Who goes on with what is there does not wait, and need not hear that reading failed.
    page.reading.catch(() => undefined);
    return page;
  }

  async #read(tenantId: string): Promise<Page> {
    const readAt = this.#parts.clock.now();
    const records = await this.#parts.budgets.list(tenantId);
    const before = this.#pages.get(tenantId);
    const page = { sources: this.#sourcesOf(records), readAt, reading: undefined };
    if (before && before.readAt > readAt) return before;
    this.#pages.delete(tenantId);
    // The oldest makes room: a map keeps the order in which its keys were set.
    if (this.#pages.size >= mostCached) this.#pages.delete(this.#pages.keys().next().value ?? '');
    this.#pages.set(tenantId, page);
    return page;
  }

  #sourcesOf(records: readonly BudgetRecord[]): BudgetSources {
    const bySubject = Map.groupBy(records, ({ scope, subject }) => `${scope} ${subject ?? ''}`);
    return {
      find: (scope, subject) => bySubject.get(`${scope} ${subject ?? ''}`) ?? [],
      ofAgent: (agent) => this.#ofAgent(agent),
      teamsOf: (agent) => this.#teams.get(agent) ?? [],
      calendar: this.#parts.calendar,
    };
  }

  /** As the file says it now: a limit that was changed there holds for runs that began before, too. */
  #ofAgent(agent: string): readonly Budget[] {
    const file = this.#parts.agents.find(agent)?.definition.budget;
    const known = this.#ofAgents.get(agent);
    if (known && known.file === file) return known.budgets;
    const budgets = budgetsOfFile('agent', agent, file);
    this.#ofAgents.set(agent, { file, budgets });
    return budgets;
  }
}

function teamsByAgent(teams: readonly TeamFrontMatter[]) {
  const byAgent = new Map<string, { team: string; budgets: readonly Budget[] }[]>();
  for (const { name, agents, budget } of teams) {
    const team = { team: name, budgets: budgetsOfFile('team', name, budget) };
    for (const agent of agents) byAgent.set(agent, [...(byAgent.get(agent) ?? []), team]);
  }
  return byAgent;
}
