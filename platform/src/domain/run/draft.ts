import type { Event, EventKind } from '@batuta/contract';
import type { HistoryItem, RunState, SessionState } from './state.ts';

/** A state that a fold is working on: its own copy, changed in place until the fold returns it. */
export interface Draft extends SessionState {
  history: HistoryItem[];
  run: RunState | null;
}

/** An event of one kind. */
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>;

/** What each of some event kinds changes. A kind without a handler is a type error, so none is forgotten. */
export type Handlers<K extends EventKind> = {
  readonly [Kind in K]: (draft: Draft, event: EventOf<Kind>) => void;
};
