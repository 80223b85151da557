import type { CallOutcome, NewEvent } from '@batuta/contract';

/** What is known of a call when it ends. */
export interface CallEnd {
  outcome: CallOutcome;
  content: string;
  durationMs?: number;
  artifact?: { artifact_id: string; bytes: number };
}

/** The event that gives a call its one result. */
export function settledEvent(call: { callId: string; tool: string }, end: CallEnd): NewEvent {
  return {
    kind: 'tool-call-settled',
    data: {
      call_id: call.callId,
      tool: call.tool,
      outcome: end.outcome,
      content: end.content,
      duration_ms: Math.max(0, Math.round(end.durationMs ?? 0)),
      ...(end.artifact ? { artifact: end.artifact } : {}),
    },
  };
}
