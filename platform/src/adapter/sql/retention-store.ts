import type { Purge, RetentionStore } from '../../port/retention-store.ts';
import { purgeStatements, readOldSessions, readTenantIds } from './statement/retention.ts';
import type { Transactor } from './transactor.ts';

/** Old rows in a PostgreSQL database, embedded or not. */
export class SqlRetentionStore implements RetentionStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async tenants(): Promise<string[]> {
    const rows = await this.#transactor.read('system', readTenantIds());
    return rows.map((row) => row.tenant_id);
  }

  async oldSessions(
    tenantId: string,
    { olderThanDays, after, limit }: { olderThanDays: number; after: string; limit: number },
  ): Promise<{ ids: string[]; last: string | null }> {
    const query = readOldSessions(tenantId, olderThanDays, after, limit);
    const rows = await this.#transactor.read({ tenant: tenantId }, query);
    const last = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
    return { ids: rows.filter((row) => row.is_old).map(({ id }) => id), last };
  }

  async purge(
    tenantId: string,
    what: Purge,
    { olderThanDays, limit }: { olderThanDays: number; limit: number },
  ): Promise<number> {
    const query = purgeStatements[what](olderThanDays, limit);
    const [[row]] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return row?.gone ?? 0;
  }
}
