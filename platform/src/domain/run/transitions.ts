import { BatutaError, type RunStatus } from '@batuta/contract';

/**
 * The states of a run, in words.
 *
 * - `queued`: durable, nobody works on it. Entered when accepted, when what it waited for has happened, when a worker gives its
 *   lease back, and when a failed run is retried. Left when a worker claims it, or when it is cancelled before it ever began.
 * - `running`: one worker holds its lease and is the only writer of its session's log. When the lease expires another worker
 *   takes it over and it stays `running`.
 * - `waiting`: a row and nothing else: for an approval, input, a child run, a timer, a budget. Left when a signal arrives
 *   (then `queued`) or when its time has come (then a worker claims it directly).
 * - `succeeded`, `failed`, `cancelled`: ended. Only `failed` can be left, by a retry.
 */
export interface Transition {
  /** Null: the run does not exist yet. */
  from: RunStatus | null;
  to: RunStatus;
  cause: TransitionCause;
  /** What happens, for the chart. */
  label: string;
}

/** What can move a run from one state to another. */
export type TransitionCause =
  | 'accept'
  | 'accept-and-start'
  | 'claim'
  | 'take-over'
  | 'give-back'
  | 'suspend'
  | 'wake'
  | 'claim-due'
  | 'succeed'
  | 'fail'
  | 'cancel'
  | 'cancel-unstarted'
  | 'retry';

/** The transition table: the only place that says which state follows which. The chart in the docs is made from it. */
export const transitions: readonly Transition[] = [
  { from: null, to: 'queued', cause: 'accept', label: 'accepted' },
  { from: null, to: 'running', cause: 'accept-and-start', label: 'accepted where there is room' },
  { from: 'queued', to: 'running', cause: 'claim', label: 'a worker claims it' },
  { from: 'queued', to: 'cancelled', cause: 'cancel-unstarted', label: 'cancelled before it began' },
  { from: 'running', to: 'running', cause: 'take-over', label: 'lease expired, another worker goes on' },
  { from: 'running', to: 'queued', cause: 'give-back', label: 'worker shuts down' },
  {
    from: 'running',
    to: 'waiting',
    cause: 'suspend',
    label: 'approval, input, child, timer or budget needed',
  },
  { from: 'waiting', to: 'queued', cause: 'wake', label: 'a signal arrives' },
  { from: 'waiting', to: 'running', cause: 'claim-due', label: 'its time has come' },
  { from: 'running', to: 'succeeded', cause: 'succeed', label: 'the model has answered' },
  { from: 'running', to: 'failed', cause: 'fail', label: 'limit reached or no model answers' },
  { from: 'running', to: 'cancelled', cause: 'cancel', label: 'cancelled' },
  { from: 'failed', to: 'queued', cause: 'retry', label: 'retried' },
];

/** The state that follows; `transition-forbidden` when the table has no such edge. */
export function nextStatus(from: RunStatus | null, cause: TransitionCause): RunStatus {
  const found = transitions.find((edge) => edge.from === from && edge.cause === cause);
  if (!found) throw new BatutaError('transition-forbidden', { from: from ?? 'not accepted', cause });
  return found.to;
}

/** Refuses a change of status for which the table has no edge. Errors: `transition-forbidden`. */
export function assertMayFollow(from: RunStatus, to: RunStatus): void {
  if (transitions.some((edge) => edge.from === from && edge.to === to)) return;
  throw new BatutaError('transition-forbidden', { from, cause: `become ${to}` });
}
