import type { RunStore } from '../../port/run-store.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';

/**
 * A person has consented at some service: the runs of the tenant that wait for a consent try again. Those whose consent was not this one
 * wait on.
 */
export async function authorised(
  { runs, notify }: { runs: Pick<RunStore, 'wakeWaiting'>; notify: Pick<RunNotifier, 'queued'> },
  tenantId: string,
): Promise<void> {
  for (const runId of await runs.wakeWaiting(tenantId, 'authorization')) notify.queued(runId);
}
