import type { CallOutcome, NewEvent, ProducedFileReference } from '@batuta/contract';

/** What is known of a call when it ends. */
export interface CallEnd {
  outcome: CallOutcome;
  content: string;
  durationMs?: number;
  artifact?: { artifact_id: string; bytes: number };
  files?: ProducedFileReference[];
}

/** The event that gives a call its one result. The model is told when a person had changed what it asked for. */
export function settledEvent(
  call: { callId: string; tool: string; edited?: string | null },
  end: CallEnd,
): NewEvent {
  return {
    kind: 'tool-call-settled',
    data: {
      call_id: call.callId,
      tool: call.tool,
      outcome: end.outcome,
      content: call.edited ? tellOfEdit(call.edited) + end.content : end.content,
      duration_ms: Math.max(0, Math.round(end.durationMs ?? 0)),
      ...(end.artifact ? { artifact: end.artifact } : {}),
      ...(end.files ? { files: end.files } : {}),
    },
  };
}

const mostShown = 2_000;

function tellOfEdit(edited: string): string {
  const shown = edited.length > mostShown ? `${edited.slice(0, mostShown).toWellFormed()}…` : edited;
  return `A person changed the arguments of this call to ${shown}. What follows is about the changed call, not about what you wrote.\n`;
}
