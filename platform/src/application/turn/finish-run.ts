import type { NewEvent } from '@batuta/contract';
import { labelsOf } from '../../domain/policy/context-taint.ts';
import type { Ending } from '../../domain/run/decide.ts';
import type { CallState } from '../../domain/run/state.ts';
import type { ApprovalClosing, Signal } from '../../port/run-record.ts';
import { requestCancel } from '../run/request-cancel.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { closeReservation } from './settle-reservation.ts';
import { settledEvent } from './settled-event.ts';

/**
 * Ends the run: gives every open call a result, so that the history stays sendable, tells the parent run, and commits. A
 * success is taken back when a message arrived at the last moment: the loop then goes on with it.
 */
export async function finishRun(
  context: EngineContext,
  held: HeldRun,
  ending: Ending,
): Promise<RunEnd | undefined> {
  if (ending.status !== 'succeeded') await cancelChildren(context, held, ending.status);
  const parent = held.journal.run.parent;
  const receipt = await held.journal.commitLast(
    () => stageEnd(held, ending),
    parent
      ? { parentSignal: { runId: parent.run_id, signal: parentSignal(held, parent.call_id, ending) } }
      : {},
  );
  if (receipt.outcome === 'signals-first') {
    held.control.mustFetch = true;
    return undefined;
  }
  await context.probe.reach('run-ended', { runId: held.lease.runId, name: ending.status });
  return 'ended';
}

function stageEnd(held: HeldRun, ending: Ending): void {
  const { journal } = held;
  closeReservation(held);
  if (ending.status !== 'succeeded') {
    const open = journal.run.calls.filter((call) => call.status !== 'settled');
    const outcome = ending.status === 'cancelled' ? 'cancelled' : 'interrupted';
    const content = `The run was ${ending.status} before this call had a result.`;
    journal.stage(...open.map((call) => settledEvent(call, { outcome, content })));
    const claimed = open.filter((call) => call.attempt > 0);
    const settlements = claimed.map(({ callId }) => ({ callId, outcome }));
    journal.stageRows({ settlements, closings: open.flatMap(withdrawal) });
  }
  journal.stage(endEvent(ending));
}

/** What a call waited for a person to decide is decided by nobody any more. */
function withdrawal({ wait, question }: CallState): ApprovalClosing[] {
  if (question !== null) return [{ id: question, as: 'withdrawn' }];
  const isAsked = wait?.for === 'approval' || wait?.for === 'input';
  return isAsked && wait.approvalId !== null ? [{ id: wait.approvalId, as: 'withdrawn' }] : [];
}

function endEvent(ending: Ending): NewEvent {
  switch (ending.status) {
    case 'succeeded':
      return { kind: 'run-succeeded', data: { message_id: ending.messageId, text: ending.text } };
    case 'failed':
      return { kind: 'run-failed', data: { error: ending.error } };
    case 'cancelled':
      return {
        kind: 'run-cancelled',
        data: { reason: ending.reason, cancelled_by: ending.cancelledBy },
      };
  }
}

/** A child that ended meanwhile is not an error: there is nothing left to cancel. */
async function cancelChildren(context: EngineContext, held: HeldRun, status: string): Promise<void> {
  if (!held.journal.run.calls.some((call) => call.wait?.for === 'child')) return;
  const { tenantId, runId } = held.lease;
  for (const child of await context.runs.liveChildren(tenantId, runId)) {
    await requestCancel(
      context,
      { tenantId, runId: child },
      { reason: `The parent run was ${status}.`, cancelledBy: runId },
    );
  }
}

function parentSignal(held: HeldRun, callId: string, ending: Ending): Signal {
  const text = ending.status === 'succeeded' ? ending.text : failureText(ending);
  // What the child has read may stand in its answer.
  const taint = labelsOf(held.journal.state.taint);
  return {
    kind: 'child-ended',
    data: {
      callId,
      runId: held.lease.runId,
      status: ending.status,
      text,
      ...(taint.length > 0 ? { taint } : {}),
    },
  };
}

function failureText(ending: Exclude<Ending, { status: 'succeeded' }>): string {
  return ending.status === 'failed'
    ? `The agent failed: ${ending.error.message}`
    : `The agent was cancelled: ${ending.reason}`;
}
