import type { SelectQueryBuilder } from 'kysely';
import type { AuditEntry, AuditExtent, AuditFilter, AuditRow, AuditStore } from '../../port/audit-log.ts';
import { toAuditRow, type AuditLogRow } from './audit-row.ts';
import { queryBuilder, rawSql, toQuery } from './build-query.ts';
import { appendAudit } from './statement/append-audit.ts';
import { firstAuditSince, readAuditExtent } from './statement/read-audit.ts';
import type { Tables } from './tables.ts';
import type { Transactor } from './transactor.ts';

/** The audit log in a PostgreSQL database, embedded or not. */
export class SqlAuditStore implements AuditStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async append(tenantId: string, entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length > 0) await this.#transactor.run({ tenant: tenantId }, [appendAudit(...entries)]);
  }

  async list(
    tenantId: string,
    filter: AuditFilter & { before?: number; limit: number },
  ): Promise<AuditRow[]> {
    let query = await select(tenantId, filter);
    if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
    return await this.#rows(tenantId, query.orderBy('seq', 'desc').limit(filter.limit));
  }

  async read(tenantId: string, filter: AuditFilter & { after: number; limit: number }): Promise<AuditRow[]> {
    const query = (await select(tenantId, filter)).where('seq', '>', filter.after);
    return await this.#rows(tenantId, query.orderBy('seq').limit(filter.limit));
  }

  async firstSince(tenantId: string, since: number): Promise<number | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, firstAuditSince(new Date(since)));
    return row?.seq ?? undefined;
  }

  async extent(tenantId: string): Promise<AuditExtent> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readAuditExtent());
    if (!row || row.seq === null || row.hash === null) return { head: null, lastSeq: row?.last_seq ?? 0 };
    return { head: { seq: row.seq, hash: row.hash }, lastSeq: row.last_seq };
  }

  async #rows(tenantId: string, query: Selection): Promise<AuditRow[]> {
    const rows = await this.#transactor.read({ tenant: tenantId }, toQuery(query));
    return rows.map(toAuditRow);
  }
}

type Selection = SelectQueryBuilder<Tables, 'audit_log', AuditLogRow>;

const columns = [
  'tenant_id',
  'seq',
  'at',
  'kind',
  'action',
  'actor_kind',
  'actor',
  'actor_name',
  'key_id',
  'target',
  'outcome',
  'reason',
  'address',
  'user_agent',
  'count',
  'hash',
] as const;

/** The rows of a filter. `before` and `after` as the texts that were hashed, not as what they say. */
async function select(tenantId: string, filter: AuditFilter): Promise<Selection> {
  const [build, sql] = await Promise.all([queryBuilder(), rawSql()]);
  const instant = (milliseconds: number) => sql<number>`${new Date(milliseconds)}::timestamptz`;
  let query: Selection = build
    .selectFrom('audit_log')
    .select(columns)
    .select([sql<string | null>`before::text`.as('before'), sql<string | null>`after::text`.as('after')])
    .where('tenant_id', '=', tenantId);
  if (filter.since !== undefined) query = query.where('at', '>=', instant(filter.since));
  if (filter.until !== undefined) query = query.where('at', '<', instant(filter.until));
  for (const column of ['actor', 'action', 'kind', 'target'] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, '=', value);
  }
  return query;
}
