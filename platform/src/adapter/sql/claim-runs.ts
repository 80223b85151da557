import type { ClaimedRun } from '../../port/run-store.ts';
import { violatedConstraint } from './database-error.ts';
import { toRunRecord } from './run-row.ts';
import { claimRuns, claimTheseRuns, type ClaimedRow } from './statement/claim-runs.ts';
import type { Transactor } from './transactor.ts';

/** Times that a claim is tried which met another one of the same session. */
const attempts = 5;

/** How far the tenants of a long queue have been looked through; moved on by each claim. */
export interface TenantCursor {
  tenantId: string;
}

/** How many runs to take, and which: any, or those of a list. */
interface ClaimOrder {
  limit: number;
  runIds?: readonly string[];
  lookedTo: TenantCursor;
}

/**
 * Takes runs for a worker. Two claims that at the same moment take different runs of one session (a retried run and
 * the one behind it) meet at the index that allows one: the later one looks again.
 */
export async function claim(
  transactor: Transactor,
  workerId: string,
  order: ClaimOrder,
): Promise<ClaimedRun[]> {
  const { limit, runIds, lookedTo } = order;
  const query = runIds
    ? claimTheseRuns(workerId, limit, runIds)
    : claimRuns(workerId, limit, lookedTo.tenantId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [rows] = await transactor.run('system', [query]);
      if (!runIds) lookedTo.tenantId = rows[0]?.looked_to ?? '';
      return rows.map(toClaimedRun);
    } catch (error) {
      if (violatedConstraint(error) !== 'runs_one_active' || attempt === attempts) throw error;
    }
  }
}

function toClaimedRun(row: ClaimedRow): ClaimedRun {
  const run = toRunRecord(row);
  return {
    run,
    lease: {
      tenantId: run.tenantId,
      sessionId: run.sessionId,
      runId: run.id,
      workerId: row.lease_worker ?? '',
      epoch: row.lease_epoch,
    },
    definition: row.definition,
    previousStatus: row.previous_status,
    previousEpoch: row.lease_epoch - 1,
  };
}
