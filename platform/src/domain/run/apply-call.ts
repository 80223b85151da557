import type { Draft, EventOf, Handlers } from './draft.ts';
import { remember } from './progress.ts';
import type { CallState, CallWait } from './state.ts';

type CallKind =
  | 'tool-call-claimed'
  | 'tool-call-unknown'
  | 'tool-call-settled'
  | 'input-requested'
  | 'timer-set'
  | 'child-run-started'
  | 'approval-requested'
  | 'approval-decided';

/** The life of a tool call. */
export const callHandlers: Handlers<CallKind> = {
  'tool-call-claimed': (draft, { data }) =>
    change(draft, data.call_id, { status: 'claimed', attempt: data.attempt, decision: null }),
  'tool-call-unknown': (draft, { data }) =>
    change(draft, data.call_id, { status: data.resolution === 'repeat' ? 'asked' : 'unknown' }),
  'tool-call-settled': settle,
  'input-requested': (draft, { data }) => wait(draft, data.call_id, { for: 'input' }),
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
    }),
  'approval-decided': decide,
};

/** A decision counts only for the approval that the call waits for. An approved call is asked for again, and may now run. */
function decide(draft: Draft, { data }: EventOf<'approval-decided'>): void {
  const asked = draft.run?.calls.find((call) => call.callId === data.call_id)?.wait;
  if (asked?.for !== 'approval' || asked.approvalId !== data.approval_id) return;
  if (asked.reason === 'policy' && data.decision === 'approve') {
    change(draft, data.call_id, { status: 'asked', wait: null, approved: asked.binding });
    return;
  }
  const decision = {
    decision: data.decision,
    decidedBy: data.decided_by,
    reason: data.reason ?? null,
  };
  change(draft, data.call_id, { status: 'unknown', wait: null, decision });
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
  change(draft, callId, { status: 'settled', wait: null, decision: null });
  draft.run.recoveries = 0;
  draft.run.progress = remember(draft.run.progress, { call, outcome, content });
}
