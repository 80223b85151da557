import { noUsage } from '@batuta/contract';
import type { Draft, EventOf, Handlers } from './draft.ts';
import { noProgressYet, stallNotice } from './progress.ts';
import type { ProgressState, RunState } from './state.ts';

type RunKind =
  | 'run-started'
  | 'run-recovered'
  | 'run-suspended'
  | 'run-resumed'
  | 'run-retried'
  | 'run-succeeded'
  | 'run-failed'
  | 'run-cancelled'
  | 'model-tier-chosen'
  | 'progress-warned';

/** The life of a run. */
export const runHandlers: Handlers<RunKind> = {
  'run-started': (draft, event) => {
    const open = draft.run?.calls.filter((call) => call.status !== 'settled') ?? [];
    draft.orphans = [...draft.orphans, ...open.map(({ callId, tool }) => ({ callId, tool }))];
    setAside(draft);
    draft.run = newRun(event);
  },
  'run-recovered': recover,
  'run-suspended': (draft, { at, data }) =>
    change(draft, {
      status: 'waiting',
      budgetWaits: data.waiting_for === 'budget' ? (draft.run?.budgetWaits ?? 0) + 1 : 0,
      waitingFor: data.waiting_for,
      waitingSince: Date.parse(at),
      wakeAt: instant(data.until),
    }),
  'run-resumed': resume,
  'run-retried': (draft, { run_id: runId, data }) => {
    takeUpAgain(draft, runId);
    change(draft, {
      status: 'running',
      attempt: data.attempt,
      turnsOfAttempt: 0,
      recoveries: 0,
      deadlineAt: instant(data.deadline_at),
      error: null,
      progress: noProgressYet,
    });
  },
  'run-succeeded': (draft, { data }) => change(draft, { status: 'succeeded', outputText: data.text }),
  'run-failed': (draft, { data }) => change(draft, { status: 'failed', error: data.error }),
  'run-cancelled': (draft) => change(draft, { status: 'cancelled' }),
  'model-tier-chosen': (draft, { data: { asked, used } }) => change(draft, { tier: { asked, used } }),
  'progress-warned': (draft, event) => {
    const { run } = draft;
    if (run) run.progress = warn(run.progress, event.data.pattern);
    draft.history.push({ seq: event.seq, role: 'notice', text: stallNotice(event.data) });
  },
};

/** A failed run is kept when another one begins: it can still be retried. */
function setAside(draft: Draft): void {
  const { run } = draft;
  if (run?.status === 'failed') draft.failedRuns = [...draft.failedRuns, run];
}

function takeUpAgain(draft: Draft, runId: string): void {
  const failed = draft.failedRuns.find((run) => run.runId === runId);
  if (!failed || draft.run?.runId === runId) return;
  setAside(draft);
  draft.failedRuns = draft.failedRuns.filter((run) => run !== failed);
  draft.run = { ...failed };
}

function warn(progress: ProgressState, pattern: string): ProgressState {
  return { ...progress, warned: [...progress.warned, { pattern, finished: progress.finished }] };
}

function change(draft: Draft, fields: Partial<RunState>): void {
  if (draft.run) Object.assign(draft.run, fields);
}

/**
 * The time since the last event does not count against the run's time limit: nobody can tell how much of it was work, and a run must not
 * fail because a process, or the whole machine, was away.
 */
function recover(draft: Draft, event: EventOf<'run-recovered'>): void {
  const run = draft.run;
  if (!run) return;
  const away = draft.lastAt === null ? 0 : Math.max(0, Date.parse(event.at) - Date.parse(draft.lastAt));
  const deadlineAt = run.deadlineAt === null ? null : run.deadlineAt + away;
  const isCrash = event.data.cause === 'lease-expired';
  const recoveries = run.recoveries + (isCrash ? 1 : 0);
  change(draft, { status: 'running', deadlineAt, recoveries, calls: askAgain(run.calls) });
}

/** Time spent waiting does not count against the run's time limit. */
function resume(draft: Draft, event: EventOf<'run-resumed'>): void {
  const run = draft.run;
  if (!run) return;
  const waited = run.waitingSince === null ? 0 : Math.max(0, Date.parse(event.at) - run.waitingSince);
  const deadlineAt = run.deadlineAt === null ? null : run.deadlineAt + waited;
  const calls = askAgain(run.calls);
  change(draft, { status: 'running', waitingFor: null, waitingSince: null, wakeAt: null, deadlineAt, calls });
}

/** Whether a person has consented meanwhile is found out by trying: such calls are as if they had just been asked for, until their time is over. */
function askAgain(calls: RunState['calls']): RunState['calls'] {
  return calls.map((call) => {
    if (call.wait?.for === 'authorization') return { ...call, status: 'asked' };
    // Who asked it is gone, whether the call is tried again or not.
    return call.question === null ? call : { ...call, question: null };
  });
}

function instant(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}

function newRun({ run_id: runId, seq, data }: EventOf<'run-started'>): RunState {
  return {
    runId,
    agent: data.agent,
    definitionHash: data.definition_hash,
    parent: data.parent ?? null,
    status: 'running',
    waitingFor: null,
    waitingSince: null,
    wakeAt: null,
    startedSeq: seq,
    deadlineAt: instant(data.deadline_at),
    attempt: 1,
    tier: null,
    recoveries: 0,
    turns: 0,
    turnsOfAttempt: 0,
    usage: noUsage,
    costMicros: 0,
    reservation: null,
    budgetWaits: 0,
    calls: [],
    callIds: [],
    answer: null,
    progress: noProgressYet,
    outputText: null,
    error: null,
  };
}
