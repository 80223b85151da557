import type { Usage, UsageGroup } from '@batuta/contract';

/** Which usage is wanted: days of a time zone, both included. */
export interface UsageFilter {
  from: string;
  to: string;
  timeZone: string;
  groupBy: readonly UsageGroup[];
  agent?: string | undefined;
  model?: string | undefined;
  user?: string | undefined;
}

/** Usage of one group; what it is not grouped by is null. */
export interface UsageRecord {
  day: string | null;
  model: string | null;
  agent: string | null;
  user: string | null;
  calls: number;
  usage: Usage;
  micros: number;
}

/** What past runs cost. */
export interface RunCosts {
  runs: number;
  averageMicros: number;
  /** Nine of ten cost at most this. */
  p90Micros: number;
}

/** What was used and what it cost, from the ledger. */
export interface UsageStore {
  /** At most `limit` groups, in the order of their names. */
  usage(tenantId: string, filter: UsageFilter, limit: number): Promise<UsageRecord[]>;
  /** The newest ended runs whose cost is known, at most `limit`. Child runs count within their parents. */
  runCosts(tenantId: string, filter: { agent?: string | undefined; limit: number }): Promise<RunCosts>;
  /** Adds movements of money that are older than so many days up by day, and removes them; how many it were, at most `limit`. */
  rollUp(tenantId: string, rule: { olderThanDays: number; timeZone: string; limit: number }): Promise<number>;
}
