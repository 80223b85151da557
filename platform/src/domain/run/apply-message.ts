import type { ToolCallPart, Usage } from '@batuta/contract';
import { addFoundTools } from '../tool/found-tools.ts';
import { addMarks } from '../policy/context-taint.ts';
import { addTypedAddresses, mergeAddresses, textsOf } from '../policy/typed-addresses.ts';
import type { Draft, EventOf, Handlers } from './draft.ts';
import type { CallState, RunState } from './state.ts';

/** What is said in a conversation: by people, by models, and what stands for what was said. */
export const messageHandlers: Handlers<
  'message-added' | 'model-call-settled' | 'question-embedded' | 'history-compacted'
> = {
  'message-added': (draft, event) => {
    const { message_id: messageId, origin, parts } = event.data;
    draft.history.push({ seq: event.seq, role: 'user', messageId, parts });
    // The input of a delegated run was written by the model of another.
    if (origin === 'steering' || draft.run?.parent === null) {
      draft.typedAddresses = addTypedAddresses(draft.typedAddresses, textsOf(parts));
    }
    if (draft.run) draft.run.answer = null;
  },
  'model-call-settled': (draft, event) => {
    const { message_id: messageId, parts } = event.data;
    draft.history.push({ seq: event.seq, role: 'assistant', messageId, parts });
    countTurn(draft, event);
  },
  'question-embedded': ({ run }, { data }) => {
    if (run) countCost(run, data);
  },
  'history-compacted': (draft, event) => {
    const kept = draft.history.filter(
      (item) => item.seq >= event.data.kept_from_seq && item.role !== 'summary',
    );
    draft.history = [{ seq: event.seq, role: 'summary', text: event.data.summary }, ...kept];
    // A fold that begins after the grants were given has them from here.
    draft.grants = event.data.grants?.filter((grant) => grant.session_id === draft.sessionId) ?? draft.grants;
    draft.taint = addMarks(draft.taint, event.data.taint ?? []);
    draft.foundTools = addFoundTools(draft.foundTools, event.data.found_tools ?? []);
    draft.typedAddresses = mergeAddresses(event.data.typed_addresses ?? [], draft.typedAddresses);
    if (draft.run && event.data.call) countCost(draft.run, event.data.call);
  },
};

function countTurn(draft: Draft, event: EventOf<'model-call-settled'>): void {
  const run = draft.run;
  if (!run) return;
  const { message_id: messageId, parts } = event.data;
  run.turns += 1;
  run.recoveries = 0;
  run.budgetWaits = 0;
  run.turnsOfAttempt += 1;
  countCost(run, event.data);
  run.calls = parts
    .filter((part) => part.type === 'tool-call')
    .map((part) => askedCall(part, event.data.finish_reason === 'length'));
  run.callIds = [...run.callIds, ...run.calls.map((call) => call.callId)];
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  run.answer = run.calls.length === 0 ? { messageId, text } : null;
}

/** One call without a known price makes the sum unknown. */
function countCost(run: RunState, call: { usage: Usage; cost_micros: number | null }): void {
  const { usage, cost_micros: cost } = call;
  run.usage = addUsage(run.usage, usage);
  run.costMicros = run.costMicros === null || cost === null ? null : run.costMicros + cost;
}

function askedCall(part: ToolCallPart, outputCut: boolean): CallState {
  return {
    callId: part.call_id,
    tool: part.tool,
    arguments: part.arguments,
    outputCut,
    status: 'asked',
    attempt: 0,
    wait: null,
    question: null,
    decision: null,
    approved: null,
    edited: null,
  };
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    cached_input_tokens: a.cached_input_tokens + b.cached_input_tokens,
    cache_write_tokens: a.cache_write_tokens + b.cache_write_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    reasoning_tokens: a.reasoning_tokens + b.reasoning_tokens,
  };
}
