import type { RunError, WaitReason } from '@batuta/contract';
import { renderMessage } from '@batuta/contract';
import { findDeniedAgain, findStall, type ProgressLimits, type Stall } from './progress.ts';
import type { CallState, RunState, SessionState } from './state.ts';

/** Takeovers in a row after which a run is not tried again: what it does may be what kills its workers. */
const maxRecoveries = 8;

/** What a decision takes into account besides the log. */
export interface Facts {
  /** Milliseconds since the epoch. */
  now: number;
  /** What was due at this instant is due, whatever this process's clock says: the database's clock decided it. */
  dueAt: number;
  /** Model calls that one attempt may make. */
  turnLimit: number;
  /** For the message when the time is over. */
  minuteLimit: number;
  progress: ProgressLimits;
  /** Set when someone cancelled the run. */
  cancel: { reason: string; cancelledBy: string } | null;
  /** Set when someone outside ended the run as failed. */
  fail: RunError | null;
  /** The history does not fit into the model's context any more. */
  historyTooLong: boolean;
}

/** How a run ends. */
export type Ending =
  | { status: 'succeeded'; messageId: string; text: string }
  | { status: 'failed'; error: RunError }
  | { status: 'cancelled'; reason: string; cancelledBy: string };

/** The next step of a run: a closed union. */
export type Action =
  /** Give the calls that former runs left open a result. */
  | { kind: 'settle-orphans' }
  /** Warn the model that it makes no progress. */
  | { kind: 'warn'; stall: Stall }
  /** Replace the older part of the history by a summary. */
  | { kind: 'compact-history' }
  | { kind: 'call-model' }
  /** Start the calls that were asked for. */
  | { kind: 'run-tools'; calls: readonly CallState[] }
  /** Carry out decisions, expiries and timers of calls that waited. */
  | { kind: 'resolve-calls'; calls: readonly CallState[] }
  | { kind: 'wait'; waitingFor: WaitReason; until: number | null }
  | { kind: 'finish'; ending: Ending };

/** The next step of a run. Pure: the same state and facts give the same action. */
export function decide(state: SessionState, run: RunState, facts: Facts): Action {
  if (facts.cancel) return { kind: 'finish', ending: { status: 'cancelled', ...facts.cancel } };
  if (facts.fail) return { kind: 'finish', ending: { status: 'failed', error: facts.fail } };
  if (state.orphans.length > 0) return { kind: 'settle-orphans' };
  if (run.recoveries >= maxRecoveries) {
    return finishFailed({ code: 'recovery-exhausted', data: { count: run.recoveries } });
  }
  if (isOutOfTime(run, facts)) {
    return finishFailed({ code: 'time-limit-reached', data: { minutes: facts.minuteLimit } });
  }
  const open = run.calls.filter((call) => call.status !== 'settled');
  if (open.length > 0) return decideCalls(open, Math.max(facts.now, facts.dueAt));
  if (run.answer) return { kind: 'finish', ending: { status: 'succeeded', ...run.answer } };
  return decideTurn(run, facts);
}

function isOutOfTime(run: RunState, facts: Facts): boolean {
  return run.deadlineAt !== null && facts.now >= run.deadlineAt;
}

function decideCalls(open: readonly CallState[], now: number): Action {
  const resolvable = open.filter((call) => isResolvable(call, now));
  if (resolvable.length > 0) return { kind: 'resolve-calls', calls: resolvable };
  const asked = open.filter((call) => call.status === 'asked');
  if (asked.length > 0) return { kind: 'run-tools', calls: asked };
  return waitFor(open);
}

/** Whether something can be done about a call without executing it. */
function isResolvable(call: CallState, now: number): boolean {
  if (call.status === 'unknown' || call.status === 'claimed') return true;
  if (call.wait?.for === 'timer') return now >= call.wait.wakeAt;
  if (call.wait?.for === 'approval' || call.wait?.for === 'authorization') return now >= call.wait.expiresAt;
  return false;
}

/** When several calls wait for different things, a person comes first: that is what someone must be shown. */
const waitOrder = ['authorization', 'approval', 'input', 'child', 'timer'] as const;

function waitFor(open: readonly CallState[]): Action {
  const waits = open.flatMap((call) => (call.wait ? [call.wait] : []));
  const waitingFor = waitOrder.find((reason) => waits.some((wait) => wait.for === reason)) ?? 'input';
  const times = waits.flatMap((wait) => {
    if (wait.for === 'timer') return [wait.wakeAt];
    return wait.for === 'approval' || wait.for === 'authorization' ? [wait.expiresAt] : [];
  });
  return { kind: 'wait', waitingFor, until: times.length > 0 ? Math.min(...times) : null };
}

function decideTurn(run: RunState, facts: Facts): Action {
  const denied = findDeniedAgain(run.progress);
  if (denied) return finishFailed({ code: 'progress-stalled', data: { ...denied } });
  const stall = findStall(run.progress, facts.progress);
  const warning = run.progress.warned.findLast((each) => each.pattern === stall?.pattern);
  if (stall && !warning) return { kind: 'warn', stall };
  // The model gets one chance to do something different after it was warned.
  if (stall && warning && run.progress.finished > warning.finished) {
    const { pattern, tool, count } = stall;
    return finishFailed({ code: 'progress-stalled', data: { pattern, tool, count } });
  }
  if (run.turnsOfAttempt >= facts.turnLimit) {
    return finishFailed({ code: 'turn-limit-reached', data: { limit: facts.turnLimit } });
  }
  return facts.historyTooLong ? { kind: 'compact-history' } : { kind: 'call-model' };
}

type LimitError =
  | { code: 'time-limit-reached'; data: { minutes: number } }
  | { code: 'turn-limit-reached'; data: { limit: number } }
  | { code: 'recovery-exhausted'; data: { count: number } }
  | { code: 'progress-stalled'; data: { pattern: string; tool: string; count: number } };

function finishFailed(error: LimitError): Action {
  return {
    kind: 'finish',
    ending: { status: 'failed', error: { ...error, message: renderMessage(error.code, error.data) } },
  };
}
