import type { RunRecord } from '../../port/run-record.ts';
import type { CancelledUnstarted } from '../../port/run-store.ts';
import type { Announcement } from '../../port/webhook-store.ts';
import { outboxQueries } from './commit-queries.ts';
import { toRunRecord } from './run-row.ts';
import { leaveSignal } from './statement/leave-signal.ts';
import { cancelUnstarted as cancelQuery } from './statement/read-run.ts';
import type { Transactor } from './transactor.ts';

/** Cancels a run that no worker ever took, and tells its parent, which would wait for it for ever. */
export async function cancelUnstarted(
  transactor: Transactor,
  target: {
    tenantId: string;
    runId: string;
    announce: ((run: RunRecord) => Announcement) | undefined;
  },
): Promise<CancelledUnstarted | null> {
  const { tenantId, runId, announce } = target;
  return await transactor.transaction({ tenant: tenantId }, async (execute) => {
    const [cancelled] = await execute(cancelQuery(runId));
    if (!cancelled) return null;
    if (cancelled.parent_run_id !== null) {
      const data = { callId: cancelled.parent_call_id, runId, status: 'cancelled', text: '' };
      const unfinished = ['queued', 'running', 'waiting'] as const;
      await execute(leaveSignal(cancelled.parent_run_id, unfinished, 'child-ended', JSON.stringify(data)));
    }
    const told = announce ? outboxQueries(tenantId, [announce(toRunRecord(cancelled))]) : [];
    const webhooks: string[] = [];
    for (const query of told) for (const { webhook_id: id } of await execute(query)) webhooks.push(id);
    return { webhooks };
  });
}
