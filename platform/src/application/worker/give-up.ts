import { BatutaError } from '@batuta/contract';
import type { EngineContext } from '../turn/engine-context.ts';
import { failRun } from '../turn/fail-run.ts';
import { closeReservation } from '../turn/settle-reservation.ts';
import type { HeldRun, RunEnd } from '../turn/held-run.ts';

/** How long to wait before the database is asked again, and when to stop asking. */
export interface GiveUpOptions {
  pauseMs: number;
  stopped: AbortSignal;
}

/**
 * Lets go of a run in which an error happened that no step expected: it fails with an incident number. What was staged may be the very
 * reason why it could not be written, so it is forgotten. While the database cannot be reached, or if even the failure cannot be
 * written, the lease is given back instead, and any worker goes on from the log.
 */
export async function giveUp(
  context: EngineContext,
  held: HeldRun,
  failure: { error: unknown } & GiveUpOptions,
): Promise<RunEnd> {
  const { error } = failure;
  const incident = context.ids.create('message').slice(-10);
  const fields = { run_id: held.lease.runId, incident, error };
  if (BatutaError.has(error, 'database-unreachable')) {
    context.log.warn('a run was let go because the database cannot be reached', fields);
    return giveBack(context, held, failure);
  }
  context.log.error('a run failed inside the engine', fields);
  held.journal.discard();
  try {
    return (await failRun(context, held, { code: 'internal', data: { incident } })) ?? 'ended';
  } catch {
    held.journal.discard();
    return giveBack(context, held, failure);
  }
}

/** Gives the lease back as soon as the database answers; until then the run counts as in hand, so nobody waits in vain for it. */
async function giveBack(context: EngineContext, held: HeldRun, options: GiveUpOptions): Promise<RunEnd> {
  while (held.control.interruption !== 'lease-lost') {
    try {
      closeReservation(held);
      await held.journal.commit({ release: true });
      return 'released';
    } catch (error) {
      if (!BatutaError.has(error, 'database-unreachable')) return 'lost';
    }
    if (options.stopped.aborted) return 'lost';
    await context.clock.sleep(options.pauseMs, options.stopped);
  }
  return 'lost';
}
