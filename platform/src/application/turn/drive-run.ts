import { BatutaError } from '@batuta/contract';
import { decide, type Action } from '../../domain/run/decide.ts';
import { compactHistory, isHistoryTooLong } from './compact-history.ts';
import type { EngineContext } from './engine-context.ts';
import { finishRun } from './finish-run.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { performModelCall } from './perform-model-call.ts';
import { performTools } from './perform-tools.ts';
import { resolveCalls, settleOrphans } from './resolve-calls.ts';
import { closeReservation } from './settle-reservation.ts';
import { suspendRun } from './suspend-run.ts';
import { takeSignals } from './take-signals.ts';
import { DeadlineWatch } from './watch-deadline.ts';

/**
 * Drives a run until it ends, waits, or must be let go: take up what came from outside, decide, perform, again. Each step
 * stages events; the journal commits them. Errors other than a lost lease are the caller's (`worker`) to handle.
 */
export async function driveRun(context: EngineContext, held: HeldRun): Promise<RunEnd> {
  const deadline = new DeadlineWatch(context.clock, held);
  try {
    for (;;) {
      if (held.control.interruption === 'lease-lost') return 'lost';
      await takeSignals(context, held);
      deadline.follow();
      if (held.control.isStopping && held.control.cancel === null) return await release(context, held);
      const end = await perform(context, held, nextAction(context, held));
      if (end) return end;
    }
  } catch (error) {
    if (BatutaError.has(error, 'lease-lost')) return 'lost';
    throw error;
  } finally {
    deadline.stop();
  }
}

function nextAction(context: EngineContext, held: HeldRun): Action {
  const { journal, definition, control } = held;
  // The timer that watches the deadline may be a moment ahead of the clock.
  const isOver = control.interruption === 'time-limit';
  return decide(journal.state, journal.run, {
    now: isOver ? Math.max(context.clock.now(), journal.run.deadlineAt ?? 0) : context.clock.now(),
    dueAt: held.dueAt,
    turnLimit: definition.limits.turns,
    minuteLimit: definition.limits.minutes,
    progress: context.settings.progress,
    cancel: control.cancel,
    fail: control.failure,
    // Asked only when a model call would be next.
    get historyTooLong() {
      return isHistoryTooLong(context, held);
    },
  });
}

async function perform(context: EngineContext, held: HeldRun, action: Action): Promise<RunEnd | undefined> {
  switch (action.kind) {
    case 'settle-orphans':
      return settleOrphans(held);
    case 'warn':
      held.journal.stage({ kind: 'progress-warned', data: action.stall });
      return undefined;
    case 'compact-history':
      return compactHistory(context, held);
    case 'call-model':
      return performModelCall(context, held);
    case 'run-tools':
      return performTools(context, held, action.calls);
    case 'resolve-calls':
      return resolveCalls(context, held, action.calls);
    case 'wait':
      return suspendRun(context, held, action);
    case 'finish':
      return finishRun(context, held, action.ending);
  }
}

async function release(context: EngineContext, held: HeldRun): Promise<RunEnd> {
  closeReservation(held);
  await held.journal.commit({ release: true });
  await context.probe.reach('run-released', { runId: held.lease.runId });
  return 'released';
}
