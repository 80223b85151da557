import type { NewEvent, UserPart } from '@batuta/contract';
import { taintEvents } from '../../domain/policy/context-taint.ts';
import type { StoredSignal } from '../../port/run-record.ts';
import { tierEvents } from '../economy/choose-run-tier.ts';
import { deadlineOf } from './deadline.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { settledEvent } from './settled-event.ts';

/** Turns what others left for the run into staged events, in order of arrival. */
export async function takeSignals(context: EngineContext, held: HeldRun): Promise<void> {
  if (held.control.mustFetch) await fetchSignals(context, held);
  for (const signal of held.control.take()) {
    const events = eventsOf(context, held, signal);
    held.journal.stage(...events);
    for (const event of events) {
      // What a person adds can make the work harder, or easier.
      if (event.kind === 'message-added')
        held.journal.stage(...tierEvents(held.definition, event.data.parts, null));
    }
    held.journal.signalsTaken(signal.id);
  }
}

/** Looks into the store; a cancel among the signals stops at once what is in flight. */
export async function fetchSignals(context: EngineContext, held: HeldRun): Promise<void> {
  held.control.mustFetch = false;
  held.control.receive(await context.runs.signals(held.lease));
}

function eventsOf(context: EngineContext, held: HeldRun, signal: StoredSignal): NewEvent[] {
  switch (signal.kind) {
    case 'cancel':
    case 'fail':
      // Carried out by the decision: the run's control remembers it.
      return [];
    case 'message':
      return [messageEvent(held, signal.data)];
    case 'child-ended':
      return childEvents(held, signal.data);
    case 'approval-decided':
      return decisionEvents(held, signal.data);
    case 'retry':
      return retryEvents(context, held, signal.data.requestedBy);
  }
}

/**
 * A message steers the run. A question is answered through its record, where the message was sent while it was open; one from
 * before there were such records is answered by the next message.
 */
function messageEvent(held: HeldRun, message: { messageId: string; parts: UserPart[] }): NewEvent {
  const asked = held.journal.run.calls.find(({ wait }) => wait?.for === 'input' && wait.approvalId === null);
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

function childEvents(
  held: HeldRun,
  child: Extract<StoredSignal, { kind: 'child-ended' }>['data'],
): NewEvent[] {
  const call = held.journal.run.calls.find(
    (each) => each.callId === child.callId && each.status !== 'settled',
  );
  if (!call) return [];
  const outcome = child.status === 'succeeded' ? 'succeeded' : 'failed';
  const content = child.text === '' ? `The agent ${child.status} without a word.` : child.text;
  const from = { source: 'child', callId: call.callId, tool: call.tool, origin: child.runId } as const;
  const brought = (child.taint ?? []).map((label) => ({ label, ...from }));
  return [...taintEvents(held.journal.state.taint, brought), settledEvent(call, { outcome, content })];
}

type Decided = Extract<StoredSignal, { kind: 'approval-decided' }>['data'];

/** The answer to a question is also the result of the call that asked it. */
function decisionEvents(held: HeldRun, decided: Decided): NewEvent[] {
  const event = decisionEvent(held, decided);
  const asked = held.journal.run.calls.find(
    ({ wait }) => wait?.for === 'input' && wait.approvalId === decided.approvalId,
  );
  if (!asked || decided.answer === undefined) return [event];
  return [event, settledEvent(asked, { outcome: 'succeeded', content: decided.answer })];
}

function decisionEvent(held: HeldRun, decided: Decided): NewEvent {
  const { edited, pattern, reason } = decided;
  return {
    kind: 'approval-decided',
    data: {
      approval_id: decided.approvalId,
      call_id: decided.callId,
      decision: decided.decision,
      decided_by: decided.decidedBy,
      ...(reason === undefined ? {} : { reason }),
      ...(edited ? { edited: { arguments: edited.arguments, arguments_hash: edited.argumentsHash } } : {}),
      ...(pattern ? { for_session: { session_id: held.lease.sessionId, pattern } } : {}),
    },
  };
}

function retryEvents(context: EngineContext, held: HeldRun, requestedBy: string): NewEvent[] {
  if (held.journal.run.status !== 'failed') return [];
  const event: NewEvent = {
    kind: 'run-retried',
    data: {
      attempt: held.journal.run.attempt + 1,
      requested_by: requestedBy,
      deadline_at: deadlineOf(context.clock, held.definition),
    },
  };
  return [event];
}
