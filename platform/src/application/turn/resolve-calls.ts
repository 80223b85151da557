import { interruptedContent } from '../../domain/context/model-history.ts';
import { resolveUnknownCall } from '../../domain/run/resolve-unknown-call.ts';
import type { CallState } from '../../domain/run/state.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { requestApproval, type ApprovalQuestion } from './request-approval.ts';
import { settledEvent, type CallEnd } from './settled-event.ts';

/** What is asked about an effect that may or may not have happened; the rule is the platform's own. */
const aboutUnknown: ApprovalQuestion = {
  reason: 'unknown-outcome',
  decisions: ['repeat', 'done', 'failed'],
  policyVersion: 'built-in-1',
};

/** Gives the calls that former runs of the session left open their result. */
export async function settleOrphans(held: HeldRun): Promise<undefined> {
  for (const orphan of held.journal.state.orphans) {
    held.journal.stage(settledEvent(orphan, { outcome: 'interrupted', content: interruptedContent }));
  }
}

/** Carries out what can be done about calls without executing them. */
export async function resolveCalls(
  context: EngineContext,
  held: HeldRun,
  calls: readonly CallState[],
): Promise<undefined> {
  for (const call of calls) resolveCall(context, held, call);
}

function resolveCall(context: EngineContext, held: HeldRun, call: CallState): void {
  if (call.decision) return carryOut(held, call, call.decision);
  switch (call.wait?.for) {
    case 'timer':
      return settle(held, call, {
        outcome: 'succeeded',
        content: `The time has come. It is ${new Date(context.clock.now()).toISOString()}.`,
      });
    case 'approval':
      return settle(held, call, expiryOf(call.wait.reason));
    default:
      return stageUnknown(context, held, call);
  }
}

/** Silence is no approval: a call that nobody allowed has not run, and one that may have happened is not repeated. */
function expiryOf(reason: ApprovalQuestion['reason']): CallEnd {
  if (reason === 'policy') {
    return { outcome: 'denied', content: 'Nobody approved this call in time, so it was not executed.' };
  }
  return {
    outcome: 'unknown',
    content: 'Nobody decided in time. Whether the call took effect is unknown; do not repeat it.',
  };
}

function carryOut(held: HeldRun, call: CallState, made: NonNullable<CallState['decision']>): void {
  switch (made.decision) {
    case 'repeat':
    case 'approve':
      held.journal.stage({
        kind: 'tool-call-unknown',
        data: { call_id: call.callId, tool: call.tool, resolution: 'repeat' },
      });
      return;
    case 'done':
      settle(held, call, { outcome: 'succeeded', content: 'A person confirmed that this call took effect.' });
      return;
    case 'failed':
      settle(held, call, {
        outcome: 'failed',
        content: 'A person confirmed that this call did not take effect.',
      });
      return;
    case 'deny':
      settle(held, call, { outcome: 'denied', content: denial(made.reason) });
  }
}

function denial(reason: string | null): string {
  return `A person denied this call, so it was not executed.${reason ? ` The reason: ${reason}` : ''}`;
}

function settle(held: HeldRun, call: CallState, end: CallEnd): void {
  held.journal.stage(settledEvent(call, end));
  if (call.attempt > 0) {
    held.journal.stageRows({ settlements: [{ callId: call.callId, outcome: end.outcome }] });
  }
}

/** A claimed call without an outcome: repeated, asked about, or told to the model, by what its tool declares. */
export function stageUnknown(context: EngineContext, held: HeldRun, call: CallState): void {
  const tool = held.tools.get(call.tool);
  const resolution = resolveUnknownCall({
    idempotent: tool?.annotations.idempotent ?? false,
    destructive: tool?.annotations.destructive ?? true,
    attempt: call.attempt,
  });
  held.journal.stage({
    kind: 'tool-call-unknown',
    data: { call_id: call.callId, tool: call.tool, resolution },
  });
  if (resolution === 'ask') requestApproval(context, held, { call, question: aboutUnknown });
  if (resolution === 'tell-model') {
    settle(held, call, {
      outcome: 'unknown',
      content:
        'The call was started, but its outcome is unknown: it may or may not have taken effect. Check before you repeat it.',
    });
  }
}
