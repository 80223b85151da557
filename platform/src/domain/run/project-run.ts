import type { RunStatus } from '@batuta/contract';
import type { RunProjection } from '../../port/run-record.ts';
import type { RunState } from './state.ts';

/** The row of a run as its events tell it. `status` overrides the folded one where a lease is given back. */
export function projectRun(run: RunState, status: RunStatus = run.status): RunProjection {
  return {
    status,
    waitingFor: run.waitingFor,
    wakeAt: run.wakeAt,
    turns: run.turns,
    attempt: run.attempt,
    usage: run.usage,
    costMicros: run.costMicros,
    outputText: run.outputText,
    error: run.error,
    startedSeq: run.startedSeq,
  };
}
