import type { NewEvent, UserPart } from '@batuta/contract';
import type { StoredSignal } from '../../port/run-record.ts';
import { deadlineOf } from './deadline.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { settledEvent } from './settled-event.ts';

/** Turns what others left for the run into staged events, in order of arrival. */
export async function takeSignals(context: EngineContext, held: HeldRun): Promise<void> {
  if (held.control.mustFetch) await fetchSignals(context, held);
  for (const signal of held.control.take()) {
    const event = eventOf(context, held, signal);
    if (event) held.journal.stage(event);
    held.journal.signalsTaken(signal.id);
  }
}

/** Looks into the store; a cancel among the signals stops at once what is in flight. */
export async function fetchSignals(context: EngineContext, held: HeldRun): Promise<void> {
  held.control.mustFetch = false;
  held.control.receive(await context.runs.signals(held.lease));
}

function eventOf(context: EngineContext, held: HeldRun, signal: StoredSignal): NewEvent | undefined {
  switch (signal.kind) {
    case 'cancel':
    case 'fail':
      // Carried out by the decision: the run's control remembers it.
      return undefined;
    case 'message':
      return messageEvent(held, signal.data);
    case 'child-ended':
      return childEvent(held, signal.data);
    case 'approval-decided':
      return decisionEvent(signal.data);
    case 'retry':
      return retryEvent(context, held, signal.data.requestedBy);
  }
}

/** A message answers the oldest open question of the run; otherwise it steers it. */
function messageEvent(held: HeldRun, message: { messageId: string; parts: UserPart[] }): NewEvent {
  const asked = held.journal.run.calls.find((call) => call.wait?.for === 'input');
  if (asked) {
    const content = message.parts
      .map((part) => (part.type === 'text' ? part.text : `[file ${part.artifact_id}]`))
      .join('\n');
    return settledEvent(asked, { outcome: 'succeeded', content });
  }
  return {
    kind: 'message-added',
    data: { message_id: message.messageId, origin: 'steering', parts: message.parts },
  };
}

function childEvent(
  held: HeldRun,
  child: { callId: string; status: string; text: string },
): NewEvent | undefined {
  const call = held.journal.run.calls.find(
    (each) => each.callId === child.callId && each.status !== 'settled',
  );
  if (!call) return undefined;
  const outcome = child.status === 'succeeded' ? 'succeeded' : 'failed';
  const content = child.text === '' ? `The agent ${child.status} without a word.` : child.text;
  return settledEvent(call, { outcome, content });
}

function decisionEvent(decided: Extract<StoredSignal, { kind: 'approval-decided' }>['data']): NewEvent {
  return {
    kind: 'approval-decided',
    data: {
      approval_id: decided.approvalId,
      call_id: decided.callId,
      decision: decided.decision,
      decided_by: decided.decidedBy,
      ...(decided.reason === undefined ? {} : { reason: decided.reason }),
    },
  };
}

function retryEvent(context: EngineContext, held: HeldRun, requestedBy: string): NewEvent | undefined {
  if (held.journal.run.status !== 'failed') return undefined;
  return {
    kind: 'run-retried',
    data: {
      attempt: held.journal.run.attempt + 1,
      requested_by: requestedBy,
      deadline_at: deadlineOf(context.clock, held.definition),
    },
  };
}
