import type { RunCosts, UsageFilter, UsageRecord, UsageStore } from '../../port/usage-store.ts';
import { readRunCosts, readUsage, rollUpLedger, type UsageRow } from './statement/read-usage.ts';
import type { Transactor } from './transactor.ts';

/** Usage in a PostgreSQL database, embedded or not. */
export class SqlUsageStore implements UsageStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async usage(tenantId: string, filter: UsageFilter, limit: number): Promise<UsageRecord[]> {
    const { from, to, timeZone, groupBy, agent = null, model = null, user = null } = filter;
    const by = (group: UsageFilter['groupBy'][number]): boolean => groupBy.includes(group);
    const grouped = [by('day'), by('model'), by('agent'), by('user')] as const;
    const query = readUsage(from, to, timeZone, ...grouped, agent, model, user, limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toRecord);
  }

  async runCosts(
    tenantId: string,
    { agent = null, limit }: { agent?: string | undefined | null; limit: number },
  ): Promise<RunCosts> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readRunCosts(agent, limit));
    return { runs: row?.runs ?? 0, averageMicros: row?.average ?? 0, p90Micros: row?.p90 ?? 0 };
  }

  async rollUp(
    tenantId: string,
    rule: { olderThanDays: number; timeZone: string; limit: number },
  ): Promise<number> {
    const query = rollUpLedger(rule.olderThanDays, rule.timeZone, rule.limit);
    const [[row]] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return row?.entries ?? 0;
  }
}

function toRecord({ day, model, agent, user_id: user, calls, micros, ...usage }: UsageRow): UsageRecord {
  return { day, model, agent, user, calls, micros, usage };
}
