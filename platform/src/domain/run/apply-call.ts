import { addTypedAddresses } from '../policy/typed-addresses.ts';
import type { Draft, EventOf, Handlers } from './draft.ts';
import { remember } from './progress.ts';
import type { CallState, CallWait } from './state.ts';

type CallKind =
  | 'tool-call-claimed'
  | 'tool-call-unknown'
  | 'tool-call-settled'
  | 'input-requested'
  | 'tool-call-progressed'
  | 'authorization-requested'
  | 'timer-set'
  | 'child-run-started'
  | 'approval-requested'
  | 'approval-decided'
  | 'approval-applied';

/** The life of a tool call. */
export const callHandlers: Handlers<CallKind> = {
  'tool-call-claimed': (draft, { data }) =>
    change(draft, data.call_id, { status: 'claimed', attempt: data.attempt, decision: null, wait: null }),
  'tool-call-unknown': (draft, { data }) =>
    change(draft, data.call_id, { status: data.resolution === 'repeat' ? 'asked' : 'unknown' }),
  'tool-call-settled': settle,
  'input-requested': (draft, { data }) => {
    const approvalId = data.approval_id ?? null;
    if (data.during_call === true) change(draft, data.call_id, { question: approvalId });
    else wait(draft, data.call_id, { for: 'input', approvalId });
  },
  'tool-call-progressed': () => undefined,
  'authorization-requested': (draft, { data }) =>
    wait(draft, data.call_id, {
      for: 'authorization',
      server: data.server,
      expiresAt: Date.parse(data.expires_at),
    }),
  'timer-set': (draft, { data }) =>
    wait(draft, data.call_id, { for: 'timer', wakeAt: Date.parse(data.wake_at) }),
  'child-run-started': (draft, { data }) =>
    wait(draft, data.call_id, { for: 'child', runId: data.child_run_id, sessionId: data.child_session_id }),
  'approval-requested': (draft, { data }) =>
    wait(draft, data.call_id, {
      for: 'approval',
      reason: data.reason,
      approvalId: data.approval_id,
      expiresAt: Date.parse(data.expires_at),
      binding: { argumentsHash: data.arguments_hash, policyVersion: data.policy_version },
      neededRole: data.needed_role,
      labels: data.labels,
    }),
  'approval-decided': decide,
  'approval-applied': (draft, { data }) =>
    change(draft, data.call_id, {
      approved: {
        approvalId: data.approval_id,
        argumentsHash: data.arguments_hash,
        policyVersion: data.policy_version,
      },
    }),
};

/**
 * A decision counts only for the approval that the call waits for. An approved call is asked for again, and may now run. The answer to a
 * question is the result that follows this event.
 */
function decide(draft: Draft, event: EventOf<'approval-decided'>): void {
  const { data } = event;
  const call = draft.run?.calls.find((each) => each.callId === data.call_id);
  if (!call) return;
  if (call.question === data.approval_id) return change(draft, data.call_id, { question: null });
  const asked = call.wait;
  if (asked?.for !== 'approval' || asked.approvalId !== data.approval_id) return;
  if (asked.reason === 'policy' && data.decision === 'approve') return approve(draft, event, { call, asked });
  change(draft, data.call_id, { status: 'unknown', wait: null, decision: decisionOf(event) });
}

function decisionOf({ data }: EventOf<'approval-decided'>): CallState['decision'] {
  return { decision: data.decision, decidedBy: data.decided_by, reason: data.reason ?? null };
}

/** What a session remembers of what was approved for it; older grants make room. */
const mostGrants = 100;

function approve(
  draft: Draft,
  { data }: EventOf<'approval-decided'>,
  { call, asked }: { call: CallState; asked: Extract<CallWait, { for: 'approval' }> },
): void {
  const argumentsHash = data.edited?.arguments_hash ?? asked.binding.argumentsHash;
  const approved = { ...asked.binding, argumentsHash, approvalId: data.approval_id };
  const edited = data.edited?.arguments ?? call.edited;
  change(draft, data.call_id, { status: 'asked', wait: null, approved, edited });
  // A copy of the session has this event, too: it was not given there.
  if (data.for_session?.session_id !== draft.sessionId) return;
  const grant = {
    approval_id: data.approval_id,
    session_id: data.for_session.session_id,
    tool: call.tool,
    pattern: data.for_session.pattern,
    policy_version: asked.binding.policyVersion,
    needed_role: asked.neededRole,
    labels: [...asked.labels],
    granted_by: data.decided_by,
  };
  draft.grants = [...draft.grants, grant].slice(-mostGrants);
}

/** A settled call never changes again. */
function change(draft: Draft, callId: string, fields: Partial<CallState>): void {
  const run = draft.run;
  if (!run) return;
  run.calls = run.calls.map((call) =>
    call.callId === callId && call.status !== 'settled' ? { ...call, ...fields } : call,
  );
}

function wait(draft: Draft, callId: string, reason: CallWait): void {
  change(draft, callId, { status: 'waiting', wait: reason });
}

function settle(draft: Draft, event: EventOf<'tool-call-settled'>): void {
  const { call_id: callId, tool, outcome, content } = event.data;
  const call = draft.run?.calls.find((candidate) => candidate.callId === callId);
  // A second result for a call would make the history unsendable, so the first one stands.
  if (call?.status === 'settled') return;
  draft.history.push({ seq: event.seq, role: 'tool', callId, tool, outcome, content });
  draft.orphans = draft.orphans.filter((orphan) => orphan.callId !== callId);
  if (!draft.run || !call) return;
  // What answers a question was written by the person.
  if (call.wait?.for === 'input') draft.typedAddresses = addTypedAddresses(draft.typedAddresses, [content]);
  change(draft, callId, { status: 'settled', wait: null, question: null, decision: null });
  draft.run.recoveries = 0;
  draft.run.progress = remember(draft.run.progress, { call, outcome, content });
}
