import type { Event, EventKind } from '@batuta/contract';
import { addFoundTools } from '../tool/found-tools.ts';
import { addMarks } from '../policy/context-taint.ts';
import { callHandlers } from './apply-call.ts';
import { messageHandlers } from './apply-message.ts';
import { runHandlers } from './apply-run.ts';
import { costHandlers } from './apply-cost.ts';
import type { Draft, Handlers } from './draft.ts';
import { emptySession, type SessionState } from './state.ts';

/** Facts that are there to be read, and change nothing that a decision depends on. */
const silent = () => undefined;

const handlers: Handlers<EventKind> = {
  ...runHandlers,
  ...messageHandlers,
  ...callHandlers,
  'session-forked': silent,
  'model-call-failed': silent,
  'limit-reached': silent,
  ...costHandlers,
  'note-added': silent,
  'tools-found': (draft, { data }) => {
    draft.foundTools = addFoundTools(draft.foundTools, data.tools);
  },
  'context-tainted': (draft, { data }) => {
    draft.taint = addMarks(draft.taint, [data]);
  },
};

/**
 * Folds events into a session's state. Pure (the given state is not changed) and total: what does not fit the state (a result
 * for a call that nobody asked for) changes nothing but the place in the log.
 */
export function apply(state: SessionState, events: readonly Event[]): SessionState {
  const draft: Draft = { ...state, history: [...state.history], run: state.run ? { ...state.run } : null };
  for (const event of events) {
    draft.lastSeq = event.seq;
    // The table pairs each kind with the handler of that kind; the compiler cannot follow the pairing through the index.
    (handlers[event.kind] as (draft: Draft, event: Event) => void)(draft, event);
    draft.lastAt = event.at;
  }
  return draft;
}

/** The state of a session from all its events (or from where its fold may begin). */
export function fold(sessionId: string, events: readonly Event[]): SessionState {
  return apply(emptySession(sessionId), events);
}
