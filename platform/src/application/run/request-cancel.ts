import { BatutaError } from '@batuta/contract';
import { announceUnstarted } from '../../domain/webhook/announce.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { LiveFeed } from '../stream/live-feed.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';

/** What cancelling needs. */
export interface CancelContext {
  runs: RunStore;
  notify: RunNotifier;
  feed: LiveFeed;
}

/**
 * Cancels a run: at once where nobody ever began it, otherwise by a signal that its worker carries out (a waiting run is woken for
 * it). A run that has ended is left as it is. Errors: `run-unknown`.
 */
export async function requestCancel(
  context: CancelContext,
  target: { tenantId: string; runId: string },
  cancel: { reason: string; cancelledBy: string },
): Promise<'cancelled' | 'requested' | 'ended'> {
  const { runs, notify } = context;
  const unstarted = await runs.cancelUnstarted(target.tenantId, target.runId, announceUnstarted);
  if (unstarted) {
    notify.announced(target.tenantId, unstarted.webhooks);
    await tellOfUnstarted(context, target);
    return 'cancelled';
  }
  try {
    await runs.signal(
      target,
      { kind: 'cancel', data: cancel },
      { allowed: ['queued', 'running', 'waiting'], action: 'cancel' },
    );
  } catch (error) {
    if (BatutaError.has(error, 'run-state-conflict')) return 'ended';
    throw error;
  }
  notify.signalled(target.runId);
  notify.queued(target.runId);
  return 'requested';
}

/** It left no event: whoever follows it or waits for it must be told otherwise. */
async function tellOfUnstarted(
  { runs, notify, feed }: CancelContext,
  { tenantId, runId }: { tenantId: string; runId: string },
): Promise<void> {
  const run = await runs.get(tenantId, runId);
  if (!run) return;
  feed.changed(run.sessionId);
  if (run.parent) notify.queued(run.parent.runId);
}
