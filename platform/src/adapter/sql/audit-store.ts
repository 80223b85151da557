import type { SelectQueryBuilder } from 'kysely';
import type { Announcement } from '../../port/webhook-store.ts';
import type {
  AuditEntry,
  AuditExtent,
  AuditFilter,
  AuditHead,
  AuditRow,
  AuditStore,
} from '../../port/audit-log.ts';
import { toAuditRow, type AuditLogRow } from './audit-row.ts';
import { queryBuilder, rawSql, toQuery } from './build-query.ts';
import { outboxQueries } from './commit-queries.ts';
import { appendAudit, auditEntryJson } from './statement/append-audit.ts';
import { anchorAudit, cutAudit } from './statement/cut-audit.ts';
import { firstAuditSince, readAuditExtent, readUnanchored } from './statement/read-audit.ts';
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
    const { first_seq: firstSeq = 0, last_seq: lastSeq = 0 } = row ?? {};
    const head = headOf(row?.seq, row?.hash);
    return { base: headOf(row?.base_seq, row?.base_hash) ?? { seq: 0, hash: '' }, firstSeq, head, lastSeq };
  }

  async cut(tenantId: string, { seq, hash }: AuditHead, entry: AuditEntry): Promise<boolean> {
    const query = cutAudit(seq, hash, auditEntryJson(entry));
    const [[row]] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return row?.cut ?? false;
  }

  async unanchored(since: number, limit: number): Promise<string[]> {
    const rows = await this.#transactor.read('system', readUnanchored(new Date(since), limit));
    return rows.map((row) => row.tenant_id);
  }

  async anchor(
    tenantId: string,
    announce: (head: AuditHead) => Announcement,
  ): Promise<{ head: AuditHead; webhooks: string[] } | undefined> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [head] = await execute(anchorAudit());
      if (!head) return undefined;
      const webhooks: string[] = [];
      for (const query of outboxQueries(tenantId, [announce(head)])) {
        webhooks.push(...(await execute(query)).map((row) => row.webhook_id));
      }
      return { head, webhooks };
    });
  }

  async #rows(tenantId: string, query: Selection): Promise<AuditRow[]> {
    const rows = await this.#transactor.read({ tenant: tenantId }, toQuery(query));
    return rows.map(toAuditRow);
  }
}

function headOf(seq: number | null = null, hash: string | null = null): AuditHead | null {
  return seq === null || hash === null ? null : { seq, hash };
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
