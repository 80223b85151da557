import type { JsonValue } from '@batuta/contract';
import { interruptedContent } from '../../domain/context/model-history.ts';
import { resolveUnknownCall } from '../../domain/run/resolve-unknown-call.ts';
import type { CallState, CallWait } from '../../domain/run/state.ts';
import { checkArguments } from './check-arguments.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { requestApproval, type ApprovalQuestion } from './request-approval.ts';
import { settledEvent, type CallEnd } from './settled-event.ts';

/** What is asked about an effect that may or may not have happened; the rule is the platform's own. */
const aboutUnknown: ApprovalQuestion = {
  reason: 'unknown-outcome',
  decisions: ['repeat', 'done', 'failed'],
  policyVersion: 'built-in-1',
  neededRole: 'operator',
  verdict: null,
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
  for (const call of calls) if (!isOverdue(call)) resolveCall(context, held, call);
  const overdue = calls.filter(isOverdue);
  if (overdue.length > 0) await expire(held, overdue);
}

type Overdue = CallState & { wait: Extract<CallWait, { for: 'approval' }> };

/** A call that is resolvable while it waits for an approval: nobody decided in time. */
function isOverdue(call: CallState): call is Overdue {
  return call.decision === null && call.wait?.for === 'approval';
}

/**
 * Silence is no approval, but a decision that came in time is one, whatever this process's clock says: the expiry is committed only if the
 * store has no decision, and from then on takes none. Otherwise it is taken back, and the decision's signal is taken up.
 */
async function expire(held: HeldRun, calls: readonly Overdue[]): Promise<void> {
  const { journal, control } = held;
  const receipt = await journal.commitLast(() => {
    for (const call of calls) {
      const data = { approval_id: call.wait.approvalId, call_id: call.callId, decision: 'expire' } as const;
      journal.stage({ kind: 'approval-decided', data: { ...data, decided_by: 'expiry' } });
      settle(held, call, expiryOf(call.wait.reason));
    }
    journal.stageRows({ closings: calls.map(({ wait }) => ({ id: wait.approvalId, as: 'expired' })) });
  }, {});
  if (receipt.outcome === 'signals-first' || receipt.signalsPending) control.mustFetch = true;
}

function resolveCall(context: EngineContext, held: HeldRun, call: CallState): void {
  if (call.decision) return carryOut(held, call, call.decision);
  switch (call.wait?.for) {
    case 'timer':
      return settle(held, call, {
        outcome: 'succeeded',
        content: `The time has come. It is ${new Date(context.clock.now()).toISOString()}.`,
      });
    case 'authorization':
      return settle(held, call, {
        outcome: 'failed',
        content: `Nobody gave the consent that ${call.wait.server} needs in time, so the call was not executed.`,
      });
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
      return;
    default:
      // What a newer version may have decided in words that this one does not know is no permission.
      settle(held, call, expiryOf(call.attempt > 0 ? 'unknown-outcome' : 'policy'));
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

/** The arguments that a call was executed with; where its tool is gone, the text as it was written. */
function inputOf(held: HeldRun, call: CallState): JsonValue {
  const tool = held.tools.byName.get(call.tool);
  const checked = tool && checkArguments(tool, call);
  return checked?.ok ? checked.value : (call.edited ?? call.arguments);
}

/** A claimed call without an outcome: repeated, asked about, or told to the model, by what its tool declares. */
export function stageUnknown(context: EngineContext, held: HeldRun, call: CallState): void {
  const tool = held.tools.byName.get(call.tool);
  const resolution = resolveUnknownCall({
    idempotent: tool?.annotations.idempotent ?? false,
    destructive: tool?.annotations.destructive ?? true,
    attempt: call.attempt,
  });
  held.journal.stage({
    kind: 'tool-call-unknown',
    data: { call_id: call.callId, tool: call.tool, resolution },
  });
  if (resolution === 'ask') {
    requestApproval(context, held, { call, input: inputOf(held, call), question: aboutUnknown });
  }
  if (resolution === 'tell-model') {
    settle(held, call, {
      outcome: 'unknown',
      content:
        'The call was started, but its outcome is unknown: it may or may not have taken effect. Check before you repeat it.',
    });
  }
}
