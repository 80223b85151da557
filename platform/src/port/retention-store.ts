/** What a pass of retention removes, besides sessions. */
export type Purge =
  /** What accounts of budgets hold whose day or month is long over, and those of runs and sessions that are gone. */
  | 'accounts'
  /** Alerts of budgets that are long over. */
  | 'alerts'
  /** Kept answers that have expired. */
  | 'answers'
  /** Agent definitions that no run refers to. */
  | 'definitions'
  /** API keys that were revoked or have expired. */
  | 'keys'
  /** One-time tokens that nobody used in time. */
  | 'logins'
  /** Browsers that were signed in. */
  | 'browsers';

/** Old rows of a tenant, found and removed in pieces. */
export interface RetentionStore {
  /** Every tenant, also disabled ones. */
  tenants(): Promise<string[]>;
  /**
   * Sessions without an unfinished run whose last run was accepted, suspended or ended so many days ago, in the order of their
   * ids, from the one after `after`. They are looked for among `limit` sessions; `last` is null when there are no more.
   */
  oldSessions(
    tenantId: string,
    page: { olderThanDays: number; after: string; limit: number },
  ): Promise<{ ids: string[]; last: string | null }>;
  /** Removes what has been over for so many days, at most `limit` rows; how many it were. */
  purge(tenantId: string, what: Purge, rule: { olderThanDays: number; limit: number }): Promise<number>;
}
