import type { Action } from '../../domain/run/decide.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { closeReservation } from './settle-reservation.ts';

/**
 * Makes the run a waiting row. The store turns it into `queued` instead when a signal has arrived meanwhile: then it is
 * `woken`, and any worker may claim it at once.
 */
export async function suspendRun(
  context: EngineContext,
  held: HeldRun,
  wait: Extract<Action, { kind: 'wait' }>,
): Promise<RunEnd> {
  closeReservation(held);
  held.journal.stage({
    kind: 'run-suspended',
    data: {
      waiting_for: wait.waitingFor,
      ...(wait.until === null ? {} : { until: new Date(wait.until).toISOString() }),
    },
  });
  const receipt = await held.journal.commit();
  await context.probe.reach('run-released', { runId: held.lease.runId });
  return receipt.outcome === 'committed' && receipt.status === 'waiting' ? 'waiting' : 'woken';
}
