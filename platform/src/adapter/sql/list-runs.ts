import type { RunRecord } from '../../port/run-record.ts';
import type { RunFilter } from '../../port/run-store.ts';
import { queryBuilder, toQuery } from './build-query.ts';
import { runColumnNames, toRunRecord } from './run-row.ts';
import type { Transactor } from './transactor.ts';

/** Runs of a tenant, newest first. */
export async function listRuns(
  transactor: Transactor,
  tenantId: string,
  filter: RunFilter,
): Promise<RunRecord[]> {
  const build = await queryBuilder();
  let query = build.selectFrom('runs').select(runColumnNames).where('tenant_id', '=', tenantId);
  if (filter.sessionId !== undefined) query = query.where('session_id', '=', filter.sessionId);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.ownerId !== undefined) query = query.where('owner_id', '=', filter.ownerId);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  const page = query.orderBy('id', 'desc').limit(filter.limit);
  const rows = await transactor.read({ tenant: tenantId }, toQuery(page));
  return rows.map(toRunRecord);
}
